/**
 * Commands that arrive together share an append, and get their outcomes once it is durable. Deciding, applying and
 * handing the events to the engine happen in one synchronous step in the middle of the engine's transaction. If an
 * append fails, the store stops, because memory and log must stay the same.
 */
import { type AppState, affected, type Decision, type Event, type Needs, type Outcome } from '@badged/core';
import type { Engine, EngineReader, LogRow, NewRow } from '../engine.js';
import { type CommandWithAlert, StoreUnavailable } from '../port.js';
import type { Audience, Change } from '../push_port.js';
import type { LoadedApp } from './apps.js';
import { Job } from './job.js';
import { fetchNeeds } from './lookups.js';

/** No reader is served while an append is decided. This many commands take about ten milliseconds. */
const commandsPerAppend = 1_000;

/** Nor during lookups while deciding. After this many, a command waits for the next append. */
const lookupsPerCommand = 4;

export interface BatchCounts {
  appends: number;
  rows: number;
  commands: number;
}

export interface BatchDeps {
  readonly engine: Engine;
  /** Called with every change once it is durable. */
  readonly onChange: (change: Change) => void;
  readonly onFatal: (error: Error) => void;
}

export class Batches {
  readonly counts: BatchCounts = { appends: 0, rows: 0, commands: 0 };
  readonly #deps: BatchDeps;
  /** Apps with commands that have no outcome yet. */
  readonly #busy = new Set<Promise<void>>();
  #failure: Error | undefined;

  constructor(deps: BatchDeps) {
    this.#deps = deps;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  execute(loaded: LoadedApp, commands: readonly CommandWithAlert[]): Promise<readonly Outcome[]> {
    if (this.#failure !== undefined) return Promise.reject(new StoreUnavailable(this.#failure.message));
    return new Promise((resolve, reject) => {
      loaded.waiting.push(new Job(commands, resolve, reject));
      this.#schedule(loaded);
    });
  }

  /** Resolves once every accepted command is durable, or the store has stopped. */
  async settled(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy);
  }

  /** Stops the store: it accepts no more commands, and rejects those that wait. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#deps.onFatal(error);
  }

  #schedule(loaded: LoadedApp): void {
    if (loaded.isAppending || loaded.waiting.length === 0) return;
    loaded.isAppending = true;
    const batch = new Batch(loaded, this.#deps.engine);
    const appended = this.#deps.engine.append(loaded.number, loaded.seq, (tail, append) =>
      batch.decide(tail, append),
    );
    const done = appended.then(
      () => this.#appended(loaded, batch),
      (error: unknown) => this.#failed(loaded, batch, asError(error)),
    );
    this.#busy.add(done);
    void done.then(() => this.#busy.delete(done));
  }

  #appended(loaded: LoadedApp, batch: Batch): void | Promise<void> {
    this.counts.appends += 1;
    this.counts.rows += batch.rows;
    this.counts.commands += batch.commands;
    for (const job of batch.finished) job.resolve();
    for (const change of batch.changes) this.#deps.onChange(change);
    if (batch.putOff.length > 0) return this.#fetch(loaded, batch);
    loaded.isAppending = false;
    this.#schedule(loaded);
  }

  /** Deferred jobs come first in the next append. */
  async #fetch(loaded: LoadedApp, batch: Batch): Promise<void> {
    const ready: Job[] = [];
    for (const { job, needs } of batch.putOff) {
      const facts = job.nextFacts(() => loaded.newFacts());
      try {
        await fetchNeeds(this.#deps.engine, loaded, needs, facts);
        ready.push(job);
      } catch (error) {
        job.reject(asError(error));
      }
    }
    loaded.waiting.unshift(...ready);
    loaded.isAppending = false;
    this.#schedule(loaded);
  }

  #failed(loaded: LoadedApp, batch: Batch, error: Error): void {
    this.fail(error);
    const { message } = this.#failure ?? error;
    const jobs = [...batch.taken, ...loaded.waiting.splice(0)];
    for (const job of jobs) job.reject(new StoreUnavailable(message));
  }
}

/** What becomes of the commands behind one that has to wait for a lookup: they go on without it, or wait with it. */
type WhenPutOff = 'go_on' | 'stop';

