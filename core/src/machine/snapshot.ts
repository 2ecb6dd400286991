/**
 * The state as rows, for checkpoints: each row is read as it is now and can be put back on its own. Rows read
 * at different moments fit together once the events since the earliest of them are applied again
 * (docs/decisions/0002-fuzzy-checkpoints.md).
 */
import type { NotificationLevel } from '../badge.js';
import type { Metadata } from '../metadata.js';
import type { Ranges } from '../ranges.js';
import type { LastMessage } from './event.js';
import type { AppState } from './state.js';

export interface UserRow {
  readonly user: number;
  readonly id: string;
  readonly everyoneBase: number;
  readonly announcedCursor: number;
  readonly announcedRanges: Ranges;
  readonly named: readonly number[];
  readonly external: readonly (readonly [string, number])[];
  readonly blocked: readonly number[];
}

export interface ConversationRow {
  readonly conversation: number;
  readonly id: string;
  readonly exists: boolean;
  readonly distinct: boolean;
  readonly createdAt: number;
  readonly fingerprint: number;
  readonly head: number;
  readonly lastAt: number;
  readonly last: LastMessage | null;
  readonly metadata: Metadata;
  readonly uncounted: Ranges;
  readonly deletedMessages: Ranges;
}

export interface ParticipationRow {
  readonly conversation: number;
  readonly user: number;
  readonly joined: number;
  readonly cursor: number;
  readonly ranges: Ranges;
  readonly mentions: readonly number[];
  readonly level: NotificationLevel;
  readonly mutedUntil: number | null;
}

export interface AnnouncementRow {
  readonly announcement: number;
  readonly id: string;
  readonly at: number;
  readonly fingerprint: number;
  readonly recipients: readonly number[] | { readonly position: number };
}

export function readUser({ users }: AppState, user: number): UserRow {
  const announced = users.announced(user);
  return {
    user,
    id: users.id(user),
    everyoneBase: users.everyoneBase(user),
    announcedCursor: announced.cursor,
    announcedRanges: announced.ranges,
    named: users.named(user),
    external: [...users.external(user)],
    blocked: [...users.blocked(user)],
  };
}

export function restoreUser({ users }: AppState, row: UserRow): void {
  users.introduce(row.user, row.id, row.everyoneBase);
  users.setAnnounced(row.user, { cursor: row.announcedCursor, ranges: row.announcedRanges });
  users.setNamed(row.user, row.named);
  users.setExternal(row.user, new Map(row.external));
  users.setBlocked(row.user, new Set(row.blocked));
}

export function readConversation({ conversations }: AppState, conversation: number): ConversationRow {
  return {
    conversation,
    id: conversations.id(conversation),
    exists: conversations.exists(conversation),
    distinct: conversations.isDistinct(conversation),
    createdAt: conversations.createdAt.get(conversation),
    fingerprint: conversations.fingerprint.get(conversation),
    head: conversations.head.get(conversation),
    lastAt: conversations.lastAt.get(conversation),
    last: conversations.last(conversation),
    metadata: conversations.metadata(conversation),
    uncounted: conversations.uncounted(conversation),
    deletedMessages: conversations.deletedMessages(conversation),
  };
}

export function restoreConversation({ conversations }: AppState, row: ConversationRow): void {
  const { conversation } = row;
  conversations.create(conversation, row.id);
  conversations.createdAt.set(conversation, row.createdAt);
  conversations.fingerprint.set(conversation, row.fingerprint);
  conversations.head.set(conversation, row.head);
  conversations.lastAt.set(conversation, row.lastAt);
  if (row.last !== null) conversations.setLast(conversation, row.last.reference, row.last);
  conversations.setDistinct(conversation, row.distinct);
  conversations.setMetadata(conversation, row.metadata);
  conversations.setUncounted(conversation, row.uncounted);
  conversations.setDeletedMessages(conversation, row.deletedMessages);
  if (!row.exists) conversations.delete(conversation);
}

/** Undefined if the user is not a participant (any more): the checkpoint then removes the row. */
export function readParticipation(
  { participations }: AppState,
  conversation: number,
  user: number,
): ParticipationRow | undefined {
  const row = participations.find(conversation, user);
  if (row === 0) return undefined;
  const { cursor, ranges } = participations.read(row);
  return {
    conversation,
    user,
    joined: participations.joined.get(row),
    cursor,
    ranges: copied(ranges),
    mentions: copied(participations.mentions(row)),
    level: participations.level(row),
    mutedUntil: participations.mutedUntil(row),
  };
}

/** The row may be written later, and the lists change in place. Most are empty. */
function copied(list: readonly number[]): readonly number[] {
  return list.length === 0 ? list : list.slice();
}

/**
 * Restore the conversations first, and each participation once. A row that was not removed yet when its conversation was
 * deleted is removed by the next checkpoint.
 */
export function restoreParticipation(
  { conversations, participations, sets, changed }: AppState,
  row: ParticipationRow,
): void {
  const { conversation } = row;
  if (!conversations.exists(conversation)) {
    changed.participation(conversation, row.user);
    return;
  }
  sets.add(conversation, row.user);
  const number = participations.add(conversation, row.user, row.joined);
  conversations.participants.set(conversation, conversations.participants.get(conversation) + 1);
  participations.setRead(number, { cursor: row.cursor, ranges: row.ranges });
  if (row.mentions.length > 0) participations.setMentions(number, row.mentions);
  participations.setLevel(number, row.level, row.mutedUntil);
}

/**
 * Call it once every row is restored, for the conversations from the first to the last one. A fraction of a microsecond for
 * each.
 */
export function indexDistinct({ conversations, sets }: AppState, from: number, to: number): void {
  for (let conversation = from; conversation <= to; conversation += 1)
    sets.index(conversation, conversations.exists(conversation) && conversations.isDistinct(conversation));
}

export function readAnnouncement(
  { announcements }: AppState,
  announcement: number,
): AnnouncementRow | undefined {
  const found = announcements.get(announcement);
  if (found === undefined) return undefined;
  const { recipients } = found;
  return { announcement, ...found, recipients: 'position' in recipients ? recipients : [...recipients] };
}

export function restoreAnnouncement({ announcements }: AppState, row: AnnouncementRow): void {
  const { id, at, fingerprint, recipients } = row;
  const kept = 'position' in recipients ? recipients : Uint32Array.from(recipients);
  announcements.set(row.announcement, { id, at, fingerprint, recipients: kept });
}
