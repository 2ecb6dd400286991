/** Finding single messages: by id, and the last one of a conversation. */
import { limits } from '../limits.js';
import type { Sender } from '../view.js';
import type { Known } from './decide/decision.js';
import type { MessageSent } from './event.js';
import type { AppState } from './state.js';

export interface FoundMessage {
  readonly conversation: number;
  readonly position: number;
  /** What the log has of it, where that is at hand. */
  readonly message?: MessageSent;
}

/** Where the message with this id is, also in a conversation that was deleted; undefined if there is none. */
export function findMessage({ state, log, ids }: Known, id: string): FoundMessage | undefined {
  const carried = ids.parse(id);
  if (carried !== undefined) {
    return carried.position <= state.conversations.head.get(carried.conversation) ? carried : undefined;
  }
  const reference = log.find(id);
  const message = reference === undefined ? undefined : log.at(reference);
  return message && { conversation: message.conversation, position: message.position, message };
}

/** What the log has of it; undefined if it was deleted before a later one was sent, or is too far back. */
export function messageAt(known: Known, found: FoundMessage): MessageSent | undefined {
  if (found.message !== undefined) return found.message;
  const { conversation, position } = found;
  if (known.state.conversations.head.get(conversation) - position >= limits.lookBackMessages)
    return undefined;
  for (const message of messagesFrom(known, conversation, position)) {
    if (message.position === position) return message;
  }
  return undefined;
}

/** The newest message that is not deleted. */
export function lastMessage({ state, log }: Known, conversation: number): MessageSent | undefined {
  const reference = state.conversations.last.get(conversation);
  return reference === 0 ? undefined : log.at(reference);
}

/** The messages at or above the position, newest first. Some of those that were deleted are left out. */
export function* messagesFrom(
  { state, log }: Known,
  conversation: number,
  position: number,
): Generator<MessageSent> {
  let reference = state.conversations.last.get(conversation);
  while (reference !== 0) {
    const message = log.at(reference);
    if (message === undefined || message.position < position) return;
    yield message;
    reference = message.previous ?? 0;
  }
}

export function senderView(state: AppState, sender: number | string): Sender {
  return typeof sender === 'number' ? { userId: state.users.id(sender) } : { name: sender };
}
