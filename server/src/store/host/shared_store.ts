/**
 * The store over an engine whose logs several nodes append to: what it is made of, and which part does what. Reads are in
 * shared_reads.ts, appends in shared_batches.ts.
 */
import { randomBytes } from 'node:crypto';
import {
  type Command,
  type CommandType,
  notFound,
  type Outcome,
  type Query,
  type QueryResult,
  type QueryType,
} from '@badged/core';
import { type CommandWithAlert, type Store, StoreUnavailable } from '../port.js';
import type { AlertContent, Change, PushStore } from '../push_port.js';
import type { RecordStore } from '../record_port.js';
import type { SharedEngine, SharedEngineHost } from '../shared_engine.js';
import { ChangeListeners } from './change_listeners.js';
import { type CheckpointPace, defaultPace } from './checkpoint.js';
import { Following } from './following.js';
import { Heads } from './heads.js';
import { Loading } from './loading.js';
import { Reloading } from './reloading.js';
import { Retention } from './retention.js';
import { Servers, type ServersOptions } from './servers.js';
import { SharedAccess } from './shared_access.js';
import type { SharedApp } from './shared_app.js';
import { SharedBatches } from './shared_batches.js';
import { SharedCheckpoints } from './shared_checkpoints.js';
import { type AppSize, figuresOf, largestApps, type SharedFigures } from './shared_figures.js';
import { SharedReads } from './shared_reads.js';
import { type Removal, SharedRegistry } from './shared_registry.js';
import { type MemoryLimits, Unloading } from './unloading.js';

export interface SharedOptions extends ServersOptions {
  /** Called with what an operator should know: the log of an app lost events, an app was loaded again. */
  readonly onWarning?: (message: string) => void;
  readonly checkpoints?: Partial<CheckpointPace>;
  readonly memory?: Partial<MemoryLimits>;
  /** Older rows of the logs are dropped, in milliseconds. Default: none are. */
  readonly keepMs?: number;
}

const defaultMemory: MemoryLimits = {
  idleMs: 900_000,
  budget: Number.POSITIVE_INFINITY,
  checkMs: 1_000,
  inUseMs: 1_000,
};

/** Resolves when the database can be reached. If this rejects, the caller must close the engine. */
export async function openSharedStore(
  engine: SharedEngine,
  options: SharedOptions = {},
): Promise<SharedStore> {
  const idKey = await engine.registry.secret('message_id_key', randomBytes(32));
  const store = new SharedStore(engine, idKey, options);
  await store.ready();
  await store.servers.join();
  await store.access.start();
  return store;
}

export class SharedStore implements Store {
  readonly apps: SharedRegistry;
  readonly push: PushStore;
  readonly records: RecordStore;
  readonly servers: Servers;
  readonly access: SharedAccess;
  readonly #engine: SharedEngine;
  readonly #heads: Heads;
  readonly #loading: Loading;
  readonly #following: Following;
  readonly #reads: SharedReads;
  readonly #reloading: Reloading;
  readonly #batches: SharedBatches;
  readonly #checkpoints: SharedCheckpoints;
  readonly #onWarning: (message: string) => void;
  readonly #unloading: Unloading;
  /** Drops old rows; undefined if none are dropped. */
  readonly #retention: Retention | undefined;
  readonly #listeners = new ChangeListeners();
  readonly #removalListeners = new Set<(removal: Removal) => void>();
  #isClosed = false;

