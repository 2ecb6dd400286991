/** Refusals that name what exists already are answered with it: data is the existing resource. */
import { getConversation } from '../../service/conversations.js';
import { type ResourceKind, resourceUri } from '../../service/ids.js';
import { Refused } from '../../service/refused.js';
import type { Call } from '../foundation/endpoint.js';
import { fromRefusal } from '../foundation/errors.js';
import { conversationAnswer } from './schemas/conversation.js';

export async function withExisting<T>(call: Call, kind: ResourceKind, created: Promise<T>): Promise<T> {
  try {
    return await created;
  } catch (error) {
    if (!(error instanceof Refused) || error.refusal.existing === undefined) throw error;
    throw fromRefusal(error.refusal, await existing(call, kind, error.refusal.existing));
  }
}

/** Of messages and announcements nothing but the id is known: their content was never stored. */
async function existing(call: Call, kind: ResourceKind, id: string): Promise<object> {
  if (kind !== 'conversations') return { id: resourceUri(kind, id) };
  try {
    return conversationAnswer(call, await getConversation(call.service, call.app, id));
  } catch (error) {
    // It may have been deleted since.
    if (error instanceof Refused) return { id: resourceUri(kind, id) };
    throw error;
  }
}
