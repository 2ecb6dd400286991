/**
 * The store over any engine: every app's state in memory, durable data in the engine. Reads use memory. While a commit is
 * being synced, memory is ahead of the disk: what a read saw of it is returned once it is durable.
 */
import { randomBytes } from 'node:crypto';
import {
  askAbsent,
  type Command,
  type CommandType,
  type MemoryPressure,
  notFound,
  type Outcome,
  type Query,
  type QueryResult,
  type QueryType,
} from '@badged/core';
import { SlicedWork } from '../../slices.js';
import type { Engine, OrPromise } from '../engine.js';
import type { EngineHost } from '../hosted_app.js';
import { type AppRegistry, type CommandWithAlert, type Store, StoreUnavailable } from '../port.js';
import type { AlertContent, Change, PushStore } from '../push_port.js';
import type { RecordStore } from '../record_port.js';
import type { RetentionEngine } from '../retention_engine.js';
import { sizeOf } from './app_size.js';
import { type LoadedApp, LoadedApps } from './apps.js';
import { droppedEvents } from './base.js';
import { type BatchCounts, Batches } from './batches.js';
import { ChangeListeners } from './change_listeners.js';
import { Checkpointer, type CheckpointPace, defaultPace } from './checkpoint.js';
import { applyTail, loadCheckpoint } from './load.js';
import { fetchNeeds } from './lookups.js';
import { MemoryBudget, observeHeap } from './memory_budget.js';
import { Registry } from './registry.js';
import { Retention, type RetentionPace } from './retention.js';

type HostEngine = Engine & RetentionEngine;

export interface HostOptions {
  /** Called when memory and disk may differ: the process must stop. Default: throws the error as uncaught. */
  readonly onFatal?: (error: Error) => void;
  readonly checkpoints?: Partial<CheckpointPace>;
  /** Older rows of the logs are dropped, in milliseconds. Default: none are. */
  readonly keepMs?: number;
  readonly retention?: Partial<RetentionPace>;
  /** What the apps may take in memory, in bytes. Default: no limit but that of the JavaScript heap. */
  readonly memoryBudget?: number;
  /** Called with what an operator should know, such as that memory is getting short. */
  readonly onWarning?: (message: string) => void;
  /** Called with the current step of a start that takes long. */
  readonly onProgress?: (message: string) => void;
}

export interface StoreFigures extends BatchCounts {
  readonly commits: number;
  /** How many events of the logs the next start would apply again. */
  readonly logTail: number;
  /** How many events the logs have. */
  readonly logRows: number;
  /** How many events were dropped because they were old, since the start. */
  readonly droppedRows: number;
  /** Checkpoints of all apps that were completed. */
  readonly checkpoints: number;
  /** For how long there has been something that no checkpoint has; 0 if there is nothing. */
  readonly checkpointAgeMs: number;
  readonly participations: number;
  /** What the apps take in memory, about, and what they may take. */
  readonly bytes: number;
  readonly budget: number;
  readonly pressure: MemoryPressure;
}

/** Resolves when every app is loaded. If this rejects, the caller must close the engine. */
export async function openHost(engine: HostEngine, options: HostOptions = {}): Promise<HostStore> {
  const { onProgress = () => {}, memoryBudget = Number.POSITIVE_INFINITY, onWarning = () => {} } = options;
  const idKey = await engine.registry.secret('message_id_key', randomBytes(32));
  const apps = new LoadedApps();
  const bytes = () => bytesOf(apps);
  const memory = new MemoryBudget({ budget: memoryBudget, bytes, heap: observeHeap(), onWarning });
  const capacity = { memoryPressure: () => memory.pressure };
  const completed = new Map<LoadedApp, number>();
  let tail = 0;
  for (const stored of await engine.apps()) {
    const loaded = await loadCheckpoint(engine, stored, idKey, capacity);
    apps.add(loaded);
    completed.set(loaded, loaded.seq);
    tail += (await engine.lastSeq(loaded.number)) - loaded.seq;
  }
  if (tail >= 10_000) onProgress(`applying the last ${tail} rows of the journal`);
  let dropped = 0;
  for (const loaded of apps.all()) {
    await applyTail(engine, loaded);
    dropped += await droppedEvents(engine, loaded.number);
  }
  const tokens = await engine.registry.tokens();
  return new HostStore({ engine, apps, completed, dropped, tokens, idKey, memory }, options);
}

interface Loaded {
  readonly engine: HostEngine;
  readonly apps: LoadedApps;
  readonly completed: ReadonlyMap<LoadedApp, number>;
  /** How many events the logs had dropped. */
  readonly dropped: number;
  readonly tokens: Awaited<ReturnType<Engine['registry']['tokens']>>;
  readonly idKey: Uint8Array;
  readonly memory: MemoryBudget;
}

export class HostStore implements Store {
  readonly apps: AppRegistry;
  readonly push: PushStore;
  readonly records: RecordStore;
  readonly #engine: Engine;
  readonly #loaded: LoadedApps;
  readonly #batches: Batches;
  readonly #checkpointer: Checkpointer;
  /** Drops old rows; undefined if none are dropped. */
  readonly retention: Retention | undefined;
  readonly #dropped: number;
  readonly #listeners = new ChangeListeners();
  readonly #memory: MemoryBudget;
  #isClosed = false;

