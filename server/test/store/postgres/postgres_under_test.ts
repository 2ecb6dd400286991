/**
 * The store over PostgreSQL, in a schema that no other test uses meanwhile. Schemas and their connections are used by one
 * test after another, emptied in between: to open them takes longer than most tests.
 */
import { afterAll } from 'vitest';
import { openSharedStore } from '../../../src/store/host/shared_store.js';
import { openPostgresEngine, type PostgresEngine } from '../../../src/store/postgres/engine.js';
import type { SharedEngine } from '../../../src/store/shared_engine.js';
import type { StoreFactory } from '../store_under_test.js';
import { Schemas, type TestSchema } from './schemas.js';
import { type TestServer, testServer } from './test_server.js';

/** So frequent that every reopening meets one. */
const checkpoints = { journalRows: 5, intervalMs: 10, rowsPerChunk: 500, pauseMs: 0 };

interface Opened {
  readonly schema: TestSchema;
  readonly engine: PostgresEngine;
}

/** Call it once for a file. */
export function postgresUnderTest(server: () => Promise<TestServer> = testServer()): StoreFactory {
  const schemas = new Schemas(server);
  const free: Opened[] = [];
  afterAll(async () => {
    for (const { engine } of free) await engine.close();
  });
  return async () => {
    const opened = free.pop() ?? (await open(schemas));
    let store = await openSharedStore(staysOpen(opened.engine), { checkpoints });
    return {
      store,
      async reopen() {
        await store.close();
        store = await openSharedStore(staysOpen(opened.engine), { checkpoints });
        return store;
      },
      async dispose() {
        await store.close();
        await opened.schema.empty();
        free.push(opened);
      },
    };
  };
}

async function open(schemas: Schemas): Promise<Opened> {
  const schema = await schemas.create();
  return { schema, engine: await openPostgresEngine(schema.url) };
}

function staysOpen(engine: PostgresEngine): SharedEngine {
  return {
    capabilities: engine.capabilities,
    registry: engine.registry,
    servers: engine.servers,
    access: engine.access,
    get commits() {
      return engine.commits;
    },
    heads: (apps) => engine.heads(apps),
    eventsAfter: (app, end) => engine.eventsAfter(app, end),
    lastCommon: (app, points) => engine.lastCommon(app, points),
    pointAt: (app, seq) => engine.pointAt(app, seq),
    onHint: (listener) => engine.onHint(listener),
    readRegistry: () => engine.readRegistry(),
    inSnapshot: (work) => engine.inSnapshot(work),
    apps: () => engine.apps(),
    lastSeq: (app) => engine.lastSeq(app),
    logAfter: (app, seq) => engine.logAfter(app, seq),
    messagesBack: (app, from, to, limit) => engine.messagesBack(app, from, to, limit),
    chosenId: (app, id) => engine.chosenId(app, id),
    checkpointSeq: (app) => engine.checkpointSeq(app),
    checkpoint: (app) => engine.checkpoint(app),
    append: (app, after, decide) => engine.append(app, after, decide),
    leaseCheckpoint: (app, upTo) => engine.leaseCheckpoint(app, upTo),
    writeCheckpoint: (app, rows, options) => engine.writeCheckpoint(app, rows, options),
    pushStore: (host) => engine.pushStore(host),
    recordStore: (host) => engine.recordStore(host),
    close: async () => {},
  };
}
