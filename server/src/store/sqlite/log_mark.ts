/**
 * Says in badged.db itself whether the file is whole, or needs its write-ahead log: so that a copy of the file alone, made while a
 * server ran, is not taken for all there is (docs/decisions/0027-a-database-that-says-it-needs-its-log.md).
 *
 * The mark is the application id in the header of the file. While a server runs, the file has the mark "needs its log", and the
 * log a page with "whole": SQLite sees the two together. Whoever copies the log into the file completely, as SQLite does when
 * the last connection closes, makes the file whole.
 */
import { existsSync, statSync } from 'node:fs';
import type { Connection, Statement } from './connection.js';

/** Older versions leave 0: nothing is known then. */
const whole = 0x62616467;
const needsLog = 0x62616c67;

/** While another process reads, the log cannot be copied into the file; it is tried again. */
const retryMs = 1_000;

/** Whether a database has a log with content. Ask before it is opened. */
export function hasLog(databaseFile: string): boolean {
  const log = `${databaseFile}-wal`;
  return existsSync(log) && statSync(log).size > 0;
}

/** Whether it was marked as needing a log, and that is not in use: it is missing if there is none. */
export function isMarkedAsNeedingLog(connection: Connection): boolean {
  return connection.pragma('application_id') === needsLog;
}

/** Before the log is emptied: what is left is whole. */
export function markAsWhole(connection: Connection): void {
  connection.pragma(`application_id = ${whole}`);
}

export class LogMark {
  readonly #connection: Connection;
  readonly #file: string;
  readonly #copy: Statement<[], Copied>;
  /** When the file was written last, with the mark. */
  #markedAt: bigint | undefined;
  #retryAt = 0;

  constructor(connection: Connection, file: string) {
    this.#connection = connection;
    this.#file = file;
    this.#copy = connection.prepare<[], Copied>('pragma wal_checkpoint(PASSIVE)');
  }

  /** Call it after commits: SQLite may have copied the log into the file, and with it "whole". */
  refresh(): void {
    if (this.#writtenAt() === this.#markedAt || performance.now() < this.#retryAt) return;
    this.mark();
  }

  /** Not synced on its own: after a power cut there is a log in any case. */
  mark(): void {
    const synchronous = Number(this.#connection.pragma('synchronous'));
    this.#connection.pragma('synchronous = NORMAL');
    this.#connection.pragma(`application_id = ${needsLog}`);
    const copied = this.#copy.get();
    markAsWhole(this.#connection);
    this.#connection.pragma(`synchronous = ${synchronous}`);
    const isCopied = copied?.busy === 0 && copied.log === copied.checkpointed;
    this.#markedAt = isCopied ? this.#writtenAt() : undefined;
    this.#retryAt = isCopied ? 0 : performance.now() + retryMs;
  }

  /** Without opening it: closing it again would release SQLite's locks. */
  #writtenAt(): bigint {
    return statSync(this.#file, { bigint: true }).mtimeNs;
  }
}

interface Copied {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}
