/** SQLite through better-sqlite3, a native module: for versions of Node whose own SQLite is missing or too old. */
import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import type { Connection, ConnectionOptions, SqliteValue, Statement } from './connection.js';
import { DataDirectoryError } from './data_directory_error.js';

/** @throws DataDirectoryError if better-sqlite3 is not installed, or was built for another version of Node. */
export function openBetterSqlite3(file: string, { timeoutMs, isReadOnly }: ConnectionOptions): Connection {
  const BetterSqlite3 = load();
  const isForReading = isReadOnly === true;
  const timeout = timeoutMs !== undefined && { timeout: timeoutMs };
  try {
    return new BetterSqlite3Connection(
      new BetterSqlite3(file, { readonly: isForReading, fileMustExist: isForReading, ...timeout }),
    );
  } catch (error) {
    throw isOfTheNativeModule(error) ? new DataDirectoryError(sentences.notBuilt) : error;
  }
}

const sentences = {
  missing:
    `Node.js ${process.versions.node} has no complete SQLite of its own. Use Node.js 22.16 or newer, ` +
    'or install better-sqlite3 beside badged: npm install better-sqlite3',
  notBuilt:
    `better-sqlite3 is not built, or was built for another Node.js than ${process.versions.node}. ` +
    'Build it with: npm rebuild better-sqlite3',
};

function load(): typeof Database {
  const require: (name: string) => typeof Database = createRequire(import.meta.url);
  try {
    return require('better-sqlite3');
  } catch {
    throw new DataDirectoryError(sentences.missing);
  }
}

/** The native part is loaded when the first database is opened. */
function isOfTheNativeModule(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isNotFound = error.message.startsWith('Could not locate the bindings file');
  return isNotFound || ('code' in error && error.code === 'ERR_DLOPEN_FAILED');
}

class BetterSqlite3Connection implements Connection {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  prepare<P extends SqliteValue[], R>(sql: string): Statement<P, R> {
    return this.#database.prepare<P, R>(sql);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  pragma(text: string): unknown {
    return this.#database.pragma(text, { simple: true });
  }

  transaction<V>(work: () => V): () => V {
    return this.#database.transaction(work);
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  close(): void {
    this.#database.close();
  }
}