  constructor({ engine, apps, completed, dropped, tokens, idKey, memory }: Loaded, options: HostOptions) {
    const { onFatal: end = throwOut, keepMs, retention: retentionPace = {}, onWarning = () => {} } = options;
    this.#engine = engine;
    this.#loaded = apps;
    this.#memory = memory;
    const onChange = (change: Change) => this.#emit(change);
    // Neither half may go on without the other: a checkpoint of what no log has would be loaded by a start.
    const onFatal = (error: Error) => {
      this.#checkpointer.stop();
      end(error);
    };
    this.#batches = new Batches({ engine, onChange, onFatal });
    const fail = (error: Error) => this.#batches.fail(error);
    engine.onFatal(fail);
    const pace = { ...defaultPace, ...options.checkpoints };
    this.#checkpointer = new Checkpointer({ engine, apps, pace, onFatal: fail }, completed);
    const whenOpen = () => this.#whenOpen();
    const capacity = { memoryPressure: () => memory.pressure };
    this.apps = new Registry({ tables: engine.registry, apps, tokens, idKey, capacity, whenOpen, onChange });
    const host: EngineHost = {
      app: (id) => this.#app(id),
      apps: () => [...apps.all()].map(({ app }) => app.id),
      onAlert: (app) => this.#emit({ app, audience: { kind: 'users', users: [] }, hasAlert: true }),
    };
    this.push = engine.pushStore(host);
    this.records = engine.recordStore(host);
    this.#dropped = dropped;
    if (keepMs !== undefined)
      this.retention = new Retention({
        engine,
        apps: () => apps.all(),
        keepMs,
        now: Date.now,
        pace: retentionPace,
        onWarning,
      });
    this.retention?.start();
    this.#checkpointer.start();
    memory.start();
  }

  get figures(): StoreFigures {
    let [participations, logRows] = [0, 0];
    for (const { machine, seq } of this.#loaded.all()) {
      participations += machine.state.participations.count;
      logRows += seq;
    }
    const { commits } = this.#engine;
    const droppedRows = this.retention?.droppedRows ?? 0;
    const { budget, pressure } = this.#memory;
    const { tail: logTail, completed: checkpoints, ageMs: checkpointAgeMs } = this.#checkpointer;
    return {
      ...this.#batches.counts,
      commits,
      logRows: logRows - this.#dropped - droppedRows,
      droppedRows,
      logTail,
      checkpoints,
      checkpointAgeMs,
      participations,
      bytes: bytesOf(this.#loaded),
      budget,
      pressure,
    };
  }

  async execute<T extends CommandType>(
    app: string,
    command: Command<T>,
    alert?: AlertContent,
  ): Promise<Outcome<T>>;
  async execute(app: string, command: Command, alert?: AlertContent): Promise<Outcome> {
    const [outcome] = await this.executeAll(app, [alert === undefined ? { command } : { command, alert }]);
    if (outcome === undefined) throw new Error('the command has no outcome');
    return outcome;
  }

  async executeAll<T extends CommandType>(
    app: string,
    commands: readonly CommandWithAlert<T>[],
  ): Promise<readonly Outcome<T>[]>;
  async executeAll(app: string, commands: readonly CommandWithAlert[]): Promise<readonly Outcome[]> {
    const loaded = this.#app(app);
    return loaded === undefined
      ? commands.map(() => ({ refusal: notFound('The app') }))
      : this.#batches.execute(loaded, commands);
  }

  async ask<T extends QueryType>(
    app: string,
    query: Query<T> & { readonly type: T },
  ): Promise<QueryResult<T>>;
  async ask(app: string, query: Query): Promise<QueryResult<QueryType>> {
    const loaded = this.#app(app);
    if (loaded === undefined) return askAbsent(query);
    const result = await this.#ask(loaded, query);
    const { ahead } = loaded;
    if (ahead?.events.concerns(query) !== true) return result;
    await ahead.ended;
    this.#whenNotFailed();
    return result;
  }

  /** What memory says, which may be ahead of the disk. */
  #ask(loaded: LoadedApp, query: Query): OrPromise<QueryResult<QueryType>> {
    if (query.type === 'badges') return loaded.badges(query);
    const { needs, result } = loaded.machine.ask(query, loaded.app.settings);
    return needs === undefined ? result : this.#askWithFacts(loaded, query);
  }

  async #askWithFacts(loaded: LoadedApp, query: Query): Promise<QueryResult<QueryType>> {
    const facts = loaded.newFacts();
    const work = new SlicedWork(loaded.app.id);
    for (;;) {
      const reply = loaded.machine.ask(query, loaded.app.settings, facts);
      if (reply.needs === undefined) return reply.result;
      await work.pause();
      await fetchNeeds(this.#engine, loaded, reply.needs, facts);
    }
  }

  subscribe(listener: (change: Change) => void, app?: string): () => void {
    return this.#listeners.add(listener, app);
  }

  async ready() {
    this.#whenOpen();
  }

  /** Makes the accepted commands durable, then writes a whole checkpoint, so that the next start is quick. */
  async close() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#memory.stop();
    this.#checkpointer.stop();
    await this.retention?.stop();
    await this.#batches.settled();
    try {
      if (this.#batches.failure === undefined) await this.#checkpointer.finish();
    } finally {
      await this.#engine.close();
    }
  }

  #emit(change: Change): void {
    this.#listeners.emit(change);
  }

  #app(id: string): LoadedApp | undefined {
    this.#whenOpen();
    return this.#loaded.get(id);
  }

  #whenOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('The store is closing.');
    this.#whenNotFailed();
  }

  #whenNotFailed(): void {
    if (this.#batches.failure !== undefined) throw new StoreUnavailable(this.#batches.failure.message);
  }
}

function bytesOf(apps: LoadedApps): number {
  let bytes = 0;
  for (const loaded of apps.all()) bytes += sizeOf(loaded);
  return bytes;
}

function throwOut(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
