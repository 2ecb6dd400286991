/** Counting: what is unread for a participant, and the parts of a user's badge. It reads no message. */
import type { NotificationLevel } from '../../badge.js';
import * as ranges from '../../ranges.js';
import * as readState from '../../read_state.js';
import type { UserCounts } from '../../view.js';
import type { AppState } from '../state.js';

/** Promise 1, for one row of the participations. */
export function unreadMessages({ conversations, participations }: AppState, row: number): number {
  const conversation = participations.conversation.get(row);
  if (!conversations.hasUncounted(conversation)) {
    return (
      conversations.head.get(conversation) - participations.cursor(row) - participations.acknowledged(row)
    );
  }
  return readState.unread(
    participations.read(row),
    conversations.head.get(conversation),
    conversations.uncounted(conversation),
    participations.acknowledged(row),
  );
}

/** How many of the unread messages the badge counts, as the participant's notification level says. */
export function badgeCount(
  state: AppState,
  row: number,
  now: number,
  unread: number = unreadMessages(state, row),
): number {
  switch (effectiveLevel(state, row, now)) {
    case 'none':
      return 0;
    case 'mentions':
      return unreadMentions(state, row);
    case 'all':
      return unread;
  }
}

/** Null once it has passed. */
export function mutedUntil({ participations }: AppState, row: number, now: number): number | null {
  const until = participations.mutedUntil(row);
  return until !== null && until > now ? until : null;
}

/** What the badge counts of a user's conversations. */
export interface Unread {
  readonly messages: number;
  readonly conversations: number;
}

type OnUnread = (row: number, unread: number, badgeCount: number) => void;

/** `onUnread` is called for each conversation with unread messages, `onRow` for each conversation. */
export function countUnread(
  state: AppState,
  user: number,
  now: number,
  onUnread: OnUnread = () => {},
  onRow: (row: number) => void = () => {},
): Unread {
  let conversations = 0;
  let messages = 0;
  state.participations.forEachOfUser(user, (row) => {
    onRow(row);
    const unread = unreadMessages(state, row);
    if (unread === 0) return;
    const count = badgeCount(state, row, now, unread);
    onUnread(row, unread, count);
    messages += count;
    if (count > 0) conversations += 1;
  });
  return { messages, conversations };
}

/** The parts of the badge, of which those of the conversations were counted before. */
export function userCounts(state: AppState, user: number, { messages, conversations }: Unread): UserCounts {
  const external = state.users.external(user);
  let externalUnreadCount = 0;
  for (const count of external.values()) externalUnreadCount += count;
  return {
    externalUnreadCount,
    unreadConversationCount: conversations,
    unreadMessageCount: messages,
    unreadAnnouncementCount: unreadAnnouncementCount(state, user),
    external: Object.fromEntries(external),
  };
}

/** The numbers of the user's newest unread announcements, oldest first. */
export function unreadAnnouncements(
  { users, announcements }: AppState,
  user: number,
  limit: number,
): number[] {
  const named = users.named(user);
  const unread = named.slice(Math.max(0, named.length - limit));
  const announced = users.announced(user);
  const toEveryone = readState.newestUnread(announced, announcements.everyone, limit);
  for (const position of toEveryone) unread.push(announcements.atPosition(position));
  unread.sort((a, b) => a - b);
  return unread.slice(Math.max(0, unread.length - limit));
}

function unreadAnnouncementCount({ users, announcements }: AppState, user: number): number {
  const toEveryone = readState.unread(users.announced(user), announcements.everyone, ranges.noRanges);
  return toEveryone + users.named(user).length;
}

function effectiveLevel(state: AppState, row: number, now: number): NotificationLevel {
  return mutedUntil(state, row, now) === null ? state.participations.level(row) : 'none';
}

function unreadMentions({ conversations, participations }: AppState, row: number): number {
  const read = participations.read(row);
  const uncounted = conversations.uncounted(participations.conversation.get(row));
  const isOpen = (position: number) =>
    !readState.isAcknowledged(read, position) && !ranges.contains(uncounted, position);
  return participations.mentions(row).filter(isOpen).length;
}
