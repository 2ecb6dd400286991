/**
 * The write-ahead log while a server runs. SQLite writes it without syncing commits; the sync is done here, by a thread of
 * Node's pool, and responses wait for it. When the log is long, another thread copies it into the database
 * (docs/decisions/0032-the-disk-beside-the-thread-that-serves.md).
 */
import { closeSync, fdatasync, fdatasyncSync, openSync, readSync, statSync } from 'node:fs';
import { type Connection, sqliteCode } from './connection.js';
import type { CommitDisk } from './group_commit.js';
import { copyNow, copyRow, copyWithMark, isCopied } from './log_mark.js';
import { SqlThread } from './sql_thread.js';

/** As SQLite's own default: 4 MiB of log. */
const framesBeforeCopy = 1_000;
/** While another process reads, the log cannot be copied into the file completely; it is tried again. */
const retryMs = 1_000;

export class LogFile implements CommitDisk {
  readonly #database: string;
  readonly #descriptor: number;
  readonly #frames: Frames;
  #thread: SqlThread | undefined;
  /** When the database was written last, with the mark. */
  #markedAt: bigint | undefined;
  #retryAt = 0;
  #isSyncing = false;
  #isClosed = false;

  /** The connection is the server's own. It must have written to the log. */
  constructor(connection: Connection, databaseFile: string) {
    this.#database = databaseFile;
    this.#copied(copyNow(connection));
    this.#descriptor = openSync(`${databaseFile}-wal`, 'r+');
    this.#frames = new Frames(this.#descriptor, Number(connection.pragma('page_size')));
  }

  sync(): Promise<void> {
    this.#isSyncing = true;
    return new Promise((resolve, reject) => {
      fdatasync(this.#descriptor, (error) => {
        this.#isSyncing = false;
        if (this.#isClosed) closeSync(this.#descriptor);
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  syncNow(): void {
    fdatasyncSync(this.#descriptor);
  }

  /** Copies the log if it is long, or if another program copied it without the mark. */
  maintain(): Promise<void> | undefined {
    if (performance.now() < this.#retryAt) return undefined;
    const frames = this.#frames.count();
    // It takes a moment to start.
    if (frames >= framesBeforeCopy / 2) this.#thread ??= new SqlThread(this.#database);
    return frames >= framesBeforeCopy || this.#writtenAt() !== this.#markedAt ? this.#copy() : undefined;
  }

  /** After the connection was closed, and not during maintenance. */
  close(): void {
    this.#isClosed = true;
    this.#thread?.end();
    if (!this.#isSyncing) closeSync(this.#descriptor);
  }

  async #copy(): Promise<void> {
    this.#thread ??= new SqlThread(this.#database);
    try {
      const rows = await this.#thread.run(copyWithMark);
      this.#copied(isCopied(rows[copyRow]));
    } catch (error) {
      // Another program writes.
      if (sqliteCode(error)?.startsWith('SQLITE_BUSY') !== true) throw error;
      this.#copied(false);
    }
  }

  #copied(isComplete: boolean): void {
    this.#markedAt = isComplete ? this.#writtenAt() : undefined;
    this.#retryAt = isComplete ? 0 : performance.now() + retryMs;
  }

  /** Without opening it: closing it again would release SQLite's locks. */
  #writtenAt(): bigint {
    return statSync(this.#database, { bigint: true }).mtimeNs;
  }
}

const headerBytes = 32;
const frameHeaderBytes = 24;
const saltBytes = 8;

/**
 * Counts the frames of the log. The file is longer: SQLite writes it from the start again, and what is left of earlier rounds
 * has other salts than its header (https://www.sqlite.org/walformat.html).
 */
class Frames {
  readonly #descriptor: number;
  readonly #frameBytes: number;
  readonly #salt = Buffer.alloc(saltBytes);
  readonly #other = Buffer.alloc(saltBytes);
  #last = 0;

  constructor(descriptor: number, pageBytes: number) {
    this.#descriptor = descriptor;
    this.#frameBytes = frameHeaderBytes + pageBytes;
  }

  /** A few short reads: it begins where the last count ended. */
  count(): number {
    readSync(this.#descriptor, this.#salt, 0, saltBytes, 16);
    let low = this.#isFrame(this.#last) ? this.#last : 0;
    let step = 1;
    while (this.#isFrame(low + step)) {
      low += step;
      step *= 2;
    }
    for (; step >= 1; step /= 2) if (this.#isFrame(low + step)) low += step;
    this.#last = low;
    return low;
  }

  /** Whether the log has so many frames. */
  #isFrame(number: number): boolean {
    if (number === 0) return true;
    const at = headerBytes + (number - 1) * this.#frameBytes + saltBytes;
    const read = readSync(this.#descriptor, this.#other, 0, saltBytes, at);
    return read === saltBytes && this.#other.equals(this.#salt);
  }
}
