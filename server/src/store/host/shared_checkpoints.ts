/**
 * Checkpoints of shared logs. Of the nodes that have an app in memory, the one that holds its lease writes the rows that
 * changed; what it has written, the others need not write. docs/decisions says why rows of different moments and nodes fit
 * together.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SharedEngine } from '../shared_engine.js';
import type { CheckpointPace } from './checkpoint.js';
import { type Changes, chunksOf, takeChanges } from './checkpoint_rows.js';
import type { SharedApp } from './shared_app.js';

export interface SharedCheckpointDeps {
  readonly engine: Pick<SharedEngine, 'leaseCheckpoint' | 'checkpointSeq' | 'writeCheckpoint'>;
  readonly apps: () => Iterable<SharedApp>;
  readonly pace: CheckpointPace;
}

/** What changed in memory up to an event, until a checkpoint has that event. */
interface Round {
  readonly seq: number;
  readonly changes: Changes;
}

/** Of an app: what is to be written, and since when its log has grown. */
interface Progress {
  /** The last event that a checkpoint has, or a round will write. */
  begun: number;
  beganAt: number;
  round: Round | undefined;
}

export class SharedCheckpoints {
  readonly #deps: SharedCheckpointDeps;
  readonly #progress = new WeakMap<SharedApp, Progress>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** What is being written: one round after another. */
  #running: Promise<void> = Promise.resolve();

  constructor(deps: SharedCheckpointDeps) {
    this.#deps = deps;
  }

  /** The app was loaded from a checkpoint that had every event up to this one, and from the log after it. */
  loaded(app: SharedApp, checkpoint: number): void {
    this.#progress.set(app, { begun: checkpoint, beganAt: performance.now(), round: undefined });
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.#afterOthers(() => this.#tick()).then(() => this.start());
    }, 100);
    this.#timer.unref();
  }

  /** Resolves when nothing is being written any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Writes what the checkpoints lack, as far as this node may; after `stop`. */
  async finish(): Promise<void> {
    for (const app of this.#deps.apps()) await this.#finish(app);
  }

  /** The same for one app. */
  finishOf(app: SharedApp): Promise<void> {
    return this.#afterOthers(() => this.#finish(app));
  }

  async #finish(app: SharedApp): Promise<void> {
    const progress = this.#progress.get(app);
    if (progress === undefined) return;
    // What a round that was begun earlier leaves is written by a second one.
    for (let round = 0; round < 2 && app.seq > progress.begun; round += 1) await this.#advance(app, progress);
    if (progress.round !== undefined) await this.#advance(app, progress);
  }

  #afterOthers(work: () => Promise<void>): Promise<void> {
    const done = this.#running.then(work);
    this.#running = done.catch(() => {});
    return done;
  }

  async #tick(): Promise<void> {
    for (const app of [...this.#deps.apps()]) {
      const progress = this.#progress.get(app);
      if (this.#isStopped || progress === undefined || !this.#isDue(app, progress)) continue;
      // If the database is away, the round stays, and is tried again.
      await this.#advance(app, progress).catch(() => {});
      progress.beganAt = performance.now();
    }
  }

  #isDue(app: SharedApp, { begun, beganAt, round }: Progress): boolean {
    const grown = app.committed - begun;
    const { journalRows, intervalMs } = this.#deps.pace;
    return (
      grown >= journalRows ||
      ((grown > 0 || round !== undefined) && performance.now() - beganAt >= intervalMs)
    );
  }

  /** Writes the app's round, or drops it where another node has written as much. */
  async #advance(app: SharedApp, progress: Progress): Promise<void> {
    progress.round ??= await this.#begin(app, progress);
    const { round } = progress;
    if (round === undefined) return;
    const { engine } = this.#deps;
    const leased = await engine.leaseCheckpoint(app.number, round.seq);
    const isDone =
      leased === undefined
        ? (await engine.checkpointSeq(app.number)) >= round.seq
        : await this.#write(app, round);
    if (!isDone) return;
    progress.round = undefined;
    app.recentIds.written();
  }

  #begin(app: SharedApp, progress: Progress): Promise<Round | undefined> {
    return whenDurable(app, () => {
      progress.begun = app.seq;
      return { seq: app.seq, changes: takeChanges(app) };
    });
  }

  /** False if it was interrupted: the lease was lost, or the app's memory, or events of the log. */
  async #write(app: SharedApp, { seq, changes }: Round): Promise<boolean> {
    const chunks = chunksOf(app, changes, this.#deps.pace.rowsPerChunk);
    for (;;) {
      const next = await whenDurable(app, () => chunks.next());
      if (next === undefined) return false;
      if (next.done === true) return true;
      const { rows, isLast } = next.value;
      const options = { point: app.points.last, ...(isLast && { complete: seq }) };
      if (!(await this.#deps.engine.writeCheckpoint(app.number, rows, options))) return false;
      await delay(this.#isStopped ? 0 : this.#deps.pace.pauseMs);
    }
  }
}

/** Calls `work` when memory holds nothing that is not durable; undefined if it is lost. */
async function whenDurable<V>(app: SharedApp, work: () => V): Promise<V | undefined> {
  while (app.visibility.state === 'ahead') await app.visibility.settled();
  return app.visibility.state === 'lost' ? undefined : work();
}
