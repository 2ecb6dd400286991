/** The journal: one appended row for each accepted command, and the message log that the state looks back into. */
import type { Event, MessageSent } from '@badged/core';
import { parseEvent } from '@badged/core';
import type { Connection } from './database.js';

export interface JournalRow {
  readonly seq: number;
  readonly app: number;
  readonly event: string;
}

export class Journal {
  readonly #insert;
  readonly #at;
  readonly #from;
  #last: number;

  constructor(connection: Connection) {
    this.#insert = connection.prepare<[number, number, string]>(
      'insert into journal (seq, app, event) values (?, ?, ?)',
    );
    this.#at = connection.prepare<[number], { event: string }>('select event from journal where seq = ?');
    this.#from = connection.prepare<[number], JournalRow>(
      'select seq, app, event from journal where seq > ? order by seq',
    );
    // The newest rows may have been a deleted app's, and be gone. A number at or below the checkpoint's is never
    // given again: such a row would not be applied by the next start.
    const newest = connection
      .prepare<[], { seq: number }>(
        'select max(seq, coalesce((select max(seq) from journal), 0)) as seq from checkpoint',
      )
      .get();
    this.#last = newest?.seq ?? 0;
  }

  /** The number of the last row. */
  get last(): number {
    return this.#last;
  }

  /** To be called inside a transaction. Returns the row's number. */
  append(app: number, event: Event): number {
    this.#last += 1;
    this.#insert.run(this.#last, app, JSON.stringify(event));
    return this.#last;
  }

  message(seq: number): MessageSent | undefined {
    const row = this.#at.get(seq);
    const event = row && parseEvent(row.event);
    return event?.type === 'message' ? event : undefined;
  }

  /** The rows after this one, in order. */
  after(seq: number): IterableIterator<JournalRow> {
    return this.#from.iterate(seq);
  }
}
