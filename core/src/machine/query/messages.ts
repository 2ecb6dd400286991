/**
 * Messages as they can be read: everything about them but their content, which is not stored. The log has them, and only the
 * newest are read of it: those within `limits.lookBackMessages` of the conversation's last one.
 */
import { limits } from '../../limits.js';
import type { Query } from '../../query.js';
import * as ranges from '../../ranges.js';
import { isAcknowledged } from '../../read_state.js';
import type { MessagesPage, ReadableMessageView } from '../../view.js';
import type { DecisionContext } from '../decide/decision.js';
import type { MessageSent } from '../event.js';
import { isNeeds, type Needs, needs } from '../facts.js';
import { findMessage, lastUpTo, messageAt, senderView } from '../messages.js';

/** What the query may see: the messages of a conversation above a position. */
interface Scope {
  readonly conversation: number;
  /** The participant's row; 0 for the app's view. */
  readonly row: number;
  readonly since: number;
}

/** Newest first. */
export function messagesPage(
  context: DecisionContext,
  query: Query<'messages'>,
): MessagesPage | Needs | undefined {
  const { state } = context;
  const scope = scopeOf(context, state.conversations.number(query.conversation), query.participant);
  if (scope === undefined) return undefined;
  const start = startOf(context, scope, query.fromId);
  if (isNeeds(start)) return start;
  const found = start === null ? [] : walk(context, scope, start, query.limit);
  if (isNeeds(found)) return found;
  return {
    total: totalOf(context, scope),
    messages: found.map((message) => messageView(context, scope, message)),
  };
}

export function readableMessage(
  context: DecisionContext,
  query: Query<'message'>,
): ReadableMessageView | Needs | undefined {
  const { conversations } = context.state;
  const found = findMessage(context, query.message);
  if (found === undefined || isNeeds(found)) return found;
  const { conversation, position } = found;
  if (query.conversation !== undefined && conversations.number(query.conversation) !== conversation)
    return undefined;
  const scope = scopeOf(context, conversation, query.participant);
  if (scope === undefined || position <= oldestReadable(context, scope)) return undefined;
  if (ranges.contains(conversations.deletedMessages(conversation), position)) return undefined;
  const message = messageAt(context, found);
  return message === undefined || isNeeds(message) ? message : messageView(context, scope, message);
}

function scopeOf(
  { state }: DecisionContext,
  conversation: number,
  participant: string | undefined,
): Scope | undefined {
  const { conversations, participations, users } = state;
  if (!conversations.exists(conversation)) return undefined;
  if (participant === undefined) return { conversation, row: 0, since: 0 };
  const row = participations.find(conversation, users.number(participant));
  return row === 0 ? undefined : { conversation, row, since: participations.joined.get(row) };
}

/** The messages above this position can be read. */
function oldestReadable({ state }: DecisionContext, { conversation, since }: Scope): number {
  return Math.max(since, state.conversations.head.get(conversation) - limits.lookBackMessages);
}

interface Start {
  readonly reference: number;
  /** The message there is at this position or below. */
  readonly position: number;
}

/** Null if the page is empty. */
function startOf(context: DecisionContext, scope: Scope, fromId: string | undefined): Start | Needs | null {
  const { conversation } = scope;
  const { conversations } = context.state;
  if (fromId === undefined)
    return {
      reference: conversations.lastReference(conversation),
      position: conversations.lastPosition(conversation),
    };
  const from = findMessage(context, fromId);
  if (isNeeds(from)) return from;
  const position = from?.conversation === conversation ? from.position - 1 : 0;
  if (position <= oldestReadable(context, scope)) return null;
  const landing = lastUpTo(context, conversation, position);
  if (landing === null || isNeeds(landing)) return landing;
  return { reference: landing.reference, position: landing.message.position };
}

function walk(
  context: DecisionContext,
  scope: Scope,
  start: Start,
  limit: number,
): readonly MessageSent[] | Needs {
  const oldest = oldestReadable(context, scope);
  const deleted = context.state.conversations.deletedMessages(scope.conversation);
  const found: MessageSent[] = [];
  let { reference, position } = start;
  while (reference !== 0 && found.length < limit) {
    const message = context.facts.message(reference);
    if (message === undefined) {
      const to = Math.max(oldest + 1, position - (limit - found.length) + 1);
      return needs({ kind: 'messages', from: reference, to });
    }
    if (message === null || message.position <= oldest) break;
    if (!ranges.contains(deleted, message.position)) found.push(message);
    reference = message.previous ?? 0;
    position = message.position - 1;
  }
  return found;
}

/** Of all that are not deleted, however far back. */
function totalOf({ state: { conversations } }: DecisionContext, { conversation, since }: Scope): number {
  const deleted = conversations.deletedMessages(conversation);
  return conversations.head.get(conversation) - since - ranges.countAbove(deleted, since);
}

function messageView(
  { state, ids }: DecisionContext,
  { conversation, row }: Scope,
  message: MessageSent,
): ReadableMessageView {
  const { conversations, participations, users } = state;
  const { position, sender } = message;
  const counts = !ranges.contains(conversations.uncounted(conversation), position);
  return {
    id: message.id ?? ids.make(conversation, position),
    conversation: conversations.id(conversation),
    position,
    sender: senderView(state, sender),
    sentAt: message.at,
    recipientStatus: recipientStatus(),
    isUnread: row === 0 ? null : counts && !isAcknowledged(participations.read(row), position),
  };

  /** As of now. A user who blocks the sender has not read the message, although it does not count for them. */
  function recipientStatus(): ReadableMessageView['recipientStatus'] {
    if (conversations.participants.get(conversation) > limits.recipientStatusParticipants) return null;
    const status: Record<string, 'sent' | 'read'> = Object.create(null);
    participations.forEachOfConversation(conversation, (each) => {
      const user = participations.user.get(each);
      if (participations.joined.get(each) >= position) return;
      const isRead =
        user === sender ||
        (message.hidden?.includes(user) !== true && isAcknowledged(participations.read(each), position));
      status[users.id(user)] = isRead ? 'read' : 'sent';
    });
    return status;
  }
}
