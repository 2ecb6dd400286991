/** Turns an operation into the HTTP request that a backend would send for it. */
import type { BackendRequest } from './backend_client.js';
import type { Identifiers } from './identifiers.js';
import { type Operation, operationKinds } from './operations.js';

const jsonType = 'application/json';
const patchType = 'application/vnd.layer-patch+json';

/** `app` is the path of the app, such as /apps/8a1e…. */
export function requestFor(operation: Operation, app: string, ids: Identifiers): BackendRequest {
  const user = ids.user(operation.user);
  const conversation = ids.conversation(operation.conversation);
  const message = () => ids.message(operation.conversation, operation.position);
  switch (operation.kind) {
    case operationKinds.createConversation:
      return post(`${app}/conversations`, {
        id: `layer:///conversations/${conversation}`,
        participants: [user],
        distinct: false,
      });
    case operationKinds.addParticipant:
      return {
        method: 'PATCH',
        path: `${app}/conversations/${conversation}`,
        contentType: patchType,
        body: JSON.stringify([{ operation: 'add', property: 'participants', value: user }]),
      };
    case operationKinds.sendMessage:
      return post(`${app}/conversations/${conversation}/messages`, {
        id: `layer:///messages/${message()}`,
        sender: { user_id: user },
        parts: [{ body: 'm', mime_type: 'text/plain' }],
      });
    case operationKinds.markAllRead:
      return post(`${app}/users/${user}/conversations/${conversation}/mark_all_read`, {
        position: operation.position,
      });
    case operationKinds.readMessage:
      return post(`${app}/users/${user}/messages/${message()}/receipts`, { type: 'read' });
    case operationKinds.deleteMessage:
      return { method: 'DELETE', path: `${app}/conversations/${conversation}/messages/${message()}` };
  }
}

function post(path: string, body: object): BackendRequest {
  return { method: 'POST', path, contentType: jsonType, body: JSON.stringify(body) };
}
