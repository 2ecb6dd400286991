/** The engine of many nodes: PostgreSQL, or a database that speaks its protocol and its SQL. No node owns anything in it. */
import { randomUUID } from 'node:crypto';
import type { LoggedMessage } from '@badged/core';
import type { CheckpointRows, Decide, LogRow, StoredApp } from '../engine.js';
import type { PushStore } from '../push_port.js';
import type { RecordStore } from '../record_port.js';
import {
  type CheckpointOptions,
  type LogEnd,
  type LogHeads,
  type LogPoint,
  type RegistryContent,
  registryApp,
  type SharedEngine,
  type SharedEngineHost,
  type SharedReader,
} from '../shared_engine.js';
import type { TransferSource, TransferTarget } from '../transfer_port.js';
import { PostgresAccess } from './access.js';
import { append } from './append.js';
import { readPages } from './checkpoint_tables.js';
import { Checkpoints, checkpointSeq, chosenId } from './checkpoints.js';
import { Connections } from './connections.js';
import { Devices } from './devices.js';
import { type Hint, Hints } from './hints.js';
import { importPosition } from './import_progress.js';
import {
  eventsAfter,
  firstSeq,
  headsOf,
  lastCommon,
  lastSeq,
  logAfter,
  messagesBack,
  pointAt,
} from './log.js';
import { migrate, oldestServing, outdated } from './migrations.js';
import { Outbox } from './outbox.js';
import { purgeDeletedApps } from './purge.js';
import { PostgresPushStore } from './push.js';
import { PostgresRecords } from './records.js';
import { PostgresRegistry, storedApps } from './registry.js';
import { RetentionTables } from './retention.js';
import type { Run } from './run.js';
import { SchemaWatch } from './schema_watch.js';
import { PostgresServers } from './servers.js';
import { openPostgresSource } from './transfer_source.js';
import { PostgresTransferTarget } from './transfer_target.js';
import { Walks } from './walks.js';

export { DatabaseError } from './errors.js';
export { SchemaError } from './migrations.js';

export interface EngineOptions {
  readonly takesUnfinishedImport?: boolean;
  /** Called with the reason when a newer version changed the schema, and this node serves no more. */
  readonly onOutdated?: (reason: string) => void;
  /** Whether servers notify each other of changes; else they only poll. Default: true. */
  readonly sendsHints?: boolean;
  /** Called after each append that committed with how many seconds all of it took. */
  readonly onCommit?: (seconds: number) => void;
}

/**
 * Connects, and brings the schema up to date.
 *
 * @param url such as postgres://user:password@host:5432/database
 * @throws StoreUnavailable after some seconds, if the database cannot be reached.
 * @throws SchemaError if a newer version has migrated the database, so that this one cannot serve.
 * @throws UnfinishedImport
 */
export async function openPostgresEngine(
  url: string,
  { takesUnfinishedImport = false, onOutdated = () => {}, ...options }: EngineOptions = {},
): Promise<PostgresEngine> {
  const connections = new Connections(url);
  try {
    const known = await migrate(connections);
    const reason = async () => {
      const oldest = await oldestServing(connections);
      return oldest > known ? outdated(oldest, known) : undefined;
    };
    connections.watch(new SchemaWatch({ reason, onOutdated }));
    if (!takesUnfinishedImport) await refuseUnfinishedImport(connections);
    await purgeDeletedApps(connections);
    return new PostgresEngine(connections, options);
  } catch (error) {
    await connections.close();
    throw error;
  }
}

/** The data is not complete. */
export class UnfinishedImport extends Error {
  override name = 'UnfinishedImport';
}

async function refuseUnfinishedImport(connections: Connections): Promise<void> {
  if ((await importPosition((sql, values) => connections.read(0, sql, values))) === undefined) return;
  throw new UnfinishedImport(
    'An import into this database has begun and is not complete. Run it again: it goes on where it stopped. ' +
      'Or start anew with an empty database.',
  );
}

/** Reads over one connection, or over any. */
class PostgresReader implements SharedReader {
  readonly capabilities = { immediateLookups: false };
  readonly #read: (app: number) => Run;

  constructor(read: (app: number) => Run) {
    this.#read = read;
  }

