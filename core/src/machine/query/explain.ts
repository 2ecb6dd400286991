/** Explains a user's badge: the counts that add up to it, by conversation. */
import * as ranges from '../../ranges.js';
import type { ExplainedConversation } from '../../view.js';
import type { AppState } from '../state.js';
import { newestFirst } from './conversations.js';
import { badgeCount, mutedUntil, unreadMessages } from './counts.js';

/** Every conversation with unread messages, counted or muted, newest message first. */
export function explainConversations(state: AppState, user: number, now: number): ExplainedConversation[] {
  const unread = [...state.participations.ofUser(user)].filter((row) => unreadMessages(state, row) > 0);
  return newestFirst(state, unread, 'last_message').map((row) => explain(state, row, now));
}

function explain(state: AppState, row: number, now: number): ExplainedConversation {
  const { conversations, participations } = state;
  const conversation = participations.conversation.get(row);
  const { cursor, ranges: acknowledged } = participations.read(row);
  const uncounted = conversations.uncounted(conversation);
  return {
    id: conversations.id(conversation),
    head: conversations.head.get(conversation),
    joined: participations.joined.get(row),
    cursor,
    acknowledged: [...acknowledged],
    uncounted:
      ranges.countAbove(uncounted, cursor) - ranges.countCommonAbove(uncounted, acknowledged, cursor),
    unreadMessageCount: unreadMessages(state, row),
    badgeCount: badgeCount(state, row, now),
    level: participations.level(row),
    mutedUntil: mutedUntil(state, row, now),
  };
}
