/**
 * The store over an engine whose logs several nodes append to. Every read first asks for the heads of the logs, together
 * with all others that wait, and applies what is new; then it is served from memory.
 */
import { randomBytes } from 'node:crypto';
import {
  askAbsent,
  type Command,
  type CommandType,
  type Facts,
  notFound,
  type Outcome,
  type Query,
  type QueryResult,
  type QueryType,
} from '@badged/core';
import { SlicedWork, sliceMs } from '../../slices.js';
import { type CommandWithAlert, type Store, StoreUnavailable } from '../port.js';
import type { AlertContent, Change, PushStore } from '../push_port.js';
import type { RecordStore } from '../record_port.js';
import { AppGone, type SharedEngine, type SharedEngineHost } from '../shared_engine.js';
import { sizeOf } from './app_size.js';
import type { BatchCounts } from './batches.js';
import { ChangeListeners } from './change_listeners.js';
import { type CheckpointPace, defaultPace } from './checkpoint.js';
import { Following, hasLost } from './following.js';
import { Heads } from './heads.js';
import { Loading } from './loading.js';
import { fetchNeeds } from './lookups.js';
import { describeLost, findLost } from './losses.js';
import { Servers, type ServersOptions } from './servers.js';
import { SharedAccess } from './shared_access.js';
import type { SharedApp } from './shared_app.js';
import { SharedBatches } from './shared_batches.js';
import { SharedCheckpoints } from './shared_checkpoints.js';
import { type Removal, SharedRegistry } from './shared_registry.js';
import { type MemoryLimits, Unloading } from './unloading.js';

export interface SharedOptions extends ServersOptions {
  /** Called with what an operator should know: the log of an app lost events, an app was loaded again. */
  readonly onWarning?: (message: string) => void;
  readonly checkpoints?: Partial<CheckpointPace>;
  readonly memory?: Partial<MemoryLimits>;
}

const defaultMemory: MemoryLimits = {
  idleMs: 900_000,
  budget: Number.POSITIVE_INFINITY,
  checkMs: 1_000,
  inUseMs: 1_000,
};

export interface SharedFigures extends BatchCounts {
  readonly commits: number;
  /** Of the apps in memory. */
  readonly participations: number;
  readonly apps: number;
  /** How many bytes these take, about. */
  readonly bytes: number;
  readonly loads: number;
  /** Apps that were removed from memory: because they were idle, and to stay within the budget. */
  readonly unloads: { readonly idle: number; readonly memory: number };
  /** Times an app was loaded again. */
  readonly reloads: number;
  /** Events that were applied, and that the database lost. */
  readonly lostEvents: number;
  /** Questions for the heads of the logs, each for all reads that waited. */
  readonly headQueries: number;
}

