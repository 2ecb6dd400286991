/**
 * Group commit. Commands that arrive together share a transaction and an fsync, and are answered after it.
 * Deciding, writing the journal row, applying and committing happen in one synchronous step, so that no
 * reader ever sees what is not yet durable. A commit that fails ends the store: memory and disk may not part.
 */
import type { Command, CommandType, Outcome } from '@badged/core';
import { StoreUnavailable } from '../port.js';
import type { LoadedApp, LoadedApps } from './apps.js';
import type { Connection } from './database.js';
import type { Journal } from './journal.js';

/** One commit holds up every reader while it runs; this many take some ten milliseconds. */
const commandsPerCommit = 1_000;

interface Waiting {
  /** Decides, writes and applies; answers later. */
  carryOut(): void;
  settle(): void;
  abandon(error: Error): void;
}

export interface CommitCounts {
  commits: number;
  rows: number;
  commands: number;
}

export class GroupCommit {
  readonly counts: CommitCounts = { commits: 0, rows: 0, commands: 0 };
  readonly #apps: LoadedApps;
  readonly #journal: Journal;
  readonly #begin;
  readonly #commit;
  readonly #onFatal: (error: Error) => void;
  #waiting: Waiting[] = [];
  #isScheduled = false;
  #failure: Error | undefined;

  constructor(connection: Connection, apps: LoadedApps, journal: Journal, onFatal: (error: Error) => void) {
    this.#apps = apps;
    this.#journal = journal;
    this.#begin = connection.prepare('begin immediate');
    this.#commit = connection.prepare('commit');
    this.#onFatal = onFatal;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  execute<T extends CommandType>(loaded: LoadedApp, command: Command<T>): Promise<Outcome<T>> {
    if (this.#failure !== undefined) return Promise.reject(new StoreUnavailable(this.#failure.message));
    return new Promise((resolve, reject) => {
      this.#waiting.push(this.#waitingFor(loaded, command, resolve, reject));
      this.#schedule();
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      this.#commitBatch(this.#waiting.splice(0, commandsPerCommit));
    }
  }

  #waitingFor<T extends CommandType>(
    loaded: LoadedApp,
    command: Command<T>,
    resolve: (outcome: Outcome<T>) => void,
    reject: (error: Error) => void,
  ): Waiting {
    let settle = () => reject(new Error('the command was not carried out'));
    return {
      carryOut: () => {
        const outcome = this.#carryOut(loaded, command);
        settle = () => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
      },
      settle: () => settle(),
      abandon: reject,
    };
  }

  /** An error from deciding is a bug, but one that changed nothing: it is this caller's alone. */
  #carryOut<T extends CommandType>(loaded: LoadedApp, command: Command<T>): Outcome<T> | Error {
    const decision = attempt(() => loaded.machine.decide(command));
    if (decision instanceof Error) return decision;
    if (decision.refusal !== undefined) return { refusal: decision.refusal };
    if (decision.event !== null) {
      const seq = this.#journal.append(loaded.number, decision.event);
      this.#apps.apply(loaded, decision.event, seq);
      this.counts.rows += 1;
    }
    const { answer } = decision;
    return attempt(() => ({ value: answer() }));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#commitBatch(this.#waiting.splice(0, commandsPerCommit));
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #commitBatch(batch: readonly Waiting[]): void {
    if (batch.length === 0) return;
    try {
      this.#begin.run();
      for (const waiting of batch) waiting.carryOut();
      this.#commit.run();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)), batch);
      return;
    }
    this.counts.commits += 1;
    this.counts.commands += batch.length;
    for (const waiting of batch) waiting.settle();
  }

  #fail(error: Error, batch: readonly Waiting[]): void {
    this.#failure = error;
    for (const waiting of [...batch, ...this.#waiting]) waiting.abandon(new StoreUnavailable(error.message));
    this.#waiting = [];
    this.#onFatal(error);
  }
}

function attempt<V>(work: () => V): V | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
