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
import { isNewer, NewestRows, type SortKey, sortedAt, sortKey } from './newest.js';

export function conversationView(state: AppState, conversation: number): ConversationView {
  const { conversations } = state;
  const participantCount = conversations.participants.get(conversation);
  return {
    id: conversations.id(conversation),
    createdAt: conversations.createdAt.get(conversation),
    distinct: conversations.isDistinct(conversation),
    metadata: conversations.metadata(conversation),
    participantCount,
    participants: participantCount > limits.participantsInView ? null : participantIds(state, conversation),
  };
}

/** Few: a view has up to `limits.participantsInView`. */
function participantIds({ participations, users }: AppState, conversation: number): string[] {
  const { joined, user } = participations;
  const rows: number[] = [];
  participations.forEachOfConversation(conversation, (row) => rows.push(row));
  rows.sort((a, b) => joined.get(a) - joined.get(b) || user.get(a) - user.get(b));
  return rows.map((row) => users.id(user.get(row)));
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

/** O(conversations of the user), some nanoseconds for each; only the page itself is sorted and copied. */
export function conversationPage(
  context: DecisionContext,
  user: number,
  query: ConversationQuery,
  now: number,
): ConversationPage {
  const { state } = context;
  const { sortBy, limit, unreadOnly, fromId } = query;
  const from = fromId === undefined ? undefined : startAfter(state, user, fromId, sortBy);
  const page = new NewestRows(limit);
  let total = 0;
  state.participations.forEachOfUser(user, (row) => {
    if (unreadOnly && unreadMessages(state, row) === 0) return;
    total += 1;
    if (from === 'nowhere') return;
    const conversation = state.participations.conversation.get(row);
    const at = sortedAt(state, conversation, sortBy);
    if (from === undefined || isNewer(from, { at, conversation })) page.add(row, at, conversation);
  });
  return { total, conversations: page.rows().map((row) => userConversationView(context, row, now)) };
}

/** Nowhere if the user takes no part in that conversation. */
function startAfter(
  state: AppState,
  user: number,
  id: string,
  sortBy: ConversationQuery['sortBy'],
): SortKey | 'nowhere' {
  const row = state.participations.find(state.conversations.number(id), user);
  return row === 0 ? 'nowhere' : sortKey(state, row, sortBy);
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
