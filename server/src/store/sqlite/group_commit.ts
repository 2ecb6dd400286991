/**
 * Group commit: jobs that wait at the same moment share a transaction and an fsync, and are settled after it. The whole
 * transaction is one synchronous step, so that no reader sees what is not durable. A commit that fails is fatal,
 * because the jobs have changed memory and the disk lacks these changes.
 */
import { StoreUnavailable } from '../port.js';
import type { Connection } from './connection.js';

/** No reader is served while a commit runs. Beyond this many rows, or this time, the other jobs wait for the next commit. */
const rowsPerCommit = 1_000;
const msPerCommit = 10;

interface Waiting {
  /** Returns how many rows it wrote. An error that it throws is fatal. */
  work(): number;
  settle(): void;
  reject(error: Error): void;
}

export class GroupCommit {
  readonly #connection: Connection;
  readonly #begin;
  readonly #commit;
  #waiting: Waiting[] = [];
  #isScheduled = false;
  #commits = 0;
  #failure: Error | undefined;
  #onFatal: (error: Error) => void = () => {};

  readonly #onCommit: (seconds: number) => void;

  /**
   * `onCommit` is called after each commit, and before the jobs in it are settled, with how many seconds writing and syncing
   * took. An error that it throws is fatal.
   */
  constructor(connection: Connection, onCommit: (seconds: number) => void = () => {}) {
    this.#connection = connection;
    this.#onCommit = onCommit;
    this.#begin = connection.prepare('begin immediate');
    this.#commit = connection.prepare('commit');
  }

  get commits(): number {
    return this.#commits;
  }

  onFatal(listener: (error: Error) => void): void {
    this.#onFatal = listener;
  }

  /** An append. An error it throws is fatal, because memory may have changed. It returns how many rows it wrote. */
  append(work: () => number): Promise<void> {
    return this.#enqueue((resolve, reject) => ({ work, settle: () => resolve(undefined), reject }));
  }

  /** Any other write, whole or not at all. An error it throws undoes only this write, and goes to its caller. */
  run<V>(work: () => V): Promise<V> {
    return this.#enqueue<V>((resolve, reject) => {
      let settle = () => {};
      return {
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

  /** Commits what is waiting, now. */
  flush(): void {
    while (this.#waiting.length > 0 && this.#failure === undefined) this.#commitBatch();
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

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#failure === undefined) this.#commitBatch();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #commitBatch(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    let taken = 0;
    try {
      this.#begin.run();
      const endsAt = performance.now() + msPerCommit;
      let rows = 0;
      do {
        rows += batch[taken]?.work() ?? 0;
        taken += 1;
      } while (taken < batch.length && rows < rowsPerCommit && performance.now() < endsAt);
      const commitsAt = performance.now();
      this.#commit.run();
      this.#onCommit((performance.now() - commitsAt) / 1000);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#commits += 1;
    this.#waiting = batch.slice(taken);
    for (const { settle } of batch.slice(0, taken)) settle();
  }

  /** SQLite may or may not have undone the transaction by itself. */
  #fail(error: Error): void {
    attempt(() => this.#connection.inTransaction && this.#connection.exec('rollback'));
    this.#failure = error;
    for (const { reject } of this.#waiting.splice(0)) reject(new StoreUnavailable(error.message));
    this.#onFatal(error);
  }
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
    return new Failed(error instanceof Error ? error : new Error(String(error)));
  }
}
