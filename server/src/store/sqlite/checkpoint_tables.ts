/** The tables of checkpoints: rows of the state, and up to which event they are complete. Lists are JSON; what is empty is null. */
import { type LastMessage, notificationLevels, type snapshot } from '@badged/core';
import { type CheckpointRows, noRows } from '../engine.js';
import { listText, metadataOf, metadataText, nameCounts, numbers } from '../json_columns.js';
import type { Connection } from './connection.js';

export class CheckpointTables {
  readonly #writeUser;
  readonly #writeConversation;
  readonly #writeParticipation;
  readonly #removeParticipation;
  readonly #writeAnnouncement;
  readonly #complete;
  readonly #completed;
  readonly #users;
  readonly #conversations;
  readonly #participations;
  readonly #announcements;

  constructor(connection: Connection) {
    this.#writeUser = connection.prepare<Value[]>(`insert or replace into users values (${marks(9)})`);
    this.#writeConversation = connection.prepare<Value[]>(
      `insert or replace into conversations values (${marks(18)})`,
    );
    this.#writeParticipation = connection.prepare<Value[]>(
      `insert or replace into participations values (${marks(9)})`,
    );
    this.#removeParticipation = connection.prepare<Value[]>(
      'delete from participations where app = ? and conversation = ? and user = ?',
    );
    this.#writeAnnouncement = connection.prepare<Value[]>(
      `insert or replace into announcements values (${marks(7)})`,
    );
    this.#complete = connection.prepare<[number, number]>(
      'insert or replace into checkpoints (app, seq) values (?, ?)',
    );
    this.#completed = connection
      .prepare<[number], number>('select seq from checkpoints where app = ?')
      .pluck();
    this.#users = connection.prepare<[number], StoredUser>('select * from users where app = ?');
    this.#conversations = connection.prepare<[number], StoredConversation>(
      'select * from conversations where app = ?',
    );
    // Most of a start is this one query: rows as lists are read in half the time of rows as objects.
    this.#participations = connection
      .prepare<[number], StoredParticipation>(
        `select conversation, user, joined, cursor, ranges, mentions, level, muted_until
         from participations where app = ?`,
      )
      .raw();
    this.#announcements = connection.prepare<[number], StoredAnnouncement>(
      'select * from announcements where app = ?',
    );
  }

  /** Every event up to this one is in the app's rows; 0 if there is no checkpoint yet. */
  completed(app: number): number {
    return this.#completed.get(app) ?? 0;
  }

  complete(app: number, seq: number): void {
    this.#complete.run(app, seq);
  }

  write(app: number, rows: CheckpointRows): void {
    for (const row of rows.users) this.writeUser(app, row);
    for (const row of rows.conversations) this.writeConversation(app, row);
    for (const row of rows.participations) this.writeParticipation(app, row);
    for (const { conversation, user } of rows.left) this.#removeParticipation.run(app, conversation, user);
    for (const row of rows.announcements) this.writeAnnouncement(app, row);
  }

  /** All rows of the app; of each page, those of one table. */
  *pages(app: number): Generator<CheckpointRows> {
    for (const users of inPages(this.users(app))) yield { ...noRows, users };
    for (const conversations of inPages(this.conversations(app))) yield { ...noRows, conversations };
    for (const participations of inPages(this.participations(app))) yield { ...noRows, participations };
    for (const announcements of inPages(this.announcements(app))) yield { ...noRows, announcements };
  }

  writeUser(app: number, row: snapshot.UserRow): void {
    const { user, id, everyoneBase, announcedCursor, announcedRanges, named, external, blocked } = row;
    const lists = [announcedRanges, named, external, blocked].map(listText);
    this.#writeUser.run(app, user, id, everyoneBase, announcedCursor, ...lists);
  }

  writeConversation(app: number, row: snapshot.ConversationRow): void {
    const { conversation, id, createdAt, fingerprint, head, lastAt } = row;
    const flags = [Number(row.exists), Number(row.distinct)];
    const metadata = metadataText(row.metadata);
    const lists = [row.uncounted, row.deletedMessages].map(listText);
    this.#writeConversation.run(
      app,
      conversation,
      id,
      ...flags,
      createdAt,
      fingerprint,
      head,
      lastAt,
      row.last?.reference ?? 0,
      metadata,
      ...lists,
      ...lastColumns(row.last),
    );
  }

  writeParticipation(app: number, row: snapshot.ParticipationRow): void {
    const { conversation, user, joined, cursor, level, mutedUntil } = row;
    const lists = [row.ranges, row.mentions].map(listText);
    this.#writeParticipation.run(
      app,
      conversation,
      user,
      joined,
      cursor,
      ...lists,
      level === 'all' ? null : level,
      mutedUntil,
    );
  }

  writeAnnouncement(app: number, row: snapshot.AnnouncementRow): void {
    const { announcement, id, at, fingerprint, recipients } = row;
    const position = 'position' in recipients ? recipients.position : null;
    const named = 'position' in recipients ? null : JSON.stringify(recipients);
    this.#writeAnnouncement.run(app, announcement, id, at, fingerprint, position, named);
  }

  private *users(app: number): Generator<snapshot.UserRow> {
    for (const row of this.#users.iterate(app)) {
      yield {
        user: row.user,
        id: row.id,
        everyoneBase: row.everyone_base,
        announcedCursor: row.announced_cursor,
        announcedRanges: numbers(row.announced_ranges),
        named: numbers(row.named),
        external: nameCounts(row.external),
        blocked: numbers(row.blocked),
      };
    }
  }

  private *conversations(app: number): Generator<snapshot.ConversationRow> {
    for (const row of this.#conversations.iterate(app)) {
      yield {
        conversation: row.conversation,
        id: row.id,
        exists: row.is_existing === 1,
        distinct: row.is_distinct === 1,
        createdAt: row.created_at,
        fingerprint: row.fingerprint,
        head: row.head,
        lastAt: row.last_at,
        last: lastMessage(row),
        metadata: metadataOf(row.metadata),
        uncounted: numbers(row.voids),
        deletedMessages: numbers(row.deleted_messages),
      };
    }
  }

  private *participations(app: number): Generator<snapshot.ParticipationRow> {
    for (const row of this.#participations.iterate(app)) {
      const [conversation, user, joined, cursor, ranges, mentions, level, mutedUntil] = row;
      yield {
        conversation,
        user,
        joined,
        cursor,
        ranges: numbers(ranges),
        mentions: numbers(mentions),
        level: level === null ? 'all' : (notificationLevels.find((one) => one === level) ?? 'all'),
        mutedUntil,
      };
    }
  }

  private *announcements(app: number): Generator<snapshot.AnnouncementRow> {
    for (const row of this.#announcements.iterate(app)) {
      const { announcement, id, at, fingerprint, everyone_position: position } = row;
      const recipients = position === null ? numbers(row.recipients) : { position };
      yield { announcement, id, at, fingerprint, recipients };
    }
  }
}

