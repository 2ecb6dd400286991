/** Explains a user's badge: the counts that add up to it, by conversation. */
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import type { ExplainedConversation, Explanation, UserCounts } from '../../view.js';
import type { AppState } from '../state.js';
import { badgeCount, countUnread, mutedUntil, unreadMessages, userCounts } from './counts.js';
import { NewestRows, sortedAt } from './newest.js';

/**
 * The counts of a user's badge, the newest conversations with unread messages, counted or muted, and what the others add up
 * to. O(conversations of the user), in one pass.
 */
export function explainCounts(
  state: AppState,
  user: number,
  now: number,
  limit: number,
): { readonly counts: UserCounts } & Pick<Explanation, 'conversations' | 'more'> {
  const newest = new NewestRows(limit);
  const all = new Sum();
  const inAll = countUnread(state, user, now, (row, unread, counted) => {
    all.add(unread, counted);
    const conversation = state.participations.conversation.get(row);
    newest.add(row, sortedAt(state, conversation, 'last_message'), conversation);
  });
  const conversations = newest.rows().map((row) => explain(state, row, now));
  for (const { unreadMessageCount, badgeCount } of conversations)
    all.add(-unreadMessageCount, -badgeCount, -1);
  const { conversationCount, countedConversationCount, unreadMessageCount, badgeCount: counted } = all;
  const more = { conversationCount, countedConversationCount, unreadMessageCount, badgeCount: counted };
  return { counts: userCounts(state, user, inAll), conversations, more };
}

class Sum {
  conversationCount = 0;
  countedConversationCount = 0;
  unreadMessageCount = 0;
  badgeCount = 0;

  add(unread: number, counted: number, conversations = 1): void {
    this.conversationCount += conversations;
    if (counted !== 0) this.countedConversationCount += conversations;
    this.unreadMessageCount += unread;
    this.badgeCount += counted;
  }
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
    acknowledged: acknowledged.slice(0, 2 * limits.explainedIntervals),
    acknowledgedCount: participations.acknowledged(row),
    uncounted:
      ranges.countAbove(uncounted, cursor) - ranges.countCommonAbove(uncounted, acknowledged, cursor),
    unreadMessageCount: unreadMessages(state, row),
    badgeCount: badgeCount(state, row, now),
    level: participations.level(row),
    mutedUntil: mutedUntil(state, row, now),
  };
}
