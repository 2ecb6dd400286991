/** What holds of one user's answers whatever happened, without any reference to compare with. */
import { type ChatBadge, type ExplainedConversation, ranges } from '@badged/core';
import type { ConversationPage, Explanation, UserBadge } from '../../../src/store/port.js';

export interface UserAnswers {
  readonly badge: UserBadge | undefined;
  readonly explained: Explanation | undefined;
  readonly all: ConversationPage | undefined;
  readonly unread: ConversationPage | undefined;
  readonly chatBadges: readonly ChatBadge[];
}

/** Why the answers contradict one another; undefined if they do not. */
export function contradiction({
  badge,
  explained,
  all,
  unread,
  chatBadges,
}: UserAnswers): string | undefined {
  if (!badge || !explained || !all || !unread) {
    return badge || explained || all || unread ? 'the user is known to some queries only' : undefined;
  }
  const { conversations } = explained;
  const badgeCounts = all.conversations.map((each) => each.badgeCount);
  const claims: readonly (readonly [string, number, number])[] = [
    [
      'promise 10: the items of explain',
      sum(conversations.map((each) => each.badgeCount)),
      badge.unreadMessageCount,
    ],
    ['the counts of the list', sum(badgeCounts), badge.unreadMessageCount],
    ['the chat badges', sum(chatBadges.map((each) => each.unreadCount)), badge.unreadMessageCount],
    [
      'the conversations that count',
      badgeCounts.filter((each) => each > 0).length,
      badge.unreadConversationCount,
    ],
    [
      'promise 10: the announcements of explain',
      explained.announcements.length,
      badge.unreadAnnouncementCount,
    ],
    ['the external counts', sum(Object.values(badge.external)), badge.externalUnreadCount],
    ['the total of the list', all.conversations.length, all.total],
    ['the total of the unread', unread.conversations.length, unread.total],
    [
      'the unread of the list',
      all.conversations.filter((each) => each.unreadMessageCount > 0).length,
      unread.total,
    ],
    ['the conversations of explain', conversations.length, unread.total],
  ];
  const wrong = claims.find(([, items, count]) => items !== count);
  if (wrong) return `${wrong[0]} come to ${wrong[1]}, where it says ${wrong[2]}`;
  if (all.conversations.some((each) => each.unreadMessageCount < each.badgeCount || each.badgeCount < 0)) {
    return 'a badge count is negative, or larger than what is unread';
  }
  return conversations.map(contradictionIn).find((found) => found !== undefined);
}

function contradictionIn(item: ExplainedConversation): string | undefined {
  const { head, joined, cursor, acknowledged, uncounted, unreadMessageCount } = item;
  if (item.acknowledgedCount !== ranges.size(acknowledged))
    return `of ${item.id}, ${item.acknowledgedCount} positions are acknowledged, and ${acknowledged.join(', ')} listed`;
  const open = head - cursor - ranges.size(acknowledged) - uncounted;
  if (open !== unreadMessageCount) {
    return `promise 10: of ${item.id}, ${open} messages are open, where ${unreadMessageCount} are unread`;
  }
  const ends = [cursor, ...acknowledged];
  const isAscending = ends.every((end, index) => {
    const before = ends[index - 1] ?? 0;
    return index === 0 || (index % 2 === 1 ? end > before + 1 : end >= before);
  });
  if (isAscending && joined <= cursor && (ends.at(-1) ?? 0) <= head) return undefined;
  return `of ${item.id}, the acknowledged ${acknowledged.join(', ')} are not disjoint above the cursor ${cursor}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
