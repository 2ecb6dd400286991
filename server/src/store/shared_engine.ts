/**
 * What an engine offers whose logs several nodes append to: none of them owns an app. It adds the questions by which a node
 * stays current, and the lease of checkpoints; everything else is as in engine.ts.
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

export interface SharedReader extends EngineReader {
  /** The newest point at or below this event, as far as its batch; undefined if that has none. */
  pointAt(app: number, seq: number): Promise<LogPoint | undefined>;
}

export interface SharedEngine extends SharedReader {
  readonly registry: RegistryTables;
  /** How many transactions appended to a log. */
  readonly commits: number;

  /**
   * The ends of the logs of these apps at one moment after the call, and whether they have the points; an app that is gone
   * has none. One query.
   */
  heads(asked: ReadonlyMap<number, LogPoint | undefined>): Promise<LogHeads>;

  /** As in engine.ts; nothing if the log does not have the point. */
  eventsAfter(app: number, end: LogEnd): Pages<readonly LogRow[]>;

  /** The newest of these points that the log has. */
  lastCommon(app: number, points: readonly LogPoint[]): Promise<LogPoint | undefined>;

  /**
   * Appends as described in engine.ts, if the log has the point, and returns the point of what was appended. Rejects with
   * LogMoved if it does not.
   */
  append(app: number, after: LogEnd, decide: Decide): Promise<LogPoint | undefined>;

  /** The apps and tokens, at least as new as the version. */
  readRegistry(): Promise<RegistryContent>;

  /** Reads everything as it is at one moment. */
  inSnapshot<V>(work: (reader: SharedReader) => Promise<V>): Promise<V>;

  /**
   * Calls the listener with the numbers of apps whose logs other nodes have appended to, `registryApp` among them, or with
   * 'all'. A hint may come late, or never: whoever follows a log polls its head as well.
   */
  onHint(listener: (hint: readonly number[] | 'all') => void): void;

  /**
   * Takes or keeps the right to write the app's checkpoint, for half a minute, and returns the event up to which it is
   * complete now. Undefined while another node has it, or if it is complete up to `upTo`: a node with nothing to write leaves
   * the right to others.
   */
  leaseCheckpoint(app: number, upTo?: number): Promise<number | undefined>;

  /**
   * As in engine.ts, by the holder of the lease only, and only if the log has the point: the rows are as of there at the
   * earliest. Otherwise false, without effect.
   */
  writeCheckpoint(app: number, rows: CheckpointRows, options: CheckpointOptions): Promise<boolean>;

  readonly servers: ServerTable;
  readonly access: AccessTable;
  pushStore(host: SharedEngineHost): PushStore;
  recordStore(host: SharedEngineHost): RecordStore;
  close(): Promise<void>;
}

/** The number of the registry where apps have theirs. No app has this number. */
export const registryApp = 0;

/**
 * A place in a log that no other log has: the first event of a batch, with the batch's id. A database that lost events, and
 * has others in their place by now, does not have it.
 */
export interface LogPoint {
  readonly seq: number;
  readonly batch: string;
}

export interface CheckpointOptions {
  /** The newest one that was in memory when the first of the rows was read. */
  readonly point: LogPoint | undefined;
  /** Every event up to this one is now in the rows written so far. */
  readonly complete?: number;
}

/** How far the log is in memory. `point` is the newest one up to there that is known. */
export interface LogEnd {
  readonly seq: number;
  readonly point: LogPoint | undefined;
}

export interface Head {
  readonly seq: number;
  /** The point that was asked about, if the log does not have it. */
  readonly missing?: LogPoint;
}

export interface LogHeads {
  readonly registry: RegistryVersion;
  readonly apps: ReadonlyMap<number, Head>;
}

/** Of the apps and tokens. */
export interface RegistryVersion {
  readonly number: number;
  /** Drawn by lot with each version: one that was lost and made again differs. */
  readonly stamp: number;
}

export interface RegistryContent {
  readonly version: RegistryVersion;
  /** Those that are not deleted, in the order of creation. */
  readonly apps: readonly StoredApp[];
  readonly tokens: readonly AppToken[];
}

/** The servers that use the database. A server that is not in it holds no claims. */
export interface ServerTable {
  /** Adds this server. */
  join(id: string, report: string): Promise<void>;
  /** Increments the server's beat. False if it is not in the table (any more). */
  beat(id: string, report: string): Promise<boolean>;
  list(): Promise<readonly ServerRow[]>;
  /** Removes a server, if its beat is still this one. */
  remove(id: string, beat?: number): Promise<void>;
}

export interface ServerRow {
  readonly id: string;
  readonly beat: number;
  /** What it says of itself: JSON that the store does not read. */
  readonly report: string;
}

/** What ended someone's access: JSON that the store does not read, in one order for all. */
export interface AccessTable {
  /** Also removes what was added before a time. */
  add(change: string, times: { readonly now: number; readonly before: number }): Promise<void>;
  after(number: number): Promise<readonly { readonly number: number; readonly change: string }[]>;
  /** The number of the newest; 0 if there was none. */
  last(): Promise<number>;
}

/** What the engine's tables need from the host. Its methods throw StoreUnavailable while the store cannot serve. */
export interface SharedEngineHost {
  /** The app's number; undefined for an app that does not exist now. */
  number(id: string): Promise<number | undefined>;
  /** Calls `read` with the app as it is now, or undefined if there is none. `read` must use it before it awaits anything. */
  read<V>(id: string, read: (app: HostedApp | undefined) => V): Promise<V>;
  /** What this server is called in claims and leases. Another one after it was taken for dead. */
  serverId(): string;
  /** The numbers of the apps in memory. */
  loaded(): readonly number[];
  onServers(listener: (event: ServerEvent) => void): () => void;
  /** Called when an alert without a command was put into the outbox. */
  onAlert(app: string): void;
}

/**
 * The rows of an append were decided, and are not in the log: others appended first, or the log lost rows. The host must
 * load the app again, and decide anew.
 */
export class LogMoved extends Error {
  override name = 'LogMoved';
}

/** The app was deleted. Nothing was appended. */
export class AppGone extends Error {
  override name = 'AppGone';
}
