/**
 * An open SQLite connection, as the files of the tables use it. Two drivers offer it: node_sqlite.ts is Node's own, and
 * better_sqlite3.ts serves versions of Node without one. driver.ts chooses.
 */

/** What a parameter may be. */
export type SqliteValue = number | string | null | Uint8Array;

export interface Connection {
  prepare<P extends SqliteValue[] = SqliteValue[], R = unknown>(sql: string): Statement<P, R>;
  /** Runs statements that take no parameters and return no rows. */
  exec(sql: string): void;
  /** Runs `pragma TEXT`, and returns its first value. */
  pragma(text: string): unknown;
  /** Returns a function that does the work in a transaction, or in a savepoint where one is open. */
  transaction<V>(work: () => V): () => V;
  readonly inTransaction: boolean;
  close(): void;
}

export interface Statement<P extends SqliteValue[] = SqliteValue[], R = unknown> {
  run(...parameters: P): Written;
  get(...parameters: P): R | undefined;
  all(...parameters: P): R[];
  iterate(...parameters: P): IterableIterator<R>;
  /** From now on, a row is the value of its first column. */
  pluck(): this;
  /** From now on, a row is an array of its values. */
  raw(): this;
}

export interface Written {
  /** The number of changed rows. */
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

export interface ConnectionOptions {
  /** How long a statement waits for a lock of another process. Default: 5,000. */
  readonly timeoutMs?: number;
  /** The file must exist. */
  readonly isReadOnly?: boolean;
}

/** The names of the primary result codes that are treated differently. */
const names: ReadonlyMap<number, string> = new Map([
  [3, 'SQLITE_PERM'],
  [5, 'SQLITE_BUSY'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [23, 'SQLITE_AUTH'],
  [26, 'SQLITE_NOTADB'],
]);

/** The name of SQLite's result code, such as SQLITE_BUSY, perhaps with a detail after it; undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return code;
  if (code !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return undefined;
  // The low byte of an extended result code is its primary code.
  return names.get(Number(error.errcode) & 0xff) ?? 'SQLITE_ERROR';
}
