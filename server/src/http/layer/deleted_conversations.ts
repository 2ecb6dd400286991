/**
 * Requests that name a deleted conversation get object_deleted in place of not_found, as clients expect. A user token gets
 * not_found: whether a conversation existed is not for its user to know.
 */
import { isDeletedConversation } from '../../service/message_reads.js';
import { Refused } from '../../service/refused.js';
import type { Call, Endpoint, Prepared } from '../foundation/endpoint.js';
import { ApiError } from '../foundation/errors.js';

/** The endpoint itself if its URL names no conversation. */
export function withDeletedConversations(endpoint: Endpoint): Endpoint {
  if (!Object.hasOwn(endpoint.params.properties, 'conversation_id')) return endpoint;
  return {
    ...endpoint,
    run: (call, input) => endpoint.run(call, input).catch((error) => refuse(call, input, error)),
    prepareItem: (call, item) => preparedWith(endpoint.prepareItem(call, item), call, item),
  };
}

function preparedWith(prepared: Prepared, call: Call, item: object): Prepared {
  if ('run' in prepared) return { run: () => prepared.run().catch((error) => refuse(call, item, error)) };
  const { command, respond } = prepared;
  return {
    command,
    respond(outcome) {
      const response = respond(outcome);
      return response instanceof Promise ? response.catch((error) => refuse(call, item, error)) : response;
    },
  };
}

async function refuse({ service, app, user }: Call, input: object, error: unknown): Promise<never> {
  const isNotFound =
    (error instanceof Refused && error.refusal.code === 'not_found') ||
    (error instanceof ApiError && error.id === 'not_found');
  const conversation: unknown = Reflect.get(input, 'conversation_id');
  if (!isNotFound || user !== '' || typeof conversation !== 'string') throw error;
  if (!(await isDeletedConversation(service, app, conversation))) throw error;
  throw new ApiError('object_deleted', 'This conversation was deleted. Its id is never used again.');
}
