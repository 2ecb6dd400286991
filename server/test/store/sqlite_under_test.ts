/**
 * The embedded store in a directory of its own, with checkpoints so frequent that every reopening meets one. Syncs cost nothing,
 * but take a turn of the event loop, in which others read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '../../src/store/host/store.js';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { SqliteEngine } from '../../src/store/sqlite/engine.js';
import type { CommitDisk } from '../../src/store/sqlite/group_commit.js';
import type { StoreUnderTest } from './store_under_test.js';

const disk: CommitDisk = {
  sync: () => new Promise((resolve) => setImmediate(resolve)),
  syncNow: () => {},
  maintain: () => undefined,
};

export async function sqliteUnderTest(): Promise<StoreUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-test-'));
  const checkpoints = { journalRows: 5, intervalMs: 10, rowsPerChunk: 2, pauseMs: 0 };
  let engine: SqliteEngine;
  const open = () => {
    engine = new SqliteEngine({ ...openDatabase(directory, { isDurable: false }), log: disk }, false);
    return openHost(engine, { checkpoints });
  };
  let store = await open();
  return {
    store,
    engine: () => engine,
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
