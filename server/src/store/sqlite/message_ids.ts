/** The table of message ids that callers chose: each with its message's reference in the log. Checkpoints write it. */
import type { Connection } from './connection.js';

export class MessageIdTable {
  readonly #select;
  readonly #insert;

  constructor(connection: Connection) {
    this.#select = connection
      .prepare<[number, string], number>('select seq from message_ids where app = ? and id = ?')
      .pluck();
    this.#insert = connection.prepare<[number, string, number]>(
      'insert or replace into message_ids (app, id, seq) values (?, ?, ?)',
    );
  }

  /** 0 if there is none. */
  find(app: number, id: string): number {
    return this.#select.get(app, id) ?? 0;
  }

  write(app: number, id: string, seq: number): void {
    this.#insert.run(app, id, seq);
  }
}
