/** Adds the existing resource to a refusal that names it, as `data` of the error. */
import type { Refusal } from '@badged/core';
import { getConversation } from '../../service/conversations.js';
import { type ResourceKind, resourceUri } from '../../service/ids.js';
import { Refused } from '../../service/refused.js';
import type { Call } from '../foundation/endpoint.js';
import { type ApiError, fromRefusal } from '../foundation/errors.js';
import { conversationResponse } from './schemas/conversation.js';

export function refusedWithExisting(kind: ResourceKind): (call: Call, refusal: Refusal) => Promise<ApiError> {
  return async (call, refusal) => {
    const { existing } = refusal;
    return fromRefusal(refusal, existing === undefined ? undefined : await resource(call, kind, existing));
  };
}

/** Messages and announcements have only an id here, because their content is never stored. */
async function resource(call: Call, kind: ResourceKind, id: string): Promise<object> {
  if (kind !== 'conversations') return { id: resourceUri(kind, id) };
  try {
    return conversationResponse(call, await getConversation(call.service, call.app, id));
  } catch (error) {
    // It may have been deleted since.
    if (error instanceof Refused) return { id: resourceUri(kind, id) };
    throw error;
  }
}
