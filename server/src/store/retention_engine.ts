/** What dropping old rows of logs needs of an engine (host/retention.ts). */
import type { CheckpointRows, EngineReader, OrPromise } from './engine.js';

/**
 * The number under which an app's base (host/base.ts) is in the tables of checkpoints. No app has a number below 0, and
 * checkpoints are read and written by it as those of apps are.
 */
export function baseNumber(app: number): number {
  return -app;
}

export interface RetentionEngine extends EngineReader {
  /** Whether this server may make the app's base. It holds for half a minute after this and after each write of the base. */
  takeBase(app: number): OrPromise<boolean>;

  /**
   * Writes rows of the app's base (host/base.ts) and, with `upTo`, the event that the base is to reach. False if another server
   * has taken it. What is written later never outlives this.
   */
  writeBase(app: number, rows: CheckpointRows, upTo?: number): OrPromise<boolean>;

  /** Calls `work` with a reader that sees everything as of one moment, and that no write waits for. */
  inSnapshot<V>(work: (reader: EngineReader) => Promise<V>): Promise<V>;

  /** Deletes these events, and the ids that callers chose for their messages. Returns how many. */
  dropEvents(app: number, from: number, to: number): OrPromise<number>;
}
