/**
 * Drops the rows of the logs that are older than messages are kept (docs/decisions/0034-a-log-that-drops-old-rows.md): brings an app's
 * base up to a later event, then deletes the rows up to there, a few at a time between other work. Which of several servers
 * does it is the engine's matter.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { SlicedWork } from '../../slices.js';
import { noRows, type OrPromise, type StoredApp } from '../engine.js';
import { baseNumber, type RetentionEngine } from '../retention_engine.js';
import { droppedEvents, loadBase } from './base.js';
import { chunksOf, takeChanges } from './checkpoint_rows.js';

export interface RetentionPace {
  /** Fewer rows are not worth a round. */
  readonly rows: number;
  readonly rowsPerChunk: number;
  readonly pauseMs: number;
}

export const defaultRetentionPace: RetentionPace = { rows: 1_000, rowsPerChunk: 256, pauseMs: 5 };

export interface RetentionDeps {
  readonly engine: RetentionEngine;
  readonly apps: () => OrPromise<Iterable<StoredApp>>;
  /** Older rows are dropped. */
  readonly keepMs: number;
  /** The time of day, in milliseconds. */
  readonly now: () => number;
  readonly pace?: Partial<RetentionPace>;
  readonly onWarning: (message: string) => void;
}

/** The events after the ones that were dropped, up to one. */
interface Due {
  readonly dropped: number;
  readonly upTo: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

export class Retention {
  readonly #deps: RetentionDeps;
  readonly #pace: RetentionPace;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();
  #droppedRows = 0;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
    this.#pace = { ...defaultRetentionPace, ...deps.pace };
  }

  /** Rows that were dropped since the start. */
  get droppedRows(): number {
    return this.#droppedRows;
  }

  /** A round a minute from now, and from then on daily, or more often if rows are kept for less than a month. */
  start(): void {
    this.#schedule(minuteMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(afterMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.round().then(() =>
        this.#schedule(Math.min(dayMs, Math.max(minuteMs, this.#deps.keepMs / 30))),
      );
    }, afterMs);
    this.#timer.unref();
  }

  /** Each app once. What fails is logged, and tried again in the next round. */
  async round(): Promise<void> {
    try {
      for (const stored of [...(await this.#deps.apps())])
        if (!this.#isStopped) await this.#tryToDrop(stored);
    } catch (error) {
      this.#deps.onWarning(`Old messages were not removed: ${error}`);
    }
  }

  async #tryToDrop(stored: StoredApp): Promise<void> {
    try {
      if ((await this.#due(stored)) === undefined) return;
      if (!(await this.#deps.engine.takeBase(stored.number))) return;
      // Another server may have done it just before.
      const due = await this.#due(stored);
      if (due !== undefined) await this.#drop(stored, due);
    } catch (error) {
      this.#deps.onWarning(`Old messages of app ${stored.app.id} were not removed: ${error}`);
    }
  }

  /** What is to be dropped; undefined if it is not worth a round. */
  async #due(stored: StoredApp): Promise<Due | undefined> {
    const { engine } = this.#deps;
    const dropped = await droppedEvents(engine, stored.number);
    const upTo = await this.#lastOld(stored, dropped);
    // A round that was interrupted left rows below the base.
    const isInterrupted = (await engine.checkpointSeq(baseNumber(stored.number))) > dropped;
    return upTo - dropped >= this.#pace.rows || isInterrupted ? { dropped, upTo } : undefined;
  }

  async #drop(stored: StoredApp, { dropped, upTo }: Due): Promise<void> {
    const end = await this.#moveBase(stored, upTo);
    if (end === undefined) return;
    const { rowsPerChunk, pauseMs } = this.#pace;
    for (let from = dropped + 1; from <= end && !this.#isStopped; from += rowsPerChunk) {
      const to = Math.min(end, from + rowsPerChunk - 1);
      this.#droppedRows += await this.#deps.engine.dropEvents(stored.number, from, to);
      await delay(pauseMs);
    }
  }

  /** Returns the event of the base now; undefined if it is not whole, or another server makes it. */
  async #moveBase(stored: StoredApp, upTo: number): Promise<number | undefined> {
    const { engine } = this.#deps;
    const base = await engine.inSnapshot((reader) => loadBase(reader, stored, upTo));
    const work = new SlicedWork(stored.app.id);
    while (base.machine.release(this.#pace.rowsPerChunk)) await work.pause();
    // First the event: while its rows are being written, the log still has all that leads to it.
    if (!(await engine.writeBase(stored.number, noRows, base.seq))) return undefined;
    const { changed } = takeChanges(base);
    for (const { rows } of chunksOf(base, { changed, chosenIds: [] }, this.#pace.rowsPerChunk)) {
      if (this.#isStopped || !(await engine.writeBase(stored.number, rows))) return undefined;
      await delay(this.#pace.pauseMs);
    }
    return base.seq;
  }

  /**
   * The last event that is old, that the checkpoint has, and that is not the last of all; about: events without a time
   * are as old as the next one with a time.
   */
  async #lastOld({ number }: StoredApp, dropped: number): Promise<number> {
    const { engine, keepMs, now } = this.#deps;
    const oldest = now() - keepMs;
    let old = dropped;
    let next = Math.min(await engine.checkpointSeq(number), (await engine.lastSeq(number)) - 1) + 1;
    while (next - old > 1) {
      const middle = Math.floor((old + next) / 2);
      if ((await this.#timeAt(number, middle)) < oldest) old = middle;
      else next = middle;
      await delay(0);
    }
    return old;
  }

  /** When the event happened, or the next one that has a time. Infinity if none of the next thousand has one. */
  async #timeAt(app: number, seq: number): Promise<number> {
    for await (const rows of this.#deps.engine.logAfter(app, seq - 1)) {
      for (const { event } of rows) if ('at' in event) return event.at;
      break;
    }
    return Number.POSITIVE_INFINITY;
  }
}
