/**
 * Commands of a shared log that arrive together share an append, as in batches.ts; other nodes append in between. While an
 * append commits, memory is ahead and is not read. If it fails, the app is loaded again; commands that certainly had no
 * effect are decided anew. Commands keep their order: what they need is fetched before the append, and one that needs more
 * waits for the next append together with those behind it.
 */
import { notFound, type Outcome } from '@badged/core';
import { type CommandWithAlert, StoreUnavailable } from '../port.js';
import type { Change } from '../push_port.js';
import { AppGone, LogMoved, type SharedEngine } from '../shared_engine.js';
import { Batch, type BatchCounts } from './batches.js';
import { Job } from './job.js';
import { prefetch } from './prefetch.js';
import type { SharedApp } from './shared_app.js';

export interface SharedBatchDeps {
  readonly engine: SharedEngine;
  /** Called with every change once it is durable. */
  readonly onChange: (change: Change) => void;
  /** The app's memory is not the log's any more. */
  readonly onLost: (app: SharedApp, error: Error) => void;
  /** Loads the app anew; undefined if it is gone. */
  readonly reload: (app: SharedApp) => Promise<SharedApp | undefined>;
}

export class SharedBatches {
  readonly counts: BatchCounts = { appends: 0, rows: 0, commands: 0 };
  readonly #deps: SharedBatchDeps;
  /** Appends that have not ended, with what follows from them. */
  readonly #busy = new Set<Promise<void>>();

  constructor(deps: SharedBatchDeps) {
    this.#deps = deps;
  }

  /** The app must not be lost. */
  execute(app: SharedApp, commands: readonly CommandWithAlert[]): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      app.waiting.push(new Job(commands, resolve, reject));
      this.#schedule(app);
    });
  }

  /** Resolves once every accepted command has its outcome. */
  async settled(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy);
  }

  #schedule(app: SharedApp): void {
    if (app.isAppending || app.waiting.length === 0) return;
    app.isAppending = true;
    const done = this.#append(app);
    this.#busy.add(done);
    void done.then(() => this.#busy.delete(done));
  }

  async #append(app: SharedApp): Promise<void> {
    const batch = new Batch(app, this.#deps.engine, 'stop');
    try {
      await prefetch(this.#deps.engine, app);
      const point = await this.#deps.engine.append(app.number, app.end, (tail, append) => {
        if (app.visibility.state === 'lost') throw new LogMoved('The app is loaded anew.');
        for (const change of app.follow(tail)) this.#deps.onChange(change);
        app.advance();
        batch.decide([], append);
      });
      if (point !== undefined) app.points.add(point);
    } catch (error) {
      await this.#failed(app, batch, asError(error));
      return;
    }
    app.visibility.commit();
    this.counts.appends += 1;
    this.counts.rows += batch.events.length;
    this.counts.commands += batch.commands;
    for (const job of batch.finished) job.resolve();
    for (const change of batch.changes) this.#deps.onChange(change);
    app.isAppending = false;
    this.#schedule(app);
  }

  async #failed(app: SharedApp, batch: Batch, error: Error): Promise<void> {
    const hasDecided = app.visibility.state === 'ahead';
    if (hasDecided || error instanceof LogMoved || error instanceof AppGone) this.#deps.onLost(app, error);
    const jobs = [...new Set([...batch.taken, ...app.waiting.splice(0)])];
    app.isAppending = false;
    if (!(error instanceof LogMoved || error instanceof AppGone)) return rejectAll(jobs, error);
    for (const job of batch.begun) job.rewind();
    for (const job of jobs) job.forgetFacts();
    try {
      const fresh = await this.#deps.reload(app);
      if (fresh === undefined) return refuseAll(jobs);
      fresh.waiting.unshift(...jobs);
      this.#schedule(fresh);
    } catch (again) {
      rejectAll(jobs, asError(again));
    }
  }
}

function rejectAll(jobs: readonly Job[], error: Error): void {
  const reason = error instanceof StoreUnavailable ? error : new StoreUnavailable(error.message);
  for (const job of jobs) job.reject(reason);
}

/** Commands that had an outcome before the app was deleted keep it. */
function refuseAll(jobs: readonly Job[]): void {
  for (const job of jobs) {
    while (job.next !== undefined) job.settleNext({ refusal: notFound('The app') });
    job.resolve();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
