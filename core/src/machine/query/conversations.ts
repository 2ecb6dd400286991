/** Conversations as the app's server sees them, as one participant sees them, and pages of a user's conversations. */
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import { isAcknowledged } from '../../read_state.js';
import type {
  ConversationPage,
  ConversationQuery,
  ConversationView,
  LastMessageView,
  UserConversationView,
} from '../../view.js';
import type { DecisionContext } from '../decide/decision.js';
import { senderView } from '../messages.js';
import type { AppState } from '../state.js';
import { badgeCount, mutedUntil, unreadMessages } from './counts.js';

export function conversationView(state: AppState, conversation: number): ConversationView {
  const { conversations } = state;
  const participantCount = conversations.participants.get(conversation);
  return {
    id: conversations.id(conversation),
    createdAt: conversations.createdAt.get(conversation),
    distinct: conversations.isDistinct(conversation),
    metadata: conversations.metadata(conversation),
    participantCount,
    participants:
      participantCount > limits.participantsInView ? null : participantIds(state, conversation).sort(),
  };
}

function participantIds({ participations, users }: AppState, conversation: number): string[] {
  const ids: string[] = [];
  participations.forEachOfConversation(conversation, (row) =>
    ids.push(users.id(participations.user.get(row))),
  );
  return ids;
}

export function userConversationView(
  context: DecisionContext,
  row: number,
  now: number,
): UserConversationView {
  const { state } = context;
  return {
    ...conversationView(state, state.participations.conversation.get(row)),
    unreadMessageCount: unreadMessages(state, row),
    badgeCount: badgeCount(state, row, now),
    level: state.participations.level(row),
    mutedUntil: mutedUntil(state, row, now),
    lastMessage: lastMessageView(context, row),
  };
}

export function conversationPage(
  context: DecisionContext,
  user: number,
  query: ConversationQuery,
  now: number,
): ConversationPage {
  const { state } = context;
  const isWanted = (row: number) => !query.unreadOnly || unreadMessages(state, row) > 0;
  const sorted = newestFirst(state, [...state.participations.ofUser(user)], query.sortBy);
  const start = query.fromId === undefined ? 0 : after(state, sorted, query.fromId);
  const page: number[] = [];
  for (let index = start; index < sorted.length && page.length < query.limit; index += 1) {
    const row = sorted[index] ?? 0;
    if (isWanted(row)) page.push(row);
  }
  return {
    total: sorted.filter(isWanted).length,
    conversations: page.map((row) => userConversationView(context, row, now)),
  };
}

/** The rows in the order in which their conversations are listed. */
export function newestFirst(
  state: AppState,
  rows: readonly number[],
  sortBy: ConversationQuery['sortBy'],
): number[] {
  const { conversations, participations } = state;
  const keyed = rows.map((row) => {
    const conversation = participations.conversation.get(row);
    return { row, conversation, at: sortBy === 'last_message' ? conversations.activeAt(conversation) : 0 };
  });
  return keyed.sort((a, b) => b.at - a.at || b.conversation - a.conversation).map(({ row }) => row);
}

function after(state: AppState, rows: readonly number[], id: string): number {
  const conversation = state.conversations.number(id);
  const index = rows.findIndex((row) => state.participations.conversation.get(row) === conversation);
  return index < 0 ? rows.length : index + 1;
}

function lastMessageView(context: DecisionContext, row: number): LastMessageView | null {
  const { state, ids } = context;
  const conversation = state.participations.conversation.get(row);
  const message = state.conversations.last(conversation);
  if (message === null || message.position <= state.participations.joined.get(row)) return null;
  const { position } = message;
  const counts = !ranges.contains(state.conversations.uncounted(conversation), position);
  return {
    id: message.id ?? ids.make(conversation, position),
    position,
    sender: senderView(state, message.sender),
    sentAt: message.at,
    isUnread: counts && !isAcknowledged(state.participations.read(row), position),
  };
}
