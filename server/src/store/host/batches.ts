/**
 * Commands that arrive together share an append, and get their outcomes once it is durable. Deciding, applying and
 * handing the events to the engine happen in one synchronous step in the middle of the engine's transaction. If an
 * append fails, the store stops, because memory and log must stay the same.
 */
import {
  Ahead,
  type AppState,
  affected,
  type Decision,
  type Event,
  limits,
  type Needs,
  type Outcome,
  type Refusal,
  refuse,
} from '@badged/core';
import { SlicedWork } from '../../slices.js';
import type { Engine, EngineReader, LogRow, NewRow } from '../engine.js';
import { type CommandWithAlert, StoreUnavailable } from '../port.js';
import type { Audience, Change } from '../push_port.js';
import type { LoadedApp } from './apps.js';
import { DecidingTime } from './deciding_time.js';
import { Job } from './job.js';
import { fetchForNext, fetchNeeds } from './lookups.js';

/** No reader is served while an append is decided. Commands that do not fit into it wait for the next one. */
const commandsPerAppend = 1_000;

/** Nor during lookups while deciding. After this many messages, commands that need more wait for a later append. */
const messagesPerAppend = 1_000;

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
    const appended = this.#deps.engine.append(loaded.number, loaded.seq, (tail, append) => {
      batch.decide(tail, append);
      if (batch.events.length === 0) return;
      loaded.ahead = { events: new Ahead(loaded.machine.state, batch.events), ended: done };
    });
    const done = appended.then(
      () => this.#appended(loaded, batch),
      (error: unknown) => this.#failed(loaded, batch, asError(error)),
    );
    this.#track(done);
  }

  #appended(loaded: LoadedApp, batch: Batch): void {
    loaded.ahead = undefined;
    this.counts.appends += 1;
    this.counts.rows += batch.events.length;
    this.counts.commands += batch.commands;
    for (const job of batch.finished) job.resolve();
    for (const change of batch.changes) this.#deps.onChange(change);
    loaded.isAppending = false;
    if (batch.putOff.length > 0) this.#track(this.#lookUp(loaded, batch.putOff));
    this.#schedule(loaded);
  }

  /**
   * Fetches what the jobs' next commands need, in slices, while commands of other jobs are decided. A job is then the first
   * of the next append, and needs at most what was appended meanwhile.
   */
  async #lookUp(loaded: LoadedApp, jobs: readonly Job[]): Promise<void> {
    const work = new SlicedWork(loaded.app.id);
    for (const job of jobs) {
      const error = await fetchForNext(this.#deps.engine, loaded, job, work).then(
        () => this.#failure,
        asError,
      );
      if (error !== undefined) {
        job.reject(error === this.#failure ? new StoreUnavailable(error.message) : error);
        continue;
      }
      loaded.waiting.unshift(job);
      this.#schedule(loaded);
    }
  }

  #track(work: Promise<void>): void {
    this.#busy.add(work);
    void work.then(() => this.#busy.delete(work));
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
  commands = 0;
  /** Appended and applied, in order. */
  readonly events: Event[] = [];
  /** Every job that was begun or deferred, also if an error ended the append. */
  readonly taken: Job[] = [];
  /** Jobs that may have outcomes of this append. Each has a mark from before it. */
  readonly begun: Job[] = [];
  readonly finished: Job[] = [];
  /** Jobs whose next command needs more of the log than an append may read. */
  readonly putOff: Job[] = [];
  readonly changes: Change[] = [];
  readonly #loaded: LoadedApp;
  readonly #engine: EngineReader;
  readonly #whenPutOff: WhenPutOff;
  #isStopped = false;
  #messages = 0;
  readonly #time = new DecidingTime();

  constructor(loaded: LoadedApp, engine: EngineReader, whenPutOff: WhenPutOff = 'go_on') {
    this.#loaded = loaded;
    this.#engine = engine;
    this.#whenPutOff = whenPutOff;
  }

  decide(tail: readonly LogRow[], append: (row: NewRow) => void): void {
    const { waiting } = this.#loaded;
    this.#time.begin();
    for (const { event } of tail) this.#loaded.apply(event);
    while (waiting.length > 0 && !this.#isFull && !this.#isStopped) {
      const jobs = waiting.splice(0, commandsPerAppend);
      this.taken.push(...jobs);
      const unfinished = jobs.findIndex((job) => !this.#take(job, append));
      if (unfinished >= 0) waiting.unshift(...jobs.slice(unfinished));
    }
  }

  /** Never before the first command: every append takes at least one. */
  get #isFull(): boolean {
    if (this.commands === 0) return false;
    return this.commands >= commandsPerAppend || this.#time.isOver;
  }

  /** False if the append ends before every command of the job has an outcome. */
  #take(job: Job, append: (row: NewRow) => void): boolean {
    if (this.#isFull) return false;
    job.mark();
    this.begun.push(job);
    for (let next = job.next; next !== undefined; next = job.next) {
      if (this.#isFull) return false;
      this.commands += 1;
      const decision = this.#decide(next, job);
      if (decision instanceof Error) job.settleNext(decision);
      else if (decision.needs !== undefined && job.hasReadEnough) job.settleNext({ refusal: tooFarBack() });
      else if (decision.needs !== undefined && this.#whenPutOff === 'stop') {
        this.#isStopped = true;
        return false;
      } else if (decision.needs !== undefined) {
        this.putOff.push(job);
        return true;
      } else job.settleNext(this.#accept(decision, next, append));
    }
    this.finished.push(job);
    return true;
  }

  /** Decides with the lookups it needs, as far as this append and the job may read. */
  #decide({ command }: CommandWithAlert, job: Job): Decision<CommandWithAlert['command']['type']> | Error {
    const { machine } = this.#loaded;
    for (;;) {
      const decision = attempt(() => machine.decide(command, job.facts));
      if (decision instanceof Error || decision.needs === undefined || job.hasReadEnough) return decision;
      if (!this.#engine.capabilities.immediateLookups || this.#messages >= messagesPerAppend) return decision;
      const facts = job.nextFacts(() => this.#loaded.newFacts());
      const before = facts.read;
      void fetchNeeds(this.#engine, this.#loaded, decision.needs, facts);
      this.#messages += facts.read - before;
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
    this.events.push(event);
    if (audience !== null) this.changes.push({ app: app.id, audience, hasAlert });
    return hasAlert ? { event, alert: { audience: alertFor, content } } : { event };
  }
}

/** Asked by a command after those before it in the same request used up what a request may read. */
function tooFarBack(): Refusal {
  const message = `The operations of one request read at most ${limits.lookBackMessagesPerRequest} messages back together. Send this one in another request.`;
  return refuse('invalid_operation', message);
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
