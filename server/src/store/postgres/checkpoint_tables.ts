/** The tables of checkpoints: rows of the state, written by statements for many rows each. Lists are JSON; what is empty is null. */
import type { snapshot } from '@badged/core';
import { type CheckpointRows, noRows } from '../engine.js';
import { listText, metadataOf, metadataText, nameCounts, numbers } from '../json_columns.js';
import { readParticipations } from './participation_pages.js';
import type { Run, Value } from './run.js';

const rowsPerPage = 2_000;

const writeUsers = `
  insert into app_user (app, user_number, id, everyone_base, announced_cursor, announced_ranges, named, external, blocked)
  select $1::bigint, line.* from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
    $9::text[]) as line
  on conflict (app, user_number) do update set (id, everyone_base, announced_cursor, announced_ranges, named, external,
    blocked) = (excluded.id, excluded.everyone_base, excluded.announced_cursor, excluded.announced_ranges, excluded.named,
    excluded.external, excluded.blocked)`;

const writeConversations = `
  insert into conversation (app, conversation, id, is_existing, is_distinct, created_at, fingerprint, head, last_at,
    metadata, uncounted, deleted_messages, last_message)
  select $1::bigint, line.* from unnest($2::bigint[], $3::text[], $4::boolean[], $5::boolean[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[]) as line
  on conflict (app, conversation) do update set (id, is_existing, is_distinct, created_at, fingerprint, head, last_at,
    metadata, uncounted, deleted_messages, last_message) = (excluded.id, excluded.is_existing, excluded.is_distinct,
    excluded.created_at, excluded.fingerprint, excluded.head, excluded.last_at, excluded.metadata, excluded.uncounted,
    excluded.deleted_messages, excluded.last_message)`;

const writeParticipations = `
  insert into participation (app, conversation, user_number, joined, cursor, ranges, mentions, level, muted_until)
  select $1::bigint, line.* from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
    $9::bigint[]) as line
  on conflict (app, conversation, user_number) do update set (joined, cursor, ranges, mentions, level, muted_until) =
    (excluded.joined, excluded.cursor, excluded.ranges, excluded.mentions, excluded.level, excluded.muted_until)`;

const removeParticipations = `
  delete from participation using unnest($2::bigint[], $3::bigint[]) as gone (conversation, user_number)
  where app = $1 and participation.conversation = gone.conversation and participation.user_number = gone.user_number`;

const writeAnnouncements = `
  insert into announcement (app, announcement, id, at, fingerprint, everyone_position, recipients)
  select $1::bigint, line.* from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[]) as line
  on conflict (app, announcement) do update set (id, at, fingerprint, everyone_position, recipients) = (excluded.id,
    excluded.at, excluded.fingerprint, excluded.everyone_position, excluded.recipients)`;

const userPage = `
  select user_number, id, everyone_base, announced_cursor, announced_ranges, named, external, blocked
  from app_user where app = $1 and user_number > $2 order by user_number limit ${rowsPerPage}`;

const conversationPage = `
  select conversation, id, is_existing, is_distinct, created_at, fingerprint, head, last_at, metadata, uncounted,
    deleted_messages, last_message
  from conversation where app = $1 and conversation > $2 order by conversation limit ${rowsPerPage}`;

const announcementPage = `
  select announcement, id, at, fingerprint, everyone_position, recipients
  from announcement where app = $1 and announcement > $2 order by announcement limit ${rowsPerPage}`;

/** Hands in one statement for each table that has rows. */
export async function writeRows(run: Run, app: number, rows: CheckpointRows): Promise<void> {
  const { users, conversations, participations, announcements, left } = rows;
  await Promise.all([
    write(run, writeUsers, app, users, userColumns),
    write(run, writeConversations, app, conversations, conversationColumns),
    write(run, writeParticipations, app, participations, participationColumns),
    write(run, removeParticipations, app, left, ({ conversation, user }) => [conversation, user]),
    write(run, writeAnnouncements, app, announcements, announcementColumns),
  ]);
}

/** All rows of the app; of each page, those of one table. */
export async function* readPages(read: Run, app: number): AsyncGenerator<CheckpointRows> {
  const users = (last?: StoredUser) => read<StoredUser>(userPage, [app, last?.user_number ?? 0]);
  for await (const rows of pages(users)) yield { ...noRows, users: rows.map(parseUser) };
  const conversations = (last?: StoredConversation) =>
    read<StoredConversation>(conversationPage, [app, last?.conversation ?? 0]);
  for await (const rows of pages(conversations))
    yield { ...noRows, conversations: rows.map(parseConversation) };
  for await (const participations of readParticipations(read, app)) yield { ...noRows, participations };
  const announcements = (last?: StoredAnnouncement) =>
    read<StoredAnnouncement>(announcementPage, [app, last?.announcement ?? 0]);
  for await (const rows of pages(announcements))
    yield { ...noRows, announcements: rows.map(parseAnnouncement) };
}

