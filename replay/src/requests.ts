/**
 * An operation as the HTTP request that a backend would send for it, and which answers mean that it is done.
 */
import type { BackendRequest } from './backend_client.js';
import type { Identifiers } from './identifiers.js';
import { KIND, type Operation } from './operations.js';

const JSON_TYPE = 'application/json';
const PATCH_TYPE = 'application/vnd.layer-patch+json';

/** `app` is the path of the app, for example /apps/8a1e…. */
export function requestFor(operation: Operation, app: string, ids: Identifiers): BackendRequest {
  const user = ids.user(operation.user);
  const conversation = ids.conversation(operation.conversation);
  const message = () => ids.message(operation.conversation, operation.position);
  switch (operation.kind) {
    case KIND.createConversation:
      return post(`${app}/conversations`, {
        id: `layer:///conversations/${conversation}`,
        participants: [user],
        distinct: false,
      });
    case KIND.addParticipant:
      return {
        method: 'PATCH',
        path: `${app}/conversations/${conversation}`,
        contentType: PATCH_TYPE,
        body: JSON.stringify([{ operation: 'add', property: 'participants', value: user }]),
      };
    case KIND.sendMessage:
      return post(`${app}/conversations/${conversation}/messages`, {
        id: `layer:///messages/${message()}`,
        sender: { user_id: user },
        parts: [{ body: 'm', mime_type: 'text/plain' }],
      });
    case KIND.markAllRead:
      return post(`${app}/users/${user}/conversations/${conversation}/mark_all_read`, {
        position: operation.position,
      });
    case KIND.readMessage:
      return post(`${app}/users/${user}/messages/${message()}/receipts`, { type: 'read' });
    case KIND.deleteMessage:
      return { method: 'DELETE', path: `${app}/conversations/${conversation}/messages/${message()}` };
  }
}

function post(path: string, body: object): BackendRequest {
  return { method: 'POST', path, contentType: JSON_TYPE, body: JSON.stringify(body) };
}
