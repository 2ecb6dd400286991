/** SQLite as Node brings it (`node:sqlite`, complete since Node 22.16): nothing to compile, and nothing to install. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Connection, ConnectionOptions, SqliteValue, Statement, Written } from './connection.js';

export type NodeSqlite = typeof import('node:sqlite');

const defaultTimeoutMs = 5_000;

/** Node's SQLite, or undefined where it is missing or too old. */
export function nodeSqlite(): NodeSqlite | undefined {
  const sqlite = withoutExperimentalWarning(() => process.getBuiltinModule?.('node:sqlite'));
  // Older versions have no state of a transaction and no timeout. They came with the same version as backup().
  return sqlite !== undefined && 'backup' in sqlite ? sqlite : undefined;
}

export function openNodeSqlite(
  { DatabaseSync }: NodeSqlite,
  file: string,
  { timeoutMs = defaultTimeoutMs, isReadOnly = false }: ConnectionOptions,
): Connection {
  return new NodeSqliteConnection(new DatabaseSync(file, { timeout: timeoutMs, readOnly: isReadOnly }));
}

/** Node prints once that its SQLite may still change. A user of badged can do nothing about it. */
function withoutExperimentalWarning<V>(load: () => V): V {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const outermost = { begin: 'begin', commit: 'commit', undo: 'rollback' };
const nested = {
  begin: 'savepoint nested',
  commit: 'release nested',
  undo: 'rollback to nested; release nested',
};

class NodeSqliteConnection implements Connection {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare<P extends SqliteValue[], R>(sql: string): Statement<P, R> {
    return new NodeSqliteStatement<P, R>(this.#database.prepare(sql));
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  pragma(text: string): unknown {
    const statement = this.#database.prepare(`pragma ${text}`);
    statement.setReturnArrays(true);
    return firstColumn(statement.get());
  }

  transaction<V>(work: () => V): () => V {
    return () => this.#inTransaction(work);
  }

  #inTransaction<V>(work: () => V): V {
    const { begin, commit, undo } = this.inTransaction ? nested : outermost;
    this.exec(begin);
    try {
      const value = work();
      this.exec(commit);
      return value;
    } catch (error) {
      // SQLite may have undone the whole transaction by itself, such as on a full disk.
      if (this.inTransaction) this.exec(undo);
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    this.#database.close();
  }
}

class NodeSqliteStatement<P extends SqliteValue[], R> implements Statement<P, R> {
  readonly #statement: StatementSync;
  #isPlucked = false;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  run(...parameters: P): Written {
    const { changes, lastInsertRowid } = this.#statement.run(...parameters);
    return { changes: Number(changes), lastInsertRowid };
  }

  get(...parameters: P): R | undefined {
    const row = this.#statement.get(...parameters);
    return row === undefined ? undefined : this.#row(row);
  }

  all(...parameters: P): R[] {
    return this.#statement.all(...parameters).map((row) => this.#row(row));
  }

  *iterate(...parameters: P): IterableIterator<R> {
    for (const row of this.#statement.iterate(...parameters)) yield this.#row(row);
  }

  pluck(): this {
    this.#isPlucked = true;
    return this.raw();
  }

  raw(): this {
    this.#statement.setReturnArrays(true);
    return this;
  }

  /** The caller states a row's type beside the statement's text, as with every driver: SQL says nothing of it. */
  #row(row: unknown): R {
    return (this.#isPlucked ? firstColumn(row) : row) as R;
  }
}

function firstColumn(row: unknown): unknown {
  return Array.isArray(row) ? row[0] : undefined;
}
