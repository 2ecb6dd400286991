/**
 * Reads of a shared log: each asks for the heads first, together with all others that wait, applies what is new, and is then
 * served from memory.
 */
import { askAbsent, type Facts, type Query, type QueryResult, type QueryType } from '@badged/core';
import { SlicedWork, sliceMs } from '../../slices.js';
import type { EngineReader } from '../engine.js';
import { type Following, hasLost } from './following.js';
import type { Heads } from './heads.js';
import type { Loading } from './loading.js';
import { fetchNeeds } from './lookups.js';
import type { LossReason } from './reloading.js';
import type { SharedApp } from './shared_app.js';
import type { SharedRegistry } from './shared_registry.js';

export interface SharedReadsDeps {
  readonly engine: EngineReader;
  readonly registry: SharedRegistry;
  readonly loading: Loading;
  readonly heads: Heads;
  readonly following: Following;
  /** Throws if the store is closed. */
  readonly whenOpen: () => void;
  readonly onLoss: (app: SharedApp, reason: LossReason) => Promise<void>;
}

export class SharedReads {
  readonly #deps: SharedReadsDeps;

  constructor(deps: SharedReadsDeps) {
    this.#deps = deps;
  }

  /** Calls `read` with everything in memory that was committed before the call, and nothing that is not durable. */
  async read<V>(id: string, read: (loaded: SharedApp | undefined) => V): Promise<V> {
    const { registry, loading, heads, following, whenOpen, onLoss } = this.#deps;
    for (;;) {
      whenOpen();
      const asked = registry.find(id);
      const before = asked && loading.peek(asked.number);
      const committed = before?.committed ?? 0;
      const found = await heads.of(asked === undefined ? [] : [asked.number]);
      await registry.refreshTo(found.registry);
      const stored = registry.find(id);
      if (stored === undefined) return read(undefined);
      const head = found.apps.get(stored.number);
      // It was created, or created again, after the question.
      if (head === undefined) continue;
      if (before !== undefined && hasLost(before, committed, head)) await onLoss(before, { head: head.seq });
      const loaded = await loading.get(stored);
      await following.reach(loaded, head.seq);
      while (loaded.visibility.state === 'ahead') await loaded.visibility.settled();
      const current = registry.find(id);
      if (loaded.visibility.state === 'lost' || current?.number !== loaded.number) continue;
      loaded.app = current.app;
      return read(loaded);
    }
  }

  async ask(app: string, query: Query): Promise<QueryResult<QueryType>> {
    if (query.type === 'badges') return this.#badges(app, query);
    let facts: Facts | undefined;
    const work = new SlicedWork(app);
    for (;;) {
      const reply = await this.read(app, (loaded) => {
        if (loaded === undefined) return { loaded, result: askAbsent(query) };
        facts ??= loaded.newFacts();
        return { loaded, ...loaded.machine.ask(query, loaded.app.settings, facts) };
      });
      if (reply.loaded === undefined || reply.needs === undefined) return reply.result;
      await work.pause();
      await fetchNeeds(this.#deps.engine, reply.loaded, reply.needs, facts ?? reply.loaded.newFacts());
    }
  }

  /** How many events of the apps in memory the database has, and memory has not. */
  async eventsBehind(): Promise<number> {
    const { loading, heads } = this.#deps;
    const before = new Map([...loading.all()].map(({ number, committed }) => [number, committed]));
    const { apps } = await heads.of(before.keys());
    let behind = 0;
    for (const [number, committed] of before)
      behind += Math.max(0, (apps.get(number)?.seq ?? committed) - committed);
    return behind;
  }

  /** In slices: each user once, as of one moment. Every slice is a read of its own. */
  async #badges(app: string, { users, now }: Query<'badges'>): Promise<QueryResult<'badges'>> {
    const found = new Map<string, QueryResult<'badge'>>();
    const rest = new Set(users);
    const work = new SlicedWork(app);
    while (rest.size > 0) {
      await work.pause();
      await this.read(app, (loaded) => {
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
}
