/**
 * The interface of an engine whose logs several nodes append to; no node owns an app. It adds to engine.ts what a node needs
 * to follow the appends of the others, and the lease for writing checkpoints.
 */
import type {
  CheckpointRows,
  Decide,
  EngineReader,
  LogRow,
  Pages,
  RegistryTables,
  StoredApp,
} from './engine.js';
import type { HostedApp } from './hosted_app.js';
import type { AppToken } from './port.js';
import type { PushStore, ServerEvent } from './push_port.js';
import type { RecordStore } from './record_port.js';
import type { RetentionEngine } from './retention_engine.js';

export interface SharedReader extends EngineReader {
  /** The newest point at or below this event, if one batch can reach from there to the event; otherwise undefined. */
  pointAt(app: number, seq: number): Promise<LogPoint | undefined>;
}

export interface SharedEngine extends SharedReader, RetentionEngine {
  readonly registry: RegistryTables;
  /** The number of transactions that appended to a log. */
  readonly commits: number;

  /**
   * Reads in one query where the logs of these apps end, and whether they still have the given points. All of it is as of one
   * moment after the call. A deleted app is missing from the result.
   */
  heads(asked: ReadonlyMap<number, LogPoint | undefined>): Promise<LogHeads>;

  /** As in engine.ts. Yields nothing if the log does not have the point. */
  eventsAfter(app: number, end: LogEnd): Pages<readonly LogRow[]>;

  /** The newest of these points that the log has; undefined if it has none of them. */
  lastCommon(app: number, points: readonly LogPoint[]): Promise<LogPoint | undefined>;

  /**
   * Appends as described in engine.ts, and returns the point of the new batch. Rejects with LogMoved if the log does not end
   * at `after`.
   */
  append(app: number, after: LogEnd, decide: Decide): Promise<LogPoint | undefined>;

  /** Reads all apps and tokens. They are at least as new as the version that comes with them. */
  readRegistry(): Promise<RegistryContent>;

  /** Runs `work` with a reader whose reads all see the database as of one moment. */
  inSnapshot<V>(work: (reader: SharedReader) => Promise<V>): Promise<V>;

  /**
   * Calls the listener with the numbers of the apps whose logs other nodes have appended to (`registryApp` for the registry),
   * or with 'all'. A hint may arrive late or never, so a follower of a log polls its head as well.
   */
  onHint(listener: (hint: readonly number[] | 'all') => void): void;

  /**
   * Takes or renews the lease for writing the app's checkpoint, for half a minute, and returns the last event that the
   * checkpoint contains. Undefined while another node holds the lease, or if the checkpoint already contains `upTo`: a node
   * with nothing to add leaves the lease to others.
   */
  leaseCheckpoint(app: number, upTo?: number): Promise<number | undefined>;

  /**
   * Writes rows as described in engine.ts. Returns false, and writes nothing, if this node does not hold the lease or if the
   * log does not have the point of the options.
   */
  writeCheckpoint(app: number, rows: CheckpointRows, options: CheckpointOptions): Promise<boolean>;

  readonly servers: ServerTable;
  readonly access: AccessTable;
  pushStore(host: SharedEngineHost): PushStore;
  recordStore(host: SharedEngineHost): RecordStore;
  close(): Promise<void>;
}

/** Stands for the registry where a function takes an app's number. No app has this number. */
export const registryApp = 0;

/**
 * A position in a log that can be recognized again: the number of a batch's first event, and the random id of the batch. If
 * the database lost this batch, a batch that took its place has another id, and the log does not have the point.
 */
export interface LogPoint {
  readonly seq: number;
  readonly batch: string;
}

export interface CheckpointOptions {
  /** The newest point that was in memory when the first of the rows was read. */
  readonly point: LogPoint | undefined;
  /** Every event up to this one is now in the rows written so far. */
  readonly complete?: number;
}

/** The last event of a log that is in memory, and the newest point known up to there. */
export interface LogEnd {
  readonly seq: number;
  readonly point: LogPoint | undefined;
}

export interface Head {
  readonly seq: number;
  /** The given point, if the log does not have it. */
  readonly missing?: LogPoint;
}

export interface LogHeads {
  readonly registry: RegistryVersion;
  readonly apps: ReadonlyMap<number, Head>;
}

/** The version of the registry: of the apps and their tokens. */
export interface RegistryVersion {
  readonly number: number;
  /** A random number of each version. Two versions have the same number if the database lost one, but not the same stamp. */
  readonly stamp: number;
}

export interface RegistryContent {
  readonly version: RegistryVersion;
  /** The apps that are not deleted, in the order of creation. */
  readonly apps: readonly StoredApp[];
  readonly tokens: readonly AppToken[];
}

/** The running servers that use the database. A server that is not in the table holds no claims. */
export interface ServerTable {
  /** Adds this server. */
  join(id: string, report: string): Promise<void>;
  /** Increments the server's beat. False if the server is not, or no longer, in the table. */
  beat(id: string, report: string): Promise<boolean>;
  list(): Promise<readonly ServerRow[]>;
  /** Removes a server. With `beat`: only if its beat is still the same. */
  remove(id: string, beat?: number): Promise<void>;
}

export interface ServerRow {
  readonly id: string;
  readonly beat: number;
  /** The server's report, as JSON that the store does not parse. */
  readonly report: string;
}

/** The log of access changes, as JSON that the store does not parse. All servers read it in the same order. */
export interface AccessTable {
  /** Adds a change, and removes those that were added before `times.before`. */
  add(change: string, times: { readonly now: number; readonly before: number }): Promise<void>;
  after(number: number): Promise<readonly { readonly number: number; readonly change: string }[]>;
  /** The number of the newest change; 0 if there is none. */
  last(): Promise<number>;
}

/** What the engine's tables need from the host. The methods throw StoreUnavailable while the store cannot serve. */
export interface SharedEngineHost {
  /** The app's number; undefined if the app does not exist. */
  number(id: string): Promise<number | undefined>;
  /** Calls `read` with the app, or with undefined if it does not exist. The app may change once `read` awaits anything. */
  read<V>(id: string, read: (app: HostedApp | undefined) => V): Promise<V>;
  /** This server's id in claims and leases. It changes if the server was taken for dead. */
  serverId(): string;
  /** The numbers of the apps in memory. */
  loaded(): readonly number[];
  onServers(listener: (event: ServerEvent) => void): () => void;
  /** Called when an alert that belongs to no command was added to the outbox. */
  onAlert(app: string): void;
}

/**
 * An append failed because the log does not end where the host expected: another node appended first, or the database lost
 * events. The host must read the log and decide again.
 */
export class LogMoved extends Error {
  override name = 'LogMoved';
}

/** An append failed because the app was deleted. */
export class AppGone extends Error {
  override name = 'AppGone';
}