  constructor(engine: SharedEngine, idKey: Uint8Array, options: SharedOptions) {
    const { onWarning = () => {}, checkpoints, memory, keepMs } = options;
    this.#engine = engine;
    this.servers = new Servers(engine.servers, options);
    this.access = new SharedAccess(engine.access);
    this.#onWarning = onWarning;
    const onChange = (change: Change) => this.#emit(change);
    const now = () => performance.now();
    const onLoaded = (app: SharedApp, checkpoint: number) => this.#checkpoints.loaded(app, checkpoint);
    const loading = new Loading({ engine, idKey, onLoaded, now });
    const heads = new Heads(
      (asked) => engine.heads(asked),
      (app) => loading.peek(app)?.points.last,
    );
    const pace = { ...defaultPace, ...checkpoints };
    this.#checkpoints = new SharedCheckpoints({ engine, apps: () => loading.all(), pace });
    this.#unloading = new Unloading({
      loading,
      limits: { ...defaultMemory, ...memory },
      now,
      hasSubscribers: ({ app }) => this.#listeners.has(app.id),
      writeCheckpoint: (app) => this.#checkpoints.finishOf(app),
    });
    this.#heads = heads;
    this.#loading = loading;
    const registry = new SharedRegistry({
      engine,
      heads,
      whenOpen: () => this.#whenOpen(),
      onChange,
      onRemoval: (removal) => {
        for (const listener of this.#removalListeners) listener(removal);
      },
      onApp: (number, app) => {
        const loaded = loading.peek(number);
        if (loaded === undefined) return;
        if (app === undefined) loading.drop(loaded);
        else loaded.app = app;
      },
    });
    this.apps = registry;
    const reloading = new Reloading({
      engine,
      loading,
      onWarning,
      onLost: ({ app }) => this.#emit({ app: app.id, audience: { kind: 'everyone' }, hasAlert: false }),
    });
    this.#reloading = reloading;
    this.#following = new Following({
      engine,
      heads,
      loading,
      onChange,
      onRegistry: (version) => registry.refreshTo(version),
      onLoss: (app, head) => reloading.lose(app, { head }),
    });
    this.#reads = new SharedReads({
      engine,
      registry,
      loading,
      heads,
      following: this.#following,
      whenOpen: () => this.#whenOpen(),
      onLoss: (app, reason) => reloading.lose(app, reason),
    });
    this.#batches = new SharedBatches({
      engine,
      onChange,
      onLost: (app, error) => void reloading.lose(app, { error }),
      reload: async ({ app }) => {
        await registry.refresh();
        return this.#find(app.id);
      },
    });
    const host: SharedEngineHost = {
      number: async (id) => {
        await registry.refresh();
        return registry.find(id)?.number;
      },
      read: (id, read) => this.#reads.read(id, read),
      serverId: () => this.servers.id,
      loaded: () => [...loading.all()].map(({ number }) => number),
      onServers: (listener) => this.servers.onEvent(listener),
      onAlert: (app) => this.#emit({ app, audience: { kind: 'users', users: [] }, hasAlert: true }),
    };
    this.push = engine.pushStore(host);
    this.records = engine.recordStore(host);
    if (keepMs !== undefined) {
      const apps = async () => (await engine.readRegistry()).apps;
      this.#retention = new Retention({ engine, apps, keepMs, now: Date.now, onWarning });
    }
    this.#retention?.start();
    this.#checkpoints.start();
    this.#unloading.start();
  }

  get figures(): SharedFigures {
    return figuresOf({
      droppedRows: this.#retention?.droppedRows ?? 0,
      engine: this.#engine,
      loading: this.#loading,
      unloading: this.#unloading,
      heads: this.#heads,
      batches: this.#batches,
      reloading: this.#reloading,
    });
  }

  /** The apps in memory that take the most of it, the largest first. */
  largestApps(most: number): readonly AppSize[] {
    return largestApps(this.#loading, most);
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
    this.#whenOpen();
    // The append itself finds out whether a known app is still there.
    if (this.apps.find(app) === undefined) await this.apps.refresh();
    for (;;) {
      const found = this.#find(app);
      const loaded = found instanceof Promise ? await found : found;
      this.#whenOpen();
      if (loaded === undefined) return commands.map(() => ({ refusal: notFound('The app') }));
      if (loaded.visibility.state !== 'lost') return this.#batches.execute(loaded, commands);
    }
  }

  ask<T extends QueryType>(app: string, query: Query<T> & { readonly type: T }): Promise<QueryResult<T>>;
  ask(app: string, query: Query): Promise<QueryResult<QueryType>> {
    return this.#reads.ask(app, query);
  }

  subscribe(listener: (change: Change) => void, app?: string): () => void {
    this.#following.start();
    return this.#listeners.add(listener, app);
  }

  /** Calls the listener with what was revoked or deleted on any node, half a second later at most. */
  onRemoval(listener: (removal: Removal) => void): void {
    this.#removalListeners.add(listener);
    this.#following.start();
  }

  /** How many events of the apps in memory the database has, and memory has not. */
  eventsBehind(): Promise<number> {
    return this.#reads.eventsBehind();
  }

  async ready(): Promise<void> {
    await this.apps.refresh();
  }

  /** Finishes the accepted commands, then writes checkpoints, so that other nodes load the apps quickly. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#following.stop();
    this.access.stop();
    await this.#retention?.stop();
    await this.#unloading.stop();
    await this.#batches.settled();
    await this.#checkpoints.stop();
    // Otherwise the other servers notice it by themselves.
    await this.servers.leave().catch(() => {});
    try {
      await this.#checkpoints.finish();
    } catch (error) {
      // Nothing is lost: the log has it all.
      this.#onWarning(`The last checkpoint was not written: ${error}`);
    } finally {
      await this.#engine.close();
    }
  }

  /** As the registry has it in memory; it is loaded if it is not. */
  #find(id: string): SharedApp | Promise<SharedApp> | undefined {
    const stored = this.apps.find(id);
    return stored && this.#loading.get(stored);
  }

  #emit(change: Change): void {
    this.#listeners.emit(change);
  }

  #whenOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('The store is closing.');
  }
}
