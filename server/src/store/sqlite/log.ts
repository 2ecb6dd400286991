/**
 * The table of the apps' logs: one row for each event. Its key is the app's number and the event's packed into one integer, which
 * SQLite computes: seq has its lower 40 bits (docs/decisions/0013-a-log-for-each-app.md).
 */
import { type Event, type LoggedMessage, parseEvent } from '@badged/core';
import type { LogRow } from '../engine.js';
import type { Connection } from './connection.js';

/** A trillion events for each of eight million apps. */
const seqBits = 40;
const id = `(? << ${seqBits}) | ?`;
const seqOf = `id & ((1 << ${seqBits}) - 1)`;
const rowsPerPage = 1_000;

export class Log {
  readonly #insert;
  readonly #at;
  readonly #page;
  readonly #first;
  readonly #last;
  readonly #dropIds;
  readonly #drop;

  constructor(connection: Connection) {
    this.#insert = connection.prepare<[number, number, string]>(
      `insert into log (id, event) values (${id}, ?)`,
    );
    this.#at = connection.prepare<[number, number], string>(`select event from log where id = ${id}`).pluck();
    this.#page = connection.prepare<[number, number, number], { seq: number; event: string }>(
      `select ${seqOf} as seq, event from log where id > (${id}) and id < ((? + 1) << ${seqBits})
       order by id limit ${rowsPerPage}`,
    );
    this.#first = connection
      .prepare<[number, number], number>(
        `select ${seqOf} from log where id > (? << ${seqBits}) and id < ((? + 1) << ${seqBits}) order by id limit 1`,
      )
      .pluck();
    this.#dropIds = connection.prepare<number[]>(
      `delete from message_ids where app = ? and seq <= ? and id in (
         select event ->> '$.id' from log where id between (${id}) and (${id}) and event ->> '$.type' = 'message')`,
    );
    this.#drop = connection.prepare<number[]>(`delete from log where id between (${id}) and (${id})`);
    this.#last = connection
      .prepare<[number, number], number>(
        `select ${seqOf} from log where id > (? << ${seqBits}) and id < ((? + 1) << ${seqBits})
         order by id desc limit 1`,
      )
      .pluck();
  }

  /** To be called inside a transaction. */
  append(app: number, seq: number, event: Event): void {
    this.appendText(app, seq, JSON.stringify(event));
  }

  /** The event as JSON. */
  appendText(app: number, seq: number, event: string): void {
    this.#insert.run(app, seq, event);
  }

  /** To be called inside a transaction. Returns how many there were. */
  drop(app: number, from: number, to: number): number {
    this.#dropIds.run(app, to, app, from, app, to);
    return Number(this.#drop.run(app, from, app, to).changes);
  }

  /** 0 if there is none. */
  first(app: number): number {
    return this.#first.get(app, app) ?? 0;
  }

  last(app: number): number {
    return this.#last.get(app, app) ?? 0;
  }

  *after(app: number, seq: number): Generator<readonly LogRow[]> {
    for (const rows of this.textsAfter(app, seq))
      yield rows.map((row) => ({ seq: row.seq, event: parseEvent(row.event) }));
  }

  /** The events as JSON. */
  *textsAfter(app: number, seq: number): Generator<readonly { seq: number; event: string }[]> {
    for (let last = seq; ; ) {
      const rows = this.#page.all(app, last, app);
      if (rows.length > 0) yield rows;
      if (rows.length < rowsPerPage) return;
      last = rows.at(-1)?.seq ?? last;
    }
  }

  messagesBack(app: number, from: number, to: number, limit: number): LoggedMessage[] {
    const found: LoggedMessage[] = [];
    for (let reference = from; reference !== 0 && found.length < limit; ) {
      const text = this.#at.get(app, reference);
      const message = text === undefined ? undefined : parseEvent(text);
      if (message?.type !== 'message') break;
      found.push({ reference, message });
      reference = message.position <= to ? 0 : (message.previous ?? 0);
    }
    return found;
  }
}