const rowsPerPage = 512;

function* inPages<R>(rows: Iterable<R>): Generator<readonly R[]> {
  let page: R[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length < rowsPerPage) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

type Value = string | number | null;

interface StoredUser {
  user: number;
  id: string;
  everyone_base: number;
  announced_cursor: number;
  announced_ranges: string | null;
  named: string | null;
  external: string | null;
  blocked: string | null;
}

interface StoredConversation {
  conversation: number;
  id: string;
  is_existing: number;
  is_distinct: number;
  created_at: number;
  fingerprint: number;
  head: number;
  last_at: number;
  last: number;
  metadata: string | null;
  voids: string | null;
  deleted_messages: string | null;
  last_position: number;
  last_sent_at: number;
  last_user: number;
  last_name: string | null;
  last_id: string | null;
}

type StoredParticipation = [
  conversation: number,
  user: number,
  joined: number,
  cursor: number,
  ranges: string | null,
  mentions: string | null,
  level: string | null,
  mutedUntil: number | null,
];

interface StoredAnnouncement {
  announcement: number;
  id: string;
  at: number;
  fingerprint: number;
  everyone_position: number | null;
  recipients: string | null;
}

function lastColumns(last: LastMessage | null): Value[] {
  if (last === null) return [0, 0, 0, null, null];
  const { position, at, sender, id = null } = last;
  return typeof sender === 'number' ? [position, at, sender, null, id] : [position, at, 0, sender, id];
}

function lastMessage(row: StoredConversation): LastMessage | null {
  if (row.last === 0) return null;
  return {
    reference: row.last,
    position: row.last_position,
    at: row.last_sent_at,
    sender: row.last_name ?? row.last_user,
    ...(row.last_id !== null && { id: row.last_id }),
  };
}

function marks(count: number): string {
  return Array(count).fill('?').join(', ');
}