  apps(): Promise<readonly StoredApp[]> {
    return storedApps(this.#read(0));
  }

  lastSeq(app: number): Promise<number> {
    return lastSeq(this.#read(app), app);
  }

  firstSeq(app: number): Promise<number> {
    return firstSeq(this.#read(app), app);
  }

  logAfter(app: number, seq: number): AsyncIterable<readonly LogRow[]> {
    return logAfter(this.#read(app), app, seq);
  }

  messagesBack(app: number, from: number, to: number, limit: number): Promise<readonly LoggedMessage[]> {
    return messagesBack(this.#read(app), app, { from, to, limit });
  }

  chosenId(app: number, id: string): Promise<number> {
    return chosenId(this.#read(app), app, id);
  }

  checkpointSeq(app: number): Promise<number> {
    return checkpointSeq(this.#read(app), app);
  }

  checkpoint(app: number): AsyncIterable<CheckpointRows> {
    return readPages(this.#read(app), app);
  }

  pointAt(app: number, seq: number): Promise<LogPoint | undefined> {
    return pointAt(this.#read(app), app, seq);
  }

  /** The connection is the engine's. */
  close(): void {}
}

export class PostgresEngine extends PostgresReader implements SharedEngine {
  readonly registry: PostgresRegistry;
  readonly servers: PostgresServers;
  readonly access: PostgresAccess;
  readonly #connections: Connections;
  readonly #checkpoints: Checkpoints;
  readonly #retention: RetentionTables;
  readonly #connection: (app: number) => Run;
  readonly #heads: Run;
  readonly #hints: Hints | undefined;
  readonly #onCommit: (seconds: number) => void;
  #commits = 0;

  constructor(
    connections: Connections,
    { sendsHints = true, onCommit = () => {} }: Pick<EngineOptions, 'sendsHints' | 'onCommit'>,
  ) {
    const connection =
      (app: number): Run =>
      (sql, values) =>
        connections.read(app, sql, values);
    super(connection);
    this.#onCommit = onCommit;
    this.#connection = connection;
    this.#connections = connections;
    this.#heads = (sql, values) => connections.readHeads(sql, values);
    const server = randomUUID();
    this.#checkpoints = new Checkpoints(connections, server);
    this.#retention = new RetentionTables(connections, server);
    if (sendsHints)
      this.#hints = new Hints({ run: connection(registryApp), config: connections.config, server });
    this.registry = new PostgresRegistry(connections, () => this.#hints?.changed(registryApp));
    this.servers = new PostgresServers(connections);
    this.access = new PostgresAccess(connections);
  }

  get commits(): number {
    return this.#commits;
  }

  heads(asked: ReadonlyMap<number, LogPoint | undefined>): Promise<LogHeads> {
    return headsOf(this.#heads, asked);
  }

  eventsAfter(app: number, end: LogEnd): AsyncIterable<readonly LogRow[]> {
    return eventsAfter(this.#connection(app), app, end);
  }

  lastCommon(app: number, points: readonly LogPoint[]): Promise<LogPoint | undefined> {
    return lastCommon(this.#connection(app), app, points);
  }

  readRegistry(): Promise<RegistryContent> {
    return this.registry.read();
  }

  inSnapshot<V>(work: (reader: SharedReader) => Promise<V>): Promise<V> {
    return this.#connections.snapshot((run) => work(new PostgresReader(() => run)));
  }

  async append(app: number, after: LogEnd, decide: Decide): Promise<LogPoint | undefined> {
    const begunAt = performance.now();
    const point = await append(this.#connections, app, after, decide);
    if (point === undefined) return undefined;
    this.#commits += 1;
    this.#onCommit((performance.now() - begunAt) / 1000);
    this.#hints?.changed(app);
    return point;
  }

  onHint(listener: (hint: Hint) => void): void {
    this.#hints?.listen(listener);
  }

  leaseCheckpoint(app: number, upTo?: number): Promise<number | undefined> {
    return this.#checkpoints.lease(app, upTo);
  }

  writeCheckpoint(app: number, rows: CheckpointRows, options: CheckpointOptions): Promise<boolean> {
    return this.#checkpoints.write(app, rows, options);
  }

  takeBase(app: number): Promise<boolean> {
    return this.#retention.take(app);
  }

  writeBase(app: number, rows: CheckpointRows, upTo?: number): Promise<boolean> {
    return this.#retention.write(app, rows, upTo);
  }

  dropEvents(app: number, from: number, to: number): Promise<number> {
    return this.#retention.drop(app, from, to);
  }

  pushStore(host: SharedEngineHost): PushStore {
    const connections = this.#connections;
    const devices = new Devices(connections);
    const [outbox, walks] = [new Outbox(connections), new Walks(connections)];
    return new PostgresPushStore({ connections, devices, outbox, walks, host });
  }

  recordStore(host: SharedEngineHost): RecordStore {
    return new PostgresRecords(this.#connections, host);
  }

  /** A snapshot of everything. Close it before the engine. */
  transferSource(): Promise<TransferSource> {
    return openPostgresSource(this.#connections);
  }

  transferTarget(): TransferTarget {
    return new PostgresTransferTarget(this.#connections);
  }

  override async close(): Promise<void> {
    await this.#hints?.close();
    await this.#connections.close();
  }
}
