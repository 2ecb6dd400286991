/** The host over an engine whose lookups take time: commands that need one are put off, and come to the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/store/engine.js';
import { openHost } from '../../src/store/host/store.js';
import type { RetentionEngine } from '../../src/store/retention_engine.js';
import { openSqliteEngine, type SqliteEngine } from '../../src/store/sqlite/engine.js';
import { modelSuite } from './model.js';
import type { StoreUnderTest } from './store_under_test.js';

function deferred(engine: SqliteEngine): Engine & RetentionEngine {
  return {
    capabilities: { immediateLookups: false },
    registry: engine.registry,
    get commits() {
      return engine.commits;
    },
    onFatal: (listener) => engine.onFatal(listener),
    apps: async () => engine.apps(),
    lastSeq: async (app) => engine.lastSeq(app),
    firstSeq: async (app) => engine.firstSeq(app),
    takeBase: () => engine.takeBase(),
    writeBase: (app, rows, upTo) => engine.writeBase(app, rows, upTo),
    inSnapshot: (work) => engine.inSnapshot(work),
    dropEvents: (app, from, to) => engine.dropEvents(app, from, to),
    logAfter: (app, seq) => engine.logAfter(app, seq),
    messagesBack: async (app, from, to) => engine.messagesBack(app, from, to, 1),
    chosenId: async (app, id) => engine.chosenId(app, id),
    checkpointSeq: async (app) => engine.checkpointSeq(app),
    checkpoint: (app) => engine.checkpoint(app),
    append: (app, after, decide) => engine.append(app, after, decide),
    writeCheckpoint: async (app, rows, complete) => engine.writeCheckpoint(app, rows, complete),
    pushStore: (host) => engine.pushStore(host),
    recordStore: (host) => engine.recordStore(host),
    close: () => engine.close(),
  };
}

async function deferredStore(): Promise<StoreUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-deferred-'));
  const checkpoints = { journalRows: 5, intervalMs: 10, rowsPerChunk: 2, pauseMs: 0 };
  const open = () => openHost(deferred(openSqliteEngine({ directory, isDurable: false })), { checkpoints });
  let store = await open();
  return {
    store,
    async reopen() {
      await store.close();
      store = await open();
      return store;
    },
    async dispose() {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

modelSuite('the host over deferred lookups', deferredStore, { runs: 15, commandsPerRun: 80 });
