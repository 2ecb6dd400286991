/**
 * Group commit. Commands that arrive together share a transaction and an fsync, and are answered after it.
 * Deciding, writing the journal row, applying and committing happen in one synchronous step, so that no
 * reader ever sees what is not yet durable. A commit that fails ends the store: memory and disk may not part.
 */
import {
  type AppState,
  affected,
  type Command,
  type CommandType,
  type Event,
  type Outcome,
} from '@badged/core';
import { StoreUnavailable } from '../port.js';
import type { AlertContent, Audience, Change } from '../push_port.js';
import type { LoadedApp, LoadedApps } from './apps.js';
import type { Connection } from './database.js';
import type { Journal } from './journal.js';
import type { Outbox } from './outbox.js';

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

/** What group commit needs besides the database. */
export interface CommitParts {
  readonly apps: LoadedApps;
  readonly journal: Journal;
  readonly outbox: Outbox;
  /** Told of every change once it is durable. */
  readonly onChange: (change: Change) => void;
  readonly onFatal: (error: Error) => void;
}

export class GroupCommit {
  readonly counts: CommitCounts = { commits: 0, rows: 0, commands: 0 };
  readonly #connection: Connection;
  readonly #parts: CommitParts;
  readonly #begin;
  readonly #commit;
  #waiting: Waiting[] = [];
  #changes: Change[] = [];
  #isScheduled = false;
  #failure: Error | undefined;

  constructor(connection: Connection, parts: CommitParts) {
    this.#connection = connection;
    this.#parts = parts;
    this.#begin = connection.prepare('begin immediate');
    this.#commit = connection.prepare('commit');
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  execute<T extends CommandType>(
    loaded: LoadedApp,
    command: Command<T>,
    alert?: AlertContent,
  ): Promise<Outcome<T>> {
    return this.#enqueue(() => this.#carryOut(loaded, command, alert));
  }

  /** Other writes, in the same transactions. An error undoes this work alone. */
  run<V>(work: () => V): Promise<V> {
    return this.#enqueue(() => this.#aside(work));
  }

  /** Ends the store: nothing more is accepted, and what is waiting is refused. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#changes = [];
    for (const waiting of this.#waiting.splice(0)) waiting.abandon(new StoreUnavailable(error.message));
    this.#parts.onFatal(error);
  }

  /** Commits what is waiting, now. */
  flush(): void {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      this.#commitBatch(this.#waiting.splice(0, commandsPerCommit));
    }
  }

  /** What the work throws is fatal; an error that it returns is the caller's alone. */
  #enqueue<V>(work: () => V | Error): Promise<V> {
    if (this.#failure !== undefined) return Promise.reject(new StoreUnavailable(this.#failure.message));
    return new Promise((resolve, reject) => {
      let settle = () => reject(new Error('the work was not carried out'));
      this.#waiting.push({
        carryOut: () => {
          const outcome = work();
          settle = () => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
        },
        settle: () => settle(),
        abandon: reject,
      });
      this.#schedule();
    });
  }

  /** An error from deciding is a bug, but one that changed nothing: it is this caller's alone. */
  #carryOut<T extends CommandType>(
    loaded: LoadedApp,
    command: Command<T>,
    alert?: AlertContent,
  ): Outcome<T> | Error {
    const decision = attempt(() => loaded.machine.decide(command));
    if (decision instanceof Error) return decision;
    if (decision.refusal !== undefined) return { refusal: decision.refusal };
    if (decision.event !== null) this.#accept(loaded, decision.event, alert);
    const { answer } = decision;
    return attempt(() => ({ value: answer() }));
  }

  #accept(loaded: LoadedApp, event: Event, alert?: AlertContent): void {
    const { apps, journal, outbox } = this.#parts;
    const { state } = loaded.machine;
    const audience = affected(state, event);
    const seq = journal.append(loaded.number, event);
    const target = alert && alertAudience(event, state);
    if (alert !== undefined && target !== undefined) outbox.add(loaded.number, null, target, alert);
    apps.apply(loaded, event, seq);
    this.counts.rows += 1;
    if (audience !== null)
      this.#changes.push({ app: loaded.app.id, audience, hasAlert: target !== undefined });
  }

  /**
   * A full disk may make SQLite undo the whole transaction, not this work alone. What others in it were about to
   * be told is then lost, so nothing that comes after may be kept either.
   */
  #aside<V>(work: () => V): V | Error {
    const outcome = attempt(() => this.#connection.transaction(work)());
    if (this.#connection.inTransaction) return outcome;
    throw outcome instanceof Error ? outcome : new Error('the transaction ended early');
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
      this.#undo(error instanceof Error ? error : new Error(String(error)), batch);
      return;
    }
    this.counts.commits += 1;
    this.counts.commands += batch.length;
    for (const waiting of batch) waiting.settle();
    for (const change of this.#changes.splice(0)) this.#parts.onChange(change);
  }

  /** SQLite may or may not have undone the transaction by itself. */
  #undo(error: Error, batch: readonly Waiting[]): void {
    attempt(() => this.#connection.inTransaction && this.#connection.exec('rollback'));
    this.#waiting.unshift(...batch);
    this.fail(error);
  }
}

/** Whom an alert that comes with this event is for; undefined for events that ring for nobody. */
function alertAudience(event: Event, state: AppState): Audience | undefined {
  if (event.type === 'announcement') return { kind: 'announcement', announcement: event.id };
  if (event.type !== 'message') return undefined;
  return {
    kind: 'message',
    conversation: state.conversations.id(event.conversation),
    position: event.position,
  };
}

function attempt<V>(work: () => V): V | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
