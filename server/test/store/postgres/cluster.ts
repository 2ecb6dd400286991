/** Several nodes over one database, each a store with an engine and connections of its own. */
import type { CheckpointPace } from '../../../src/store/host/checkpoint.js';
import {
  openSharedStore,
  type SharedOptions,
  type SharedStore,
} from '../../../src/store/host/shared_store.js';
import type { Store } from '../../../src/store/port.js';
import type { StoreFactory } from '../store_under_test.js';
import { RestartGate } from './restart_gate.js';
import type { Schemas, TestSchema } from './schemas.js';

/** Frequent and in small chunks, so that nodes take turns in the middle of them. */
const frequent = { journalRows: 5, intervalMs: 10, rowsPerChunk: 2, pauseMs: 0 };

type NodeOptions = Pick<SharedOptions, 'checkpoints' | 'memory'>;

/**
 * The nodes forget apps at different paces: one about every step, also between two slices of one request, so that it loads them
 * again from checkpoints and logs; one seldom, so that it has to follow what the others append. What one of them leaves of a
 * checkpoint in the middle, another one writes at once.
 */
function unequal(sequencesAtOnce: number): readonly NodeOptions[] {
  return [1, 6, 30].map((factor) => ({
    checkpoints: { ...frequent, rowsPerChunk: 2 * factor },
    // A step takes some 30 ms of the processors' time, in each of the sequences that run side by side.
    memory: { idleMs: 0, inUseMs: 0, checkMs: 40 * factor * sequencesAtOnce },
  }));
}

export const noCheckpoints = { journalRows: Number.POSITIVE_INFINITY, intervalMs: Number.POSITIVE_INFINITY };

export interface Cluster {
  readonly schema: TestSchema;
  readonly nodes: SharedStore[];
  /** What the nodes warned of. */
  readonly warnings: string[];
  /** Opens another node in its place, and closes it once its calls have ended. */
  restart(index: number): Promise<void>;
  /** A call that the node ends before it closes. */
  during<V>(node: SharedStore, call: (node: SharedStore) => Promise<V>): Promise<V>;
  close(): Promise<void>;
}

/** The nodes start at the same moment. */
export async function openCluster(
  schema: TestSchema,
  size: number,
  checkpoints: Partial<CheckpointPace> = frequent,
  ofNodes: readonly NodeOptions[] = [],
): Promise<Cluster> {
  const warnings: string[] = [];
  const open = async (index: number) =>
    openSharedStore(await schema.openEngine(), {
      onWarning: (message) => warnings.push(message),
      checkpoints,
      ...ofNodes[index],
    });
  const nodes = await Promise.all(Array.from({ length: size }, (_, index) => open(index)));
  const calls = new Map<SharedStore, Set<Promise<unknown>>>();
  return {
    schema,
    nodes,
    warnings,
    async restart(index) {
      const [next, before] = [await open(index), nodes[index]];
      nodes[index] = next;
      if (before === undefined) return;
      await Promise.allSettled(calls.get(before) ?? []);
      calls.delete(before);
      await before.close();
    },
    async during(node, call) {
      const ofNode = calls.get(node) ?? new Set();
      calls.set(node, ofNode);
      const called = call(node);
      ofNode.add(called);
      try {
        return await called;
      } finally {
        ofNode.delete(called);
      }
    },
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

/**
 * A store whose every call goes to a node that is drawn by lot. All stores of a factory are the same cluster, which stays
 * open until `close`; a node that is restarted ends its calls before it closes.
 */
export function clusterUnderTest(schemas: Schemas, random: () => number, sequencesAtOnce: number) {
  let opened: Promise<Cluster> | undefined;
  const gate = new RestartGate();
  const factory: StoreFactory = async () => {
    opened ??= schemas.take().then((schema) => openCluster(schema, 3, frequent, unequal(sequencesAtOnce)));
    const cluster = await opened;
    const draw = () => Math.floor(random() * cluster.nodes.length);
    const store = anyNode(cluster, draw);
    return {
      store,
      async reopen() {
        await gate.restart(() => cluster.restart(draw()));
        return store;
      },
      claimStep: (step) => gate.step(step),
      async dispose() {},
    };
  };
  return { factory, close: async () => (await opened)?.close() };
}

function anyNode(cluster: Cluster, draw: () => number): Store {
  const choose = () => cluster.nodes[draw()] ?? never();
  const on = <V>(call: (node: SharedStore) => Promise<V>): Promise<V> => cluster.during(choose(), call);
  return {
    apps: spread(choose, (node) => node.apps, on),
    push: spread(choose, (node) => node.push, on),
    records: spread(choose, (node) => node.records, on),
    execute: (app, command, alert) => on((node) => node.execute(app, command, alert)),
    executeAll: (app, commands) => on((node) => node.executeAll(app, commands)),
    ask: (app, query) => on((node) => node.ask(app, query)),
    subscribe: (listener, app) => choose().subscribe(listener, app),
    ready: () => on((node) => node.ready()),
    close: () => cluster.close(),
  };
}

type On = <V>(call: (node: SharedStore) => Promise<V>) => Promise<V>;

/** Each method is called at what `choose` returns at that moment. */
function spread<T extends object>(choose: () => SharedStore, part: (node: SharedStore) => T, on: On): T {
  return new Proxy(part(choose()), {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return Reflect.get(part(choose()), key);
      return (...args: unknown[]) =>
        on(async (node): Promise<unknown> => {
          const method: unknown = Reflect.get(part(node), key);
          return typeof method === 'function' ? Reflect.apply(method, part(node), args) : method;
        });
    },
  });
}

function never(): never {
  throw new Error('there is no node');
}
