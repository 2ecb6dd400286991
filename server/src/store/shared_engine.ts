/**
 * What an engine offers whose logs several nodes append to: none of them owns an app. It adds the questions by which a node
 * stays current, and the lease of checkpoints; everything else is as in engine.ts.
 */
import type {
  Appender,
  CheckpointRows,
  EngineReader,
  HostedApp,
  RegistryTables,
  StoredApp,
} from './engine.js';
import type { AppToken } from './port.js';
import type { PushStore } from './push_port.js';
import type { RecordStore } from './record_port.js';

export interface SharedEngine extends Appender {
  readonly registry: RegistryTables;
  /** How many transactions appended to a log. */
  readonly commits: number;

  /**
   * The numbers of the last events of these apps at one moment after the call; an app that is gone has none. The number
   * for `registryApp` is the version of the apps and tokens. One query.
   */
  heads(apps: readonly number[]): Promise<ReadonlyMap<number, number>>;

  /** The apps and tokens, at least as new as the version. */
  readRegistry(): Promise<RegistryContent>;

  /** Reads everything as it is at one moment. */
  inSnapshot<V>(work: (reader: EngineReader) => Promise<V>): Promise<V>;

  /**
   * Takes or keeps the right to write the app's checkpoint, for half a minute, and returns the event up to which it is
   * complete now. Undefined while another node has it.
   */
  leaseCheckpoint(app: number): Promise<number | undefined>;

  /** As in engine.ts, by the holder of the lease only. False, without effect, for any other. */
  writeCheckpoint(app: number, rows: CheckpointRows, complete?: number): Promise<boolean>;

  pushStore(host: SharedEngineHost): PushStore;
  recordStore(host: SharedEngineHost): RecordStore;
  close(): Promise<void>;
}

/** Where `heads` has the version of the registry. No app has this number. */
export const registryApp = 0;

export interface RegistryContent {
  readonly version: number;
  /** Those that are not deleted, in the order of creation. */
  readonly apps: readonly StoredApp[];
  readonly tokens: readonly AppToken[];
}

/** What the engine's tables need from the host. Its methods throw StoreUnavailable while the store cannot serve. */
export interface SharedEngineHost {
  /** The app's number; undefined for an app that does not exist now. */
  number(id: string): Promise<number | undefined>;
  /** Calls `read` with the app as it is now, or undefined if there is none. `read` must use it before it awaits anything. */
  read<V>(id: string, read: (app: HostedApp | undefined) => V): Promise<V>;
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
