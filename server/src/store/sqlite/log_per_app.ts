/**
 * Moves the rows of the journal, which all apps shared until version 3, into the log of each app (migration 4). Events hold
 * references to others: these are renumbered as well. The event that deletes a last message now says
 * which message is the last one then.
 */
import { type LastMessage, parseEvent } from '@badged/core';
import type { Connection } from './connection.js';
import { Log } from './log.js';

const rowsPerPage = 10_000;

interface JournalRow {
  readonly seq: number;
  readonly app: number;
  readonly event: string;
}

export function moveJournal(connection: Connection, onProgress: (message: string) => void): void {
  const journal = new Journal(connection);
  const log = new Log(connection);
  const apps = new Set(
    connection.prepare<[], number>('select number from apps where deleted_at is null').pluck().all(),
  );
  const completed = connection.prepare<[], number>('select seq from checkpoint').pluck().get() ?? 0;
  const numbers = new Numbers(journal.last);
  for (const rows of journal.pages()) {
    for (const row of rows) {
      if (!apps.has(row.app)) continue;
      const seq = numbers.next(row.app, row.seq, row.seq <= completed);
      log.appendText(row.app, seq, renumbered(row.event, numbers, journal));
    }
    const done = rows.at(-1)?.seq ?? 0;
    if (journal.last >= 100_000) onProgress(`numbering the log per app: ${done} of ${journal.last} rows`);
  }
  const complete = connection.prepare<[number, number]>('insert into checkpoints (app, seq) values (?, ?)');
  for (const [app, seq] of numbers.completed) complete.run(app, seq);
  moveMessageIds(connection, numbers);
  moveLastMessages(connection, numbers, journal);
  connection.exec('drop table journal; drop table checkpoint');
}

class Journal {
  readonly last: number;
  readonly #page;
  readonly #at;

  constructor(connection: Connection) {
    this.last = connection.prepare<[], number | null>('select max(seq) from journal').pluck().get() ?? 0;
    this.#page = connection.prepare<[number], JournalRow>(
      `select seq, app, event from journal where seq > ? order by seq limit ${rowsPerPage}`,
    );
    this.#at = connection.prepare<[number], string>('select event from journal where seq = ?').pluck();
  }

  *pages(): Generator<readonly JournalRow[]> {
    for (let last = 0; ; ) {
      const rows = this.#page.all(last);
      if (rows.length === 0) return;
      yield rows;
      last = rows.at(-1)?.seq ?? last;
    }
  }

  /** The message at a row of the journal, as a conversation's last one; null if there is none. */
  message(seq: number, numbers: Numbers): LastMessage | null {
    const text = this.#at.get(seq);
    const event = text === undefined ? undefined : parseEvent(text);
    if (event?.type !== 'message') return null;
    const { position, sender, at, id } = event;
    return { reference: numbers.of(seq), position, sender, at, ...(id !== undefined && { id }) };
  }
}

/** The number in its app's log of each row of the journal: four bytes for each. */
class Numbers {
  readonly completed = new Map<number, number>();
  readonly #ofRow: Uint32Array;
  readonly #lastOfApp = new Map<number, number>();

  constructor(lastRow: number) {
    this.#ofRow = new Uint32Array(lastRow + 1);
  }

  next(app: number, row: number, isCompleted: boolean): number {
    const seq = (this.#lastOfApp.get(app) ?? 0) + 1;
    this.#lastOfApp.set(app, seq);
    this.#ofRow[row] = seq;
    if (isCompleted) this.completed.set(app, seq);
    return seq;
  }

  /** 0 for a row that is not there. */
  of(row: number): number {
    return this.#ofRow[row] ?? 0;
  }
}

function renumbered(text: string, numbers: Numbers, journal: Journal): string {
  if (!text.includes('"previous":') && !text.includes('"last":')) return text;
  const event: unknown = JSON.parse(text);
  if (isMessage(event)) return JSON.stringify({ ...event, previous: numbers.of(event.previous) });
  if (isDeletionOfLast(event))
    return JSON.stringify({ ...event, last: journal.message(event.last, numbers) });
  return text;
}

function isMessage(event: unknown): event is { readonly previous: number } {
  return hasNumber(event, 'message', 'previous');
}

function isDeletionOfLast(event: unknown): event is { readonly last: number } {
  return hasNumber(event, 'message_deleted', 'last');
}

function hasNumber(event: unknown, type: string, property: string): boolean {
  if (typeof event !== 'object' || event === null || Reflect.get(event, 'type') !== type) return false;
  return typeof Reflect.get(event, property) === 'number';
}

function moveMessageIds(connection: Connection, numbers: Numbers): void {
  const page = connection.prepare<[number, string], { app: number; id: string; seq: number }>(
    `select app, id, seq from message_ids where (app, id) > (?, ?) order by app, id limit ${rowsPerPage}`,
  );
  const update = connection.prepare<[number, number, string]>(
    'update message_ids set seq = ? where app = ? and id = ?',
  );
  let rows = page.all(0, '');
  while (rows.length > 0) {
    for (const { app, id, seq } of rows) update.run(numbers.of(seq), app, id);
    const { app, id } = rows.at(-1) ?? { app: 0, id: '' };
    rows = page.all(app, id);
  }
}

function moveLastMessages(connection: Connection, numbers: Numbers, journal: Journal): void {
  const page = connection.prepare<[number, number], { app: number; conversation: number; last: number }>(
    `select app, conversation, last from conversations where last > 0 and (app, conversation) > (?, ?)
     order by app, conversation limit ${rowsPerPage}`,
  );
  const update = connection.prepare<(number | string | null)[]>(
    `update conversations set last = ?, last_position = ?, last_sent_at = ?, last_user = ?, last_name = ?, last_id = ?
     where app = ? and conversation = ?`,
  );
  let rows = page.all(0, 0);
  while (rows.length > 0) {
    for (const { app, conversation, last } of rows) {
      const message = journal.message(last, numbers);
      const { reference = 0, position = 0, at = 0, sender = 0, id = null } = message ?? {};
      const [user, name] = typeof sender === 'number' ? [sender, null] : [0, sender];
      update.run(reference, position, at, user, name, id, app, conversation);
    }
    const { app, conversation } = rows.at(-1) ?? { app: 0, conversation: 0 };
    rows = page.all(app, conversation);
  }
}
