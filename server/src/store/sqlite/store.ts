/**
 * The embedded store: SQLite for durability, the state in memory. One process owns the data directory. Reads
 * are answered from memory and see only what is committed.
 */
import { randomBytes } from 'node:crypto';
import {
  askAbsent,
  type Command,
  type CommandType,
  notFound,
  type Outcome,
  parseEvent,
  type Query,
  type QueryResult,
  type QueryType,
} from '@badged/core';
import { type AppRegistry, type CommandWithAlert, type Store, StoreUnavailable } from '../port.js';
import type { AlertContent, Change, PushStore } from '../push_port.js';
import type { RecordStore } from '../record_port.js';
import { type LoadedApp, LoadedApps, restore } from './apps.js';
import { Checkpointer, type CheckpointPace, completedCheckpoint, defaultPace } from './checkpoint.js';
import { type Connection, type OpenDatabase, openDatabase } from './database.js';
import { Devices } from './devices.js';
import { type CommitCounts, GroupCommit } from './group_commit.js';
import { Journal } from './journal.js';
import { ChosenIds } from './message_ids.js';
import { Outbox } from './outbox.js';
import { SqlitePushStore } from './push.js';
import { SqliteRecords } from './records.js';
import { purgeDeletedApps, Registry, storedApps, storedSecret } from './registry.js';

export interface SqliteOptions {
  /** Where badged.db is, and made if missing. */
  readonly directory: string;
  /** Called when the disk and the memory may part: the process has to stop. Default: throw it out of the loop. */
  readonly onFatal?: (error: Error) => void;
  /** False syncs nothing to disk. For tests only. */
  readonly isDurable?: boolean;
  readonly checkpoints?: Partial<CheckpointPace>;
  /** Told what the start is doing, where that takes a while. */
  readonly onProgress?: (message: string) => void;
}

export interface SqliteFigures extends CommitCounts {
  /** Rows of the journal that the next start would apply again. */
  readonly journalTail: number;
  readonly participations: number;
}

/** Opens the data directory, and is back when everything is loaded. Throws DataDirectoryError. */
export function openSqliteStore(options: SqliteOptions): SqliteStore {
  const database = openDatabase(options.directory, { isDurable: options.isDurable ?? true });
  try {
    return new SqliteStore(database, options);
  } catch (error) {
    database.close();
    throw error;
  }
}

export class SqliteStore implements Store {
  readonly apps: AppRegistry;
  readonly push: PushStore;
  readonly records: RecordStore;
  readonly #database: OpenDatabase;
  readonly #loaded: LoadedApps;
  readonly #journal: Journal;
  readonly #commits: GroupCommit;
  readonly #checkpointer: Checkpointer;
  readonly #listeners = new Set<(change: Change) => void>();
  #isClosed = false;

  constructor(database: OpenDatabase, options: SqliteOptions) {
    const { connection } = database;
    const { onFatal: end = throwOut } = options;
    // Neither half may go on without the other: a checkpoint of what no journal has would be loaded by a start.
    const onFatal = (error: Error) => {
      this.#checkpointer.stop();
      end(error);
    };
    this.#database = database;
    purgeDeletedApps(connection);
    releaseClaims(connection);
    this.#journal = new Journal(connection);
    const chosen = new ChosenIds(connection);
    const idKey = storedSecret(connection, 'message_id_key', randomBytes(32));
    this.#loaded = new LoadedApps(this.#journal, chosen, idKey);
    this.#load(options.onProgress ?? (() => {}));
    const onChange = (change: Change) => this.#tell(change);
    this.apps = new Registry(connection, this.#loaded, { whenOpen: () => this.#whenOpen(), onChange });
    const outbox = new Outbox(connection);
    const parts = { apps: this.#loaded, journal: this.#journal, outbox, onChange, onFatal };
    this.#commits = new GroupCommit(connection, parts);
    this.push = new SqlitePushStore({
      connection,
      commits: this.#commits,
      devices: new Devices(connection),
      outbox,
      app: (id) => this.#app(id),
      onAlert: (app) => this.#tell({ app, audience: { kind: 'users', users: [] }, hasAlert: true }),
    });
    this.records = new SqliteRecords({
      connection,
      commits: this.#commits,
      app: (id) => this.#app(id),
    });
    this.#checkpointer = new Checkpointer(
      connection,
      { apps: this.#loaded, journal: this.#journal, chosen },
      {
        pace: { ...defaultPace, ...options.checkpoints },
        isDurable: options.isDurable ?? true,
        onFatal: (error) => this.#commits.fail(error),
      },
    );
    this.#checkpointer.start();
  }

  get figures(): SqliteFigures {
    let participations = 0;
    for (const { machine } of this.#loaded.all()) participations += machine.state.participations.count;
    const journalTail = this.#journal.last - completedCheckpoint(this.#database.connection);
    return { ...this.#commits.counts, journalTail, participations };
  }

  async execute<T extends CommandType>(
    app: string,
    command: Command<T>,
    alert?: AlertContent,
  ): Promise<Outcome<T>> {
    this.#whenOpen();
    const loaded = this.#loaded.get(app);
    return loaded === undefined
      ? { refusal: notFound('The app') }
      : this.#commits.execute(loaded, command, alert);
  }

  async executeAll<T extends CommandType>(
    app: string,
    commands: readonly CommandWithAlert<T>[],
  ): Promise<readonly Outcome<T>[]> {
    return Promise.all(commands.map(({ command, alert }) => this.execute<T>(app, command, alert)));
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async ask<T extends QueryType>(
    app: string,
    query: Query<T> & { readonly type: T },
  ): Promise<QueryResult<T>> {
    const loaded = this.#app(app);
    return loaded === undefined ? askAbsent(query) : loaded.machine.ask(query, loaded.app.settings);
  }

  async ready() {
    this.#whenOpen();
  }

  /** Commits what was accepted, writes a whole checkpoint so that the next start is quick, and lets go. */
  async close() {
    if (this.#isClosed) return;
    this.#commits.flush();
    this.#isClosed = true;
    this.#checkpointer.stop();
    try {
      if (this.#commits.failure === undefined) this.#checkpointer.run();
    } finally {
      this.#database.close();
    }
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  #app(id: string): LoadedApp | undefined {
    this.#whenOpen();
    return this.#loaded.get(id);
  }

  #whenOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('The store is closing.');
    if (this.#commits.failure !== undefined) throw new StoreUnavailable(this.#commits.failure.message);
  }

  /** What the last checkpoint wrote, and the journal since. */
  #load(onProgress: (message: string) => void): void {
    const { connection } = this.#database;
    for (const { number, app } of storedApps(connection)) {
      restore(connection, this.#loaded.add(number, app));
    }
    const since = completedCheckpoint(connection);
    const rows = this.#journal.last - since;
    if (rows >= 10_000) onProgress(`applying the last ${rows} rows of the journal`);
    for (const { seq, app, event } of this.#journal.after(since)) {
      const loaded = this.#loaded.byNumber(app);
      if (loaded !== undefined) this.#loaded.apply(loaded, parseEvent(event), seq);
    }
  }
}

/** This is the only process: whatever was claimed, was claimed by one that is no more. */
function releaseClaims(connection: Connection): void {
  connection.exec('update devices set claimed_until = 0 where claimed_until > 0');
  connection.exec('update outbox set claimed_until = 0 where claimed_until > 0');
}

function throwOut(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
