/**
 * Background checkpoints: the rows that changed are written, a few at a time between appends, app by app; after an app's last
 * row, the number of the event up to which its checkpoint is complete. A row is written as it is at that
 * moment; docs/decisions/0002-fuzzy-checkpoints.md says why rows of different moments fit together.
 */
import type { CheckpointRows, Engine } from '../engine.js';
import type { LoadedApp, LoadedApps } from './apps.js';
import { chunksOf, takeChanges } from './checkpoint_rows.js';

export interface CheckpointPace {
  /** A round over all apps begins when their logs have grown by this many events since the last one began … */
  readonly journalRows: number;
  /** … or, if they have grown at all, after this time. */
  readonly intervalMs: number;
  /** How many rows are written at a time, in a millisecond or two. */
  readonly rowsPerChunk: number;
  readonly pauseMs: number;
}

export const defaultPace: CheckpointPace = {
  journalRows: 20_000,
  intervalMs: 60_000,
  rowsPerChunk: 256,
  pauseMs: 5,
};

export interface CheckpointDeps {
  readonly engine: Engine;
  readonly apps: LoadedApps;
  readonly pace: CheckpointPace;
  readonly onFatal: (error: Error) => void;
}

export class Checkpointer {
  readonly #deps: CheckpointDeps;
  /** Of each app, the event up to which the last checkpoint is complete, and up to which the last one that began will be. */
  readonly #completed: Map<LoadedApp, number>;
  readonly #begun: Map<LoadedApp, number>;
  #begunTime = performance.now();
  /** When the last round began that is complete: all that came before it is in a checkpoint. */
  #completeUntil = performance.now();
  #completedRounds = 0;
  #chunks: Generator<Chunk> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #writing: Promise<void> = Promise.resolve();

  /** `completed` says for each app that was loaded up to which event its checkpoint was complete. */
  constructor(deps: CheckpointDeps, completed: ReadonlyMap<LoadedApp, number>) {
    this.#deps = deps;
    this.#completed = new Map(completed);
    this.#begun = new Map(completed);
  }

  /** How many events the next start would apply again. */
  get tail(): number {
    return this.#grownSince(this.#completed);
  }

  /** Rounds over all apps that were completed. */
  get completed(): number {
    return this.#completedRounds;
  }

  /** For how long there has been something that no checkpoint has; 0 if there is nothing. */
  get ageMs(): number {
    return this.tail === 0 ? 0 : performance.now() - this.#completeUntil;
  }

  start(): void {
    if (this.#isStopped) return;
    const pauseMs = this.#chunks === undefined ? 100 : this.#deps.pace.pauseMs;
    this.#timer = setTimeout(() => this.#tick(), pauseMs);
    this.#timer.unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Everything up to now, without a pause; after `stop`. */
  async finish(): Promise<void> {
    await this.#writing;
    while (this.#chunks !== undefined) await this.#write();
    do await this.#write();
    while (this.#chunks !== undefined);
  }

  #tick(): void {
    if (this.#chunks === undefined && !this.#isDue()) {
      this.start();
      return;
    }
    this.#writing = this.#write().then(
      () => this.start(),
      (error: unknown) => this.#deps.onFatal(error instanceof Error ? error : new Error(String(error))),
    );
  }

  #isDue(): boolean {
    const grown = this.#grownSince(this.#begun);
    const { journalRows, intervalMs } = this.#deps.pace;
    return grown >= journalRows || (grown > 0 && performance.now() - this.#begunTime >= intervalMs);
  }

  #grownSince(seqs: ReadonlyMap<LoadedApp, number>): number {
    let grown = 0;
    for (const loaded of this.#deps.apps.all()) grown += loaded.seq - (seqs.get(loaded) ?? 0);
    return grown;
  }

  /** Reads the next rows, and writes them. */
  async #write(): Promise<void> {
    this.#chunks ??= this.#round();
    const { value: chunk, done } = this.#chunks.next();
    if (done === true) {
      this.#chunks = undefined;
      this.#completeUntil = this.#begunTime;
      this.#completedRounds += 1;
      return;
    }
    const { loaded, rows, complete } = chunk;
    await this.#deps.engine.writeCheckpoint(loaded.number, rows, complete);
    if (complete === undefined) return;
    this.#completed.set(loaded, complete);
    loaded.recentIds.written();
  }

  /** One checkpoint of each app that has grown. */
  *#round(): Generator<Chunk, undefined> {
    this.#begunTime = performance.now();
    for (const loaded of [...this.#deps.apps.all()]) {
      const seq = loaded.seq;
      if (seq === (this.#begun.get(loaded) ?? 0)) continue;
      this.#begun.set(loaded, seq);
      const chunks = chunksOf(loaded, takeChanges(loaded), this.#deps.pace.rowsPerChunk);
      for (const { rows, isLast } of chunks)
        yield isLast ? { loaded, rows, complete: seq } : { loaded, rows };
    }
  }
}

interface Chunk {
  readonly loaded: LoadedApp;
  readonly rows: CheckpointRows;
  /** With the app's last rows: every event up to this one is in them. */
  readonly complete?: number;
}
