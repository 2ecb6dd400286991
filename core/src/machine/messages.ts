/** Finding single messages, by id or position, in the state and the facts. */
import { limits } from '../limits.js';
import * as ranges from '../ranges.js';
import type { Sender } from '../view.js';
import type { DecisionContext } from './decide/decision.js';
import type { MessageSent } from './event.js';
import { isNeeds, type LoggedMessage, type Needs, needs } from './facts.js';
import type { AppState } from './state.js';

export interface FoundMessage {
  readonly conversation: number;
  readonly position: number;
  /** The message as the log has it, if it was fetched. */
  readonly message?: MessageSent;
}

/** Finds the message with this id, also in a deleted conversation; undefined if there is none. */
export function findMessage(
  { state, facts, ids }: DecisionContext,
  id: string,
): FoundMessage | Needs | undefined {
  const carried = ids.parse(id);
  if (carried !== undefined) {
    return carried.position <= state.conversations.head.get(carried.conversation) ? carried : undefined;
  }
  const found = facts.chosen(id);
  if (found === undefined) return needs({ kind: 'chosen_id', id });
  if (found === null) return undefined;
  const { message } = found;
  return { conversation: message.conversation, position: message.position, message };
}

/** The message as the log has it; undefined if it was deleted before a later one was sent, or is too far back. */
export function messageAt(context: DecisionContext, found: FoundMessage): MessageSent | Needs | undefined {
  if (found.message !== undefined) return found.message;
  const { conversation, position } = found;
  if (context.state.conversations.head.get(conversation) - position >= limits.lookBackMessages)
    return undefined;
  const landing = lastUpTo(context, conversation, position);
  if (isNeeds(landing)) return landing;
  return landing?.message.position === position ? landing.message : undefined;
}

/**
 * The last message at or below the position, of those that the log's last messages lead back to; null if there is none.
 * Some deleted messages are passed over.
 */
export function lastUpTo(
  { state, facts }: DecisionContext,
  conversation: number,
  position: number,
): LoggedMessage | Needs | null {
  for (let from = state.conversations.lastReference(conversation); from !== 0; ) {
    const landing = facts.landing(from, position);
    if (landing === undefined) return needs({ kind: 'landing', from, to: position });
    if (landing === null || landing.message.position <= position) return landing;
    from = landing.message.previous ?? 0;
  }
  return null;
}

export interface MessagesFrom {
  /** Newest first. Some deleted messages are left out. */
  readonly messages: readonly MessageSent[];
  /** Whether the log has dropped some of those that were asked for. */
  readonly isCut: boolean;
}

/** The messages at or above the position. */
export function messagesFrom(
  { state, facts }: DecisionContext,
  conversation: number,
  position: number,
): MessagesFrom | Needs {
  const { conversations } = state;
  const found: MessageSent[] = [];
  const hasSome = conversations.lastPosition(conversation) >= position;
  for (let reference = hasSome ? conversations.lastReference(conversation) : 0; reference !== 0; ) {
    const message = facts.message(reference);
    if (message === undefined) return needs({ kind: 'messages', from: reference, to: position });
    if (message === null || message.position < position) break;
    found.push(message);
    reference = message.position === position ? 0 : (message.previous ?? 0);
  }
  const oldest = found.at(-1)?.position ?? conversations.head.get(conversation) + 1;
  const deleted = conversations.deletedMessages(conversation);
  const isCut = ranges.lastInNeither(deleted, ranges.noRanges, oldest - 1) >= position;
  return { messages: found, isCut };
}

export function senderView(state: AppState, sender: number | string): Sender {
  return typeof sender === 'number' ? { userId: state.users.id(sender) } : { name: sender };
}