export interface AppSize {
  readonly app: string;
  /** About how many bytes of memory it takes. */
  readonly bytes: number;
}

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
  readonly #batches: SharedBatches;
  readonly #checkpoints: SharedCheckpoints;
  readonly #onWarning: (message: string) => void;
  readonly #unloading: Unloading;
  readonly #listeners = new ChangeListeners();
  readonly #removalListeners = new Set<(removal: Removal) => void>();
  readonly #losses = { reloads: 0, lostEvents: 0 };
  #isClosed = false;

  constructor(engine: SharedEngine, idKey: Uint8Array, options: SharedOptions) {
    const { onWarning = () => {}, checkpoints, memory } = options;
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
    this.#following = new Following({
      engine,
      heads,
      loading,
      onChange,
      onRegistry: (version) => registry.refreshTo(version),
      onLoss: (app, head) => this.#reloadLater(app, { head }),
    });
    this.#batches = new SharedBatches({
      engine,
      onChange,
      onLost: (app, error) => void this.#reloadLater(app, { error }),
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
      read: (id, read) => this.#read(id, read),
      serverId: () => this.servers.id,
      loaded: () => [...loading.all()].map(({ number }) => number),
      onServers: (listener) => this.servers.onEvent(listener),
      onAlert: (app) => this.#emit({ app, audience: { kind: 'users', users: [] }, hasAlert: true }),
    };
    this.push = engine.pushStore(host);
    this.records = engine.recordStore(host);
    this.#checkpoints.start();
    this.#unloading.start();
  }

  get figures(): SharedFigures {
    let [apps, participations, bytes] = [0, 0, 0];
    for (const app of this.#loading.all()) {
      apps += 1;
      participations += app.machine.state.participations.count;
      bytes += sizeOf(app);
    }
    return {
      ...this.#batches.counts,
      ...this.#losses,
      commits: this.#engine.commits,
      participations,
      apps,
      bytes,
      loads: this.#loading.loads,
      unloads: { ...this.#unloading.counts },
      headQueries: this.#heads.queries,
    };
  }

  /** The apps in memory that take the most of it, the largest first. */
  largestApps(most: number): readonly AppSize[] {
    return [...this.#loading.all()]
      .map((app) => ({ app: app.app.id, bytes: sizeOf(app) }))
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, most);
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

  async ask<T extends QueryType>(
    app: string,
    query: Query<T> & { readonly type: T },
  ): Promise<QueryResult<T>>;
  async ask(app: string, query: Query): Promise<QueryResult<QueryType>> {
    if (query.type === 'badges') return this.#badges(app, query);
    let facts: Facts | undefined;
    const work = new SlicedWork(app);
    for (;;) {
      const reply = await this.#read(app, (loaded) => {
        if (loaded === undefined) return { loaded, result: askAbsent(query) };
        facts ??= loaded.newFacts();
        return { loaded, ...loaded.machine.ask(query, loaded.app.settings, facts) };
      });
      if (reply.loaded === undefined || reply.needs === undefined) return reply.result;
      await work.pause();
      await fetchNeeds(this.#engine, reply.loaded, reply.needs, facts ?? reply.loaded.newFacts());
    }
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
  async eventsBehind(): Promise<number> {
    const before = new Map([...this.#loading.all()].map(({ number, committed }) => [number, committed]));
    const { apps } = await this.#heads.of(before.keys());
    let behind = 0;
    for (const [number, committed] of before)
      behind += Math.max(0, (apps.get(number)?.seq ?? committed) - committed);
    return behind;
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

  /** In slices: each user once, as of one moment. Every slice is a read of its own. */
  async #badges(app: string, { users, now }: Query<'badges'>): Promise<QueryResult<'badges'>> {
    const found = new Map<string, QueryResult<'badge'>>();
    const rest = new Set(users);
    const work = new SlicedWork(app);
    while (rest.size > 0) {
      await work.pause();
      await this.#read(app, (loaded) => {
        const end = performance.now() + sliceMs;
        for (const user of rest) {
          if (performance.now() > end) break;
          const { result } =
            loaded?.machine.ask<'badge'>({ type: 'badge', user, now }, loaded.app.settings) ?? {};
          found.set(user, result);
          rest.delete(user);
        }
      });
    }
    return users.map((user) => found.get(user));
  }

  /** Calls `read` with everything in memory that was committed before the call, and nothing that is not durable. */
  async #read<V>(id: string, read: (loaded: SharedApp | undefined) => V): Promise<V> {
    for (;;) {
      this.#whenOpen();
      const asked = this.apps.find(id);
      const before = asked && this.#loading.peek(asked.number);
      const committed = before?.committed ?? 0;
      const heads = await this.#heads.of(asked === undefined ? [] : [asked.number]);
      await this.apps.refreshTo(heads.registry);
      const stored = this.apps.find(id);
      if (stored === undefined) return read(undefined);
      const head = heads.apps.get(stored.number);
      // It was created, or created again, after the question.
      if (head === undefined) continue;
      if (before !== undefined && hasLost(before, committed, head))
        await this.#reloadLater(before, { head: head.seq });
      const loaded = await this.#loading.get(stored);
      await this.#following.reach(loaded, head.seq);
      while (loaded.visibility.state === 'ahead') await loaded.visibility.settled();
      const current = this.apps.find(id);
      if (loaded.visibility.state === 'lost' || current?.number !== loaded.number) continue;
      loaded.app = current.app;
      return read(loaded);
    }
  }

  /** As the registry has it in memory; it is loaded if it is not. */
  #find(id: string): SharedApp | Promise<SharedApp> | undefined {
    const stored = this.apps.find(id);
    return stored && this.#loading.get(stored);
  }

  /**
   * The app's memory is not the log's any more: because an append failed, or because the database was replaced by an older
   * copy of itself. It is loaded again when it is needed; who listens is to read it.
   */
  async #reloadLater(app: SharedApp, { error, head }: { error?: Error; head?: number }): Promise<void> {
    if (app.visibility.state === 'lost') return;
    const lost = error instanceof AppGone ? undefined : findLost(this.#engine, app, head);
    this.#loading.drop(app);
    this.#losses.reloads += 1;
    const found = await lost?.catch(() => undefined);
    this.#losses.lostEvents += found === undefined ? 0 : found.last - found.first + 1;
    const other = error?.message ?? `The database lost events of app ${app.app.id}.`;
    this.#onWarning(found === undefined ? other : describeLost(app.app.id, found));
    this.#emit({ app: app.app.id, audience: { kind: 'everyone' }, hasAlert: false });
  }

  #emit(change: Change): void {
    this.#listeners.emit(change);
  }

  #whenOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('The store is closing.');
  }
}
