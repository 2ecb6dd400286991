/** Several nodes over one database, each a store with an engine and connections of its own. */
import type { CheckpointPace } from '../../../src/store/host/checkpoint.js';
import { openSharedStore, type SharedStore } from '../../../src/store/host/shared_store.js';
import type { Store } from '../../../src/store/port.js';
import { openPostgresEngine } from '../../../src/store/postgres/engine.js';
import type { StoreFactory } from '../store_under_test.js';
import type { Schemas } from './schemas.js';

/** Frequent and in small chunks, so that nodes take turns in the middle of them. */
const frequent = { journalRows: 5, intervalMs: 10, rowsPerChunk: 2, pauseMs: 0 };

export const noCheckpoints = { journalRows: Number.POSITIVE_INFINITY, intervalMs: Number.POSITIVE_INFINITY };

export interface Cluster {
  readonly url: string;
  readonly nodes: SharedStore[];
  /** What the nodes warned of. */
  readonly warnings: string[];
  /** Closes the node and opens another one in its place. */
  restart(index: number): Promise<void>;
  close(): Promise<void>;
}

/** The nodes start at the same moment. */
export async function openCluster(
  url: string,
  size: number,
  checkpoints: Partial<CheckpointPace> = frequent,
): Promise<Cluster> {
  const warnings: string[] = [];
  const open = async () =>
    openSharedStore(await openPostgresEngine(url), {
      onWarning: (message) => warnings.push(message),
      checkpoints,
    });
  const nodes = await Promise.all(Array.from({ length: size }, open));
  return {
    url,
    nodes,
    warnings,
    async restart(index) {
      await nodes[index]?.close();
      nodes[index] = await open();
    },
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

/** A store whose every call goes to a node that is drawn by lot. */
export function clusterUnderTest(schemas: Schemas, random: () => number): StoreFactory {
  return async () => {
    const schema = await schemas.create();
    const cluster = await openCluster(schema.url, 3);
    const draw = () => Math.floor(random() * cluster.nodes.length);
    const anyNode = (): Store => cluster.nodes[draw()] ?? never();
    const store: Store = {
      apps: spread(() => anyNode().apps),
      push: spread(() => anyNode().push),
      records: spread(() => anyNode().records),
      execute: (app, command, alert) => anyNode().execute(app, command, alert),
      executeAll: (app, commands) => anyNode().executeAll(app, commands),
      ask: (app, query) => anyNode().ask(app, query),
      subscribe: (listener) => anyNode().subscribe(listener),
      ready: () => anyNode().ready(),
      close: () => cluster.close(),
    };
    return {
      store,
      async reopen() {
        await cluster.restart(draw());
        return store;
      },
      async dispose() {
        await cluster.close();
      },
    };
  };
}

/** Each method is taken from what `choose` returns at that moment. */
function spread<T extends object>(choose: () => T): T {
  return new Proxy(choose(), {
    get(_, key) {
      const target = choose();
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function never(): never {
  throw new Error('there is no node');
}