/** The database reads the next page while the caller works with this one. */
async function* pages<R>(readAfter: (last?: R) => Promise<R[]>): AsyncGenerator<R[]> {
  for (let next: Promise<R[]> | undefined = readAfter(); next !== undefined; ) {
    const rows: R[] = await next;
    next = rows.length < rowsPerPage ? undefined : readAfter(rows.at(-1));
    // An error is the caller's when it asks for that page.
    next?.catch(() => {});
    yield rows;
  }
}

type Cell = string | number | boolean | null;

/** The rows as one list for each column. */
async function write<R>(
  run: Run,
  sql: string,
  app: number,
  rows: readonly R[],
  cells: (row: R) => readonly Cell[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns: Cell[][] = [];
  for (const row of rows) {
    for (const [index, cell] of cells(row).entries()) {
      const column = columns[index];
      if (column === undefined) columns[index] = [cell];
      else column.push(cell);
    }
  }
  const values: Value[] = [app, ...columns];
  await run(sql, values);
}

function userColumns(row: snapshot.UserRow): readonly Cell[] {
  const { user, id, everyoneBase, announcedCursor, announcedRanges, named, external, blocked } = row;
  const lists = [announcedRanges, named, external, blocked].map(listText);
  return [user, id, everyoneBase, announcedCursor, ...lists];
}

function conversationColumns(row: snapshot.ConversationRow): readonly Cell[] {
  const { conversation, id, exists, distinct, createdAt, fingerprint, head, lastAt, last } = row;
  const metadata = metadataText(row.metadata);
  const lists = [row.uncounted, row.deletedMessages].map(listText);
  const numbers = [createdAt, fingerprint, head, lastAt];
  return [conversation, id, exists, distinct, ...numbers, metadata, ...lists, last && JSON.stringify(last)];
}

function participationColumns(row: snapshot.ParticipationRow): readonly Cell[] {
  const { conversation, user, joined, cursor, level, mutedUntil } = row;
  const lists = [row.ranges, row.mentions].map(listText);
  return [conversation, user, joined, cursor, ...lists, level === 'all' ? null : level, mutedUntil];
}

function announcementColumns(row: snapshot.AnnouncementRow): readonly Cell[] {
  const { announcement, id, at, fingerprint, recipients } = row;
  const position = 'position' in recipients ? recipients.position : null;
  const named = 'position' in recipients ? null : JSON.stringify(recipients);
  return [announcement, id, at, fingerprint, position, named];
}

interface StoredUser {
  readonly user_number: number;
  readonly id: string;
  readonly everyone_base: number;
  readonly announced_cursor: number;
  readonly announced_ranges: string | null;
  readonly named: string | null;
  readonly external: string | null;
  readonly blocked: string | null;
}

interface StoredConversation {
  readonly conversation: number;
  readonly id: string;
  readonly is_existing: boolean;
  readonly is_distinct: boolean;
  readonly created_at: number;
  readonly fingerprint: number;
  readonly head: number;
  readonly last_at: number;
  readonly metadata: string | null;
  readonly uncounted: string | null;
  readonly deleted_messages: string | null;
  readonly last_message: string | null;
}

interface StoredAnnouncement {
  readonly announcement: number;
  readonly id: string;
  readonly at: number;
  readonly fingerprint: number;
  readonly everyone_position: number | null;
  readonly recipients: string | null;
}

function parseUser(row: StoredUser): snapshot.UserRow {
  return {
    user: row.user_number,
    id: row.id,
    everyoneBase: row.everyone_base,
    announcedCursor: row.announced_cursor,
    announcedRanges: numbers(row.announced_ranges),
    named: numbers(row.named),
    external: nameCounts(row.external),
    blocked: numbers(row.blocked),
  };
}

function parseConversation(row: StoredConversation): snapshot.ConversationRow {
  return {
    conversation: row.conversation,
    id: row.id,
    exists: row.is_existing,
    distinct: row.is_distinct,
    createdAt: row.created_at,
    fingerprint: row.fingerprint,
    head: row.head,
    lastAt: row.last_at,
    last: row.last_message === null ? null : JSON.parse(row.last_message),
    metadata: metadataOf(row.metadata),
    uncounted: numbers(row.uncounted),
    deletedMessages: numbers(row.deleted_messages),
  };
}

function parseAnnouncement(row: StoredAnnouncement): snapshot.AnnouncementRow {
  const { announcement, id, at, fingerprint, everyone_position: position } = row;
  const recipients = position === null ? numbers(row.recipients) : { position };
  return { announcement, id, at, fingerprint, recipients };
}