/** Commands of an app that are decided together, and what comes of them. */
export class Batch {
  rows = 0;
  commands = 0;
  /** Every job that was begun or deferred, also if an error ended the append. */
  readonly taken: Job[] = [];
  readonly finished: Job[] = [];
  readonly putOff: { readonly job: Job; readonly needs: Needs['needs'] }[] = [];
  readonly changes: Change[] = [];
  readonly #loaded: LoadedApp;
  readonly #engine: EngineReader;
  readonly #whenPutOff: WhenPutOff;
  #isStopped = false;

  constructor(loaded: LoadedApp, engine: EngineReader, whenPutOff: WhenPutOff = 'go_on') {
    this.#loaded = loaded;
    this.#engine = engine;
    this.#whenPutOff = whenPutOff;
  }

  decide(tail: readonly LogRow[], append: (row: NewRow) => void): void {
    const { waiting } = this.#loaded;
    for (const { event } of tail) this.#loaded.apply(event);
    while (waiting.length > 0 && this.commands < commandsPerAppend && !this.#isStopped) {
      const jobs = waiting.splice(0, commandsPerAppend);
      this.taken.push(...jobs);
      const unfinished = jobs.findIndex((job) => !this.#take(job, append));
      if (unfinished >= 0) waiting.unshift(...jobs.slice(unfinished));
    }
  }

  /** False if the append ends before every command of the job has an outcome. */
  #take(job: Job, append: (row: NewRow) => void): boolean {
    for (let next = job.next; next !== undefined; next = job.next) {
      if (this.commands >= commandsPerAppend) return false;
      this.commands += 1;
      const decision = this.#decide(next, job);
      if (decision instanceof Error) job.settleNext(decision);
      else if (decision.needs !== undefined && this.#whenPutOff === 'stop') {
        this.#isStopped = true;
        return false;
      } else if (decision.needs !== undefined) {
        this.putOff.push({ job, needs: decision.needs });
        return true;
      } else job.settleNext(this.#accept(decision, next, append));
    }
    this.finished.push(job);
    return true;
  }

  /** Decides with the lookups it needs, up to lookupsPerCommand of them. */
  #decide({ command }: CommandWithAlert, job: Job): Decision<CommandWithAlert['command']['type']> | Error {
    const { machine } = this.#loaded;
    for (let lookups = 0; ; lookups += 1) {
      const decision = attempt(() => machine.decide(command, job.facts));
      if (decision instanceof Error || decision.needs === undefined) return decision;
      if (!this.#engine.capabilities.immediateLookups || lookups === lookupsPerCommand) return decision;
      const facts = job.nextFacts(() => this.#loaded.newFacts());
      void fetchNeeds(this.#engine, this.#loaded, decision.needs, facts);
    }
  }

  #accept(
    decision: Exclude<Decision<CommandWithAlert['command']['type']>, Needs>,
    { alert }: CommandWithAlert,
    append: (row: NewRow) => void,
  ): Outcome | Error {
    if (decision.refusal !== undefined) return { refusal: decision.refusal };
    const { event, result } = decision;
    if (event !== null) append(this.#apply(event, alert));
    return attempt(() => ({ value: result() }));
  }

  /** Applies to memory and appends to the log in the same step. If that fails, the store stops. */
  #apply(event: Event, content: CommandWithAlert['alert']): NewRow {
    const { app, machine } = this.#loaded;
    const audience = affected(machine.state, event);
    const alertFor = content === undefined ? undefined : alertAudience(event, machine.state);
    const hasAlert = content !== undefined && alertFor !== undefined;
    this.#loaded.apply(event);
    this.rows += 1;
    if (audience !== null) this.changes.push({ app: app.id, audience, hasAlert });
    return hasAlert ? { event, alert: { audience: alertFor, content } } : { event };
  }
}

/** The audience of an alert that comes with this event; undefined for events that alert no user. */
function alertAudience(event: Event, state: AppState): Audience | undefined {
  if (event.type === 'announcement') return { kind: 'announcement', announcement: event.id };
  if (event.type !== 'message') return undefined;
  const { position } = event;
  return { kind: 'message', conversation: state.conversations.id(event.conversation), position };
}

function attempt<V>(work: () => V): V | Error {
  try {
    return work();
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
