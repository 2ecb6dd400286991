/** Which unread items a person's badge counts, and which it does not. */
import type { LiveBadge } from './live_badges.js';

/** Whether messages count in the badge at all. */
export function countsMessages({ badge_mode: mode }: LiveBadge): boolean {
  return mode === 'unread_messages' || mode === 'unread_conversations';
}

/** How much of the badge is messages or their conversations. */
function countedOfMessages({ badge_mode: mode, ...counts }: LiveBadge): number {
  if (mode === 'unread_messages') return counts.unread_message_count;
  return mode === 'unread_conversations' ? counts.unread_conversation_count : 0;
}

/** Announcements are what remains of the badge after messages and the external count. */
export function countedAnnouncements(badge: LiveBadge): number {
  const { badge: number, external_unread_count: external } = badge;
  return number === null ? 0 : number - external - countedOfMessages(badge);
}

/** The unread items that the badge does not count, as text; empty if it counts all. */
export function uncounted(badge: LiveBadge): string {
  const { unread_announcement_count: announcements, conversations = [] } = badge;
  const messages = conversations.reduce(
    (sum, { unread_message_count: unread, badge_count }) =>
      sum + unread - (countsMessages(badge) ? badge_count : 0),
    0,
  );
  const parts = [
    plural(messages, 'message'),
    plural(announcements - countedAnnouncements(badge), 'announcement'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join(' + ')}, not counted`;
}

/** Empty for none. */
export function plural(count: number, noun: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
