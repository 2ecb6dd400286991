/**
 * Group commit: jobs that wait at the same moment share a transaction and a sync, and are settled after it. The transaction
 * is one synchronous step; the sync runs beside the thread that serves, and the next jobs are gathered meanwhile. Until it
 * ends, what the transaction wrote is not durable: `durable` says when it is. A commit or a sync that fails is fatal,
 * because the jobs have changed memory and the disk lacks these changes.
 */
import { StoreUnavailable } from '../port.js';
import type { Connection } from './connection.js';

/** No reader is served while a transaction runs. Beyond this many rows, or this time, the other jobs wait for the next one. */
const rowsPerCommit = 1_000;
const msPerCommit = 10;

/** What makes commits durable. Only one of its calls runs at a time, and no transaction while it does. */
export interface CommitDisk {
  /** Resolves once everything that was committed is on the disk. An error is fatal. */
  sync(): Promise<void>;
  /** The same at once. */
  syncNow(): void;
  /** Work on the files that is due, such as shortening the log; undefined for none. An error is fatal. */
  maintain(): Promise<void> | undefined;
}

interface Waiting {
  /** Whether it is settled after a sync. If not, the sync of a later one makes it durable. */
  readonly isSynced: boolean;
  /** Returns how many rows it wrote. An error that it throws is fatal. */
  work(): number;
  settle(): void;
  reject(error: Error): void;
}

/** Jobs whose transaction is committed, and not yet synced. */
interface Syncing {
  readonly jobs: readonly Waiting[];
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

export class GroupCommit {
  readonly #connection: Connection;
  readonly #disk: CommitDisk | undefined;
  readonly #onCommit: (seconds: number) => void;
  readonly #begin;
  readonly #commit;
  #waiting: Waiting[] = [];
  #isScheduled = false;
  #syncing: Syncing | undefined;
  #maintenance: Promise<void> | undefined;
  #commits = 0;
  #committingAt = 0;
  #failure: Error | undefined;
  #onFatal: (error: Error) => void = () => {};

  /**
   * Without a disk, nothing is synced. `onCommit` is called after each commit, before its jobs are settled, with how many seconds
   * writing and syncing took.
   */
  constructor(connection: Connection, disk?: CommitDisk, onCommit: (seconds: number) => void = () => {}) {
    this.#onCommit = onCommit;
    this.#connection = connection;
    this.#disk = disk;
    this.#begin = connection.prepare('begin immediate');
    this.#commit = connection.prepare('commit');
  }

  /** How many there were, each with one sync. */
  get commits(): number {
    return this.#commits;
  }

  /** Resolves when the work on the files that runs now has ended; undefined if there is none. */
  get maintenance(): Promise<void> | undefined {
    return this.#maintenance;
  }

  onFatal(listener: (error: Error) => void): void {
    this.#onFatal = listener;
  }

