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
export function badgeCount(state: AppState, row: number, now: number): number {
  switch (effectiveLevel(state, row, now)) {
    case 'none':
      return 0;
    case 'mentions':
      return unreadMentions(state, row);
    case 'all':
      return unreadMessages(state, row);
  }
}

/** Null once it has passed. */
export function mutedUntil({ participations }: AppState, row: number, now: number): number | null {
  const until = participations.mutedUntil(row);
  return until !== null && until > now ? until : null;
}

export function userCounts(state: AppState, user: number, now: number): UserCounts {
  let unreadConversationCount = 0;
  let unreadMessageCount = 0;
  state.participations.forEachOfUser(user, (row) => {
    const count = badgeCount(state, row, now);
    unreadMessageCount += count;
    if (count > 0) unreadConversationCount += 1;
  });
  const external = state.users.external(user);
  let externalUnreadCount = 0;
  for (const count of external.values()) externalUnreadCount += count;
  return {
    externalUnreadCount,
    unreadConversationCount,
    unreadMessageCount,
    unreadAnnouncementCount: unreadAnnouncementCount(state, user),
    external: Object.fromEntries(external),
  };
}

/** The numbers of the user's unread announcements, oldest first. */
export function unreadAnnouncements({ users, announcements }: AppState, user: number): number[] {
  const announced = users.announced(user);
  const unread = [...users.named(user)];
  for (let position = announced.cursor + 1; position <= announcements.everyone; position += 1) {
    if (!ranges.contains(announced.ranges, position)) unread.push(announcements.atPosition(position));
  }
  return unread.sort((a, b) => a - b);
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
