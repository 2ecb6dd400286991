/** How rows of the state stand in the checkpoint tables. Lists are JSON; what is empty is null. */
import { type Metadata, notificationLevels, type snapshot } from '@badged/core';
import type { Connection } from './database.js';

export class CheckpointTables {
  readonly #writeUser;
  readonly #writeConversation;
  readonly #writeParticipation;
  readonly #removeParticipation;
  readonly #writeAnnouncement;
  readonly #users;
  readonly #conversations;
  readonly #participations;
  readonly #announcements;

  constructor(connection: Connection) {
    this.#writeUser = connection.prepare<Value[]>(`insert or replace into users values (${marks(9)})`);
    this.#writeConversation = connection.prepare<Value[]>(
      `insert or replace into conversations values (${marks(13)})`,
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

  writeUser(app: number, row: snapshot.UserRow): void {
    const { user, id, everyoneBase, announcedCursor, announcedRanges, named, external, blocked } = row;
    const lists = [announcedRanges, named, external, blocked].map(listText);
    this.#writeUser.run(app, user, id, everyoneBase, announcedCursor, ...lists);
  }

  writeConversation(app: number, row: snapshot.ConversationRow): void {
    const { conversation, id, createdAt, fingerprint, head, lastAt, last } = row;
    const flags = [Number(row.exists), Number(row.distinct)];
    const metadata = Object.keys(row.metadata).length > 0 ? JSON.stringify(row.metadata) : null;
    const lists = [row.voids, row.deletedMessages].map(listText);
    this.#writeConversation.run(
      app,
      conversation,
      id,
      ...flags,
      createdAt,
      fingerprint,
      head,
      lastAt,
      last,
      metadata,
      ...lists,
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

  removeParticipation(app: number, conversation: number, user: number): void {
    this.#removeParticipation.run(app, conversation, user);
  }

  writeAnnouncement(app: number, row: snapshot.AnnouncementRow): void {
    const { announcement, id, at, fingerprint, recipients } = row;
    const position = 'position' in recipients ? recipients.position : null;
    const named = 'position' in recipients ? null : JSON.stringify(recipients);
    this.#writeAnnouncement.run(app, announcement, id, at, fingerprint, position, named);
  }

  *users(app: number): Generator<snapshot.UserRow> {
    for (const row of this.#users.iterate(app)) {
      yield {
        user: row.user,
        id: row.id,
        everyoneBase: row.everyone_base,
        announcedCursor: row.announced_cursor,
        announcedRanges: numbers(row.announced_ranges),
        named: numbers(row.named),
        external: list(row.external).filter(isNameCount),
        blocked: numbers(row.blocked),
      };
    }
  }

  *conversations(app: number): Generator<snapshot.ConversationRow> {
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
        last: row.last,
        metadata: metadata(row.metadata),
        voids: numbers(row.voids),
        deletedMessages: numbers(row.deleted_messages),
      };
    }
  }

  *participations(app: number): Generator<snapshot.ParticipationRow> {
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

  *announcements(app: number): Generator<snapshot.AnnouncementRow> {
    for (const row of this.#announcements.iterate(app)) {
      const { announcement, id, at, fingerprint, everyone_position: position } = row;
      const recipients = position === null ? numbers(row.recipients) : { position };
      yield { announcement, id, at, fingerprint, recipients };
    }
  }
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

function marks(count: number): string {
  return Array(count).fill('?').join(', ');
}

function listText(values: readonly unknown[]): string | null {
  return values.length === 0 ? null : JSON.stringify(values);
}

function list(text: string | null): unknown[] {
  const value: unknown = text === null ? [] : JSON.parse(text);
  if (!Array.isArray(value)) throw new Error(`not a list: ${text?.slice(0, 100)}`);
  return value;
}

const none: readonly number[] = [];

function numbers(text: string | null): readonly number[] {
  return text === null ? none : list(text).map(Number);
}

function isNameCount(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

function metadata(text: string | null): Metadata {
  return text === null ? {} : JSON.parse(text);
}