  /** An append. An error it throws is fatal, because memory may have changed. It returns how many rows it wrote. */
  append(work: () => number): Promise<void> {
    return this.#enqueue((resolve, reject) => ({
      isSynced: true,
      work,
      settle: () => resolve(undefined),
      reject,
    }));
  }

  /** Any other write, whole or not at all. An error it throws undoes only this write, and goes to its caller. */
  run<V>(work: () => V): Promise<V> {
    return this.#write(work, true);
  }

  /** The same without a sync of its own: a later commit makes it durable. It never outlives one that was before it. */
  runUnsynced<V>(work: () => V): Promise<V> {
    return this.#write(work, false);
  }

  /**
   * Resolves once everything that was committed before the call is durable: a reader who may have seen some of it waits for
   * this. Rejects with StoreUnavailable if it cannot become durable.
   */
  durable(): Promise<void> {
    return this.#syncing?.done ?? nothing;
  }

  /** Commits and syncs what is waiting, now. Not during maintenance. */
  flush(): void {
    this.#finishSync();
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      this.#commitBatch();
      this.#finishSync();
    }
  }

  #write<V>(work: () => V, isSynced: boolean): Promise<V> {
    return this.#enqueue<V>((resolve, reject) => {
      let settle = () => {};
      return {
        isSynced,
        work: () => {
          const outcome = this.#isolated(work);
          settle = () => (outcome instanceof Failed ? reject(outcome.error) : resolve(outcome));
          return 1;
        },
        settle: () => settle(),
        reject,
      };
    });
  }

  #enqueue<V>(waiting: (resolve: (value: V) => void, reject: (error: Error) => void) => Waiting): Promise<V> {
    if (this.#failure !== undefined) return Promise.reject(new StoreUnavailable(this.#failure.message));
    return new Promise((resolve, reject) => {
      this.#waiting.push(waiting(resolve, reject));
      this.#schedule();
    });
  }

  /**
   * If the disk is full, SQLite may undo the whole transaction, not only this write. The other jobs in it are then
   * lost as well, so no later write may be stored either.
   */
  #isolated<V>(work: () => V): V | Failed {
    const outcome = attempt(() => this.#connection.transaction(work)());
    if (this.#connection.inTransaction) return outcome;
    throw outcome instanceof Failed ? outcome.error : new Error('the transaction ended early');
  }

  /** While the disk is busy, jobs only gather. */
  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0 || this.#isDiskBusy) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#failure === undefined && !this.#isDiskBusy) this.#commitBatch();
    });
  }

  get #isDiskBusy(): boolean {
    return this.#syncing !== undefined || this.#maintenance !== undefined;
  }

  #commitBatch(): void {
    const jobs = this.#transaction();
    if (jobs.length === 0) return;
    const disk = this.#disk;
    if (disk === undefined || !jobs.some(({ isSynced }) => isSynced)) {
      this.#settle(jobs);
      return;
    }
    const syncing = syncingOf(jobs);
    this.#syncing = syncing;
    disk.sync().then(
      () => this.#synced(syncing),
      (error: unknown) => this.#fail(asError(error), jobs),
    );
  }

  /** Runs as many of the waiting jobs as fit, and commits. Returns them; none if it failed. */
  #transaction(): readonly Waiting[] {
    const batch = this.#waiting;
    if (batch.length === 0) return [];
    let taken = 0;
    try {
      this.#begin.run();
      const endsAt = performance.now() + msPerCommit;
      let rows = 0;
      do {
        rows += batch[taken]?.work() ?? 0;
        taken += 1;
      } while (taken < batch.length && rows < rowsPerCommit && performance.now() < endsAt);
      this.#committingAt = performance.now();
      this.#commit.run();
    } catch (error) {
      this.#fail(asError(error));
      return [];
    }
    this.#waiting = batch.slice(taken);
    return batch.slice(0, taken);
  }

  #synced(syncing: Syncing): void {
    // `flush` was faster.
    if (this.#syncing !== syncing) return;
    this.#syncing = undefined;
    this.#settle(syncing.jobs);
    syncing.resolve();
  }

  #finishSync(): void {
    const syncing = this.#syncing;
    if (syncing === undefined) return;
    try {
      this.#disk?.syncNow();
    } catch (error) {
      this.#fail(asError(error), syncing.jobs);
      return;
    }
    this.#synced(syncing);
  }

  #settle(jobs: readonly Waiting[]): void {
    if (jobs.some(({ isSynced }) => isSynced)) {
      this.#commits += 1;
      this.#onCommit((performance.now() - this.#committingAt) / 1_000);
    }
    for (const { settle } of jobs) settle();
    this.#maintain();
    this.#schedule();
  }

  #maintain(): void {
    const maintenance = attempt(() => this.#disk?.maintain());
    if (maintenance instanceof Failed) this.#fail(maintenance.error);
    else if (maintenance !== undefined) {
      this.#maintenance = maintenance
        .catch((error: unknown) => this.#fail(asError(error)))
        .then(() => {
          this.#maintenance = undefined;
          this.#schedule();
        });
    }
  }

  /** SQLite may or may not have undone the transaction by itself. `committed` are jobs whose sync failed. */
  #fail(error: Error, committed: readonly Waiting[] = []): void {
    if (this.#failure !== undefined) return;
    attempt(() => this.#connection.inTransaction && this.#connection.exec('rollback'));
    this.#failure = error;
    const unavailable = new StoreUnavailable(error.message, { cause: error });
    for (const { reject } of [...committed, ...this.#waiting.splice(0)]) reject(unavailable);
    this.#syncing?.reject(unavailable);
    this.#onFatal(error);
  }
}

const nothing = Promise.resolve();

function syncingOf(jobs: readonly Waiting[]): Syncing {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const done = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  // No reader may be waiting for it.
  done.catch(() => {});
  return { jobs, done, resolve, reject };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

class Failed {
  readonly error: Error;

  constructor(error: Error) {
    this.error = error;
  }
}

function attempt<V>(work: () => V): V | Failed {
  try {
    return work();
  } catch (error) {
    return new Failed(asError(error));
  }
}
