/** The embedded engine: SQLite in a data directory that one process owns. */
import type { LoggedMessage } from '@badged/core';
import type {
  CheckpointRows,
  Decide,
  Engine,
  EngineReader,
  LogRow,
  OrPromise,
  StoredApp,
} from '../engine.js';
import type { EngineHost } from '../hosted_app.js';
import type { PushStore } from '../push_port.js';
import type { RecordStore } from '../record_port.js';
import { baseNumber, type RetentionEngine } from '../retention_engine.js';
import type { TransferTarget } from '../transfer_port.js';
import { CheckpointTables } from './checkpoint_tables.js';
import type { Connection } from './connection.js';
import { type OpenDatabase, openDatabase, openReadOnly, setSynchronous } from './database.js';
import { Devices } from './devices.js';
import { GroupCommit } from './group_commit.js';
import { Log } from './log.js';
import { MessageIdTable } from './message_ids.js';
import { Outbox } from './outbox.js';
import { purgeDeletedApps, releaseClaims } from './purge.js';
import { SqlitePushStore } from './push.js';
import { SqliteRecords } from './records.js';
import { SqliteRegistry, storedApps } from './registry.js';
import { SqliteTransferTarget } from './transfer_target.js';

/** Where SQLite copies the log by itself: its default. */
const pagesBetweenCopies = 1_000;

export interface SqliteOptions {
  /** The directory of badged.db. It is created if missing. */
  readonly directory: string;
  /** False syncs nothing to disk. For tests only. */
  readonly isDurable?: boolean;
  /** Called with the current step of a migration that takes long. */
  readonly onProgress?: (message: string) => void;
  /** Called after each commit with how many seconds writing and syncing it took. */
  readonly onCommit?: (seconds: number) => void;
  /** For an import, which may go on where an earlier one stopped. */
  readonly takesUnfinishedImport?: boolean;
}

/** Opens it for the one process that may write. Throws DataDirectoryError. */
export function openSqliteEngine(options: SqliteOptions): SqliteEngine {
  const { directory, isDurable = true, onCommit = () => {}, ...others } = options;
  const database = openDatabase(directory, { isDurable, ...others });
  try {
    return new SqliteEngine(database, isDurable, onCommit);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens it for reading as it is at this moment, also while a server writes. Throws DataDirectoryError. */
export function openSqliteReader(directory: string): EngineReader {
  return new SqliteReader(openReadOnly(directory));
}

class SqliteReader implements EngineReader {
  readonly capabilities = { immediateLookups: true };
  protected readonly connection: Connection;
  protected readonly log: Log;
  protected readonly messageIds: MessageIdTable;
  protected readonly tables: CheckpointTables;

  constructor(connection: Connection) {
    this.connection = connection;
    this.log = new Log(connection);
    this.messageIds = new MessageIdTable(connection);
    this.tables = new CheckpointTables(connection);
  }

  apps(): StoredApp[] {
    return storedApps(this.connection);
  }

  lastSeq(app: number): number {
    return this.log.last(app);
  }

  firstSeq(app: number): number {
    return this.log.first(app);
  }

  logAfter(app: number, seq: number): Iterable<readonly LogRow[]> {
    return this.log.after(app, seq);
  }

  messagesBack(app: number, from: number, to: number, limit: number): LoggedMessage[] {
    return this.log.messagesBack(app, from, to, limit);
  }

  chosenId(app: number, id: string): number {
    return this.messageIds.find(app, id);
  }

  checkpointSeq(app: number): number {
    return this.tables.completed(app);
  }

  checkpoint(app: number): Iterable<CheckpointRows> {
    return this.tables.pages(app);
  }

  close(): OrPromise<void> {
    this.connection.close();
  }
}

export class SqliteEngine extends SqliteReader implements Engine, RetentionEngine {
  readonly registry: SqliteRegistry;
  readonly #database: OpenDatabase;
  readonly #commits: GroupCommit;
  readonly #outbox: Outbox;

  constructor(database: OpenDatabase, isDurable: boolean, onCommit: (seconds: number) => void = () => {}) {
    super(database.connection);
    const { connection } = database;
    purgeDeletedApps(connection);
    releaseClaims(connection);
    this.#database = database;
    // From here on, `database.log` syncs the commits, and copies the log.
    if (isDurable) setSynchronous(connection, 'NORMAL');
    connection.pragma(`wal_autocheckpoint = ${isDurable ? 0 : pagesBetweenCopies}`);
    this.#commits = new GroupCommit(connection, database.log, onCommit);
    this.#outbox = new Outbox(connection);
    this.registry = new SqliteRegistry(connection, this.#commits);
  }

  get commits(): number {
    return this.#commits.commits;
  }

  onFatal(listener: (error: Error) => void): void {
    this.#commits.onFatal(listener);
  }

  /** No other process appends: the tail is always empty. */
  append(app: number, after: number, decide: Decide): Promise<void> {
    return this.#commits.append(() => {
      let seq = after;
      decide([], ({ event, alert }) => {
        seq += 1;
        this.log.append(app, seq, event);
        if (alert !== undefined) this.#outbox.add(app, null, alert.audience, alert.content);
      });
      return seq - after;
    });
  }

  /** Not synced on its own: the next commit syncs the same file. */
  writeCheckpoint(app: number, rows: CheckpointRows, complete?: number): Promise<void> {
    return this.#commits.runUnsynced(() => {
      this.tables.write(app, rows);
      for (const { id, reference } of rows.chosenIds) this.messageIds.write(app, id, reference);
      if (complete !== undefined) this.tables.complete(app, complete);
    });
  }

  takeBase(): boolean {
    return true;
  }

  async writeBase(app: number, rows: CheckpointRows, upTo?: number): Promise<boolean> {
    await this.writeCheckpoint(baseNumber(app), rows, upTo);
    return true;
  }

  /** On a connection of its own: the engine's cannot write while rows are being read from it. */
  async inSnapshot<V>(work: (reader: EngineReader) => Promise<V>): Promise<V> {
    const reader = openSqliteReader(this.#database.directory);
    try {
      return await work(reader);
    } finally {
      reader.close();
    }
  }

  dropEvents(app: number, from: number, to: number): Promise<number> {
    return this.#commits.runUnsynced(() => this.log.drop(app, from, to));
  }

  pushStore(host: EngineHost): PushStore {
    const { connection } = this;
    const devices = new Devices(connection);
    return new SqlitePushStore({ connection, commits: this.#commits, devices, outbox: this.#outbox, host });
  }

  recordStore(host: EngineHost): RecordStore {
    return new SqliteRecords({ connection: this.connection, commits: this.#commits, host });
  }

  /** It syncs its commits itself. */
  transferTarget(): TransferTarget {
    if (this.#database.log !== undefined) setSynchronous(this.connection, 'FULL');
    this.connection.pragma(`wal_autocheckpoint = ${pagesBetweenCopies}`);
    return new SqliteTransferTarget(this.connection);
  }

  /** Commits the accepted writes, then closes the database. */
  override close(): OrPromise<void> {
    const { maintenance } = this.#commits;
    if (maintenance !== undefined) return maintenance.then(() => this.close());
    this.#commits.flush();
    if (this.#commits.maintenance !== undefined) return this.close();
    this.#database.close();
  }
}
