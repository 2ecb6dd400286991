/** Messages as they can be read, found by filtering all of them. */
import {
  limits,
  type MessagesPage,
  type MessagesQuery,
  type Query,
  type ReadableMessageView,
} from '@badged/core';
import { findMessage, viewMessage } from './messages.js';
import {
  type AppState,
  type Conversation,
  counts,
  findConversation,
  findParticipant,
  isTheirs,
  type Message,
} from './state.js';

export function messagesPage(state: AppState, query: MessagesQuery): MessagesPage | undefined {
  const conversation = findConversation(state, query.conversation);
  if (!conversation || !mayRead(conversation, query.participant)) return undefined;
  const since = findParticipant(conversation, query.participant ?? '')?.joined ?? 0;
  const all = conversation.messages.slice(since).filter((each) => !each.deleted);
  const from = conversation.messages.find((each) => each.id === query.fromId);
  const below = query.fromId === undefined ? Number.POSITIVE_INFINITY : (from?.position ?? 0);
  const page = all.filter((each) => each.position < below && isNear(conversation, each)).reverse();
  return {
    total: all.length,
    messages: page.slice(0, query.limit).map((each) => view(conversation, each, query.participant)),
  };
}

export function readableMessage(
  state: AppState,
  { message: id, conversation, participant }: Query<'message'>,
): ReadableMessageView | undefined {
  const found = findMessage(state, id);
  if (!found || found.conversation.deleted || found.message.deleted) return undefined;
  if (conversation !== undefined && conversation !== found.conversation.id) return undefined;
  if (!mayRead(found.conversation, participant) || !isNear(found.conversation, found.message))
    return undefined;
  const { joined = 0 } = findParticipant(found.conversation, participant ?? '') ?? {};
  return found.message.position > joined ? view(found.conversation, found.message, participant) : undefined;
}

function mayRead(conversation: Conversation, participant: string | undefined): boolean {
  return participant === undefined || findParticipant(conversation, participant) !== undefined;
}

function isNear({ messages }: Conversation, { position }: Message): boolean {
  return position > messages.length - limits.lookBackMessages;
}

function view(
  conversation: Conversation,
  message: Message,
  participant: string | undefined,
): ReadableMessageView {
  const reader = participant === undefined ? undefined : findParticipant(conversation, participant);
  const { recipientStatus: sent, ...rest } = viewMessage(conversation, message);
  const status = conversation.participants
    .filter((each) => each.joined < message.position)
    .map((each) => {
      const isRead =
        isTheirs(message, each.user) ||
        (each.read.has(message.position) && !message.hiddenFrom.has(each.user));
      return [each.user, isRead ? 'read' : 'sent'] as const;
    });
  return {
    ...rest,
    recipientStatus: sent && Object.fromEntries(status),
    isUnread: reader === undefined ? null : counts(message, reader),
  };
}
