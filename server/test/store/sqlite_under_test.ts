/** The embedded store in a directory of its own, with checkpoints so frequent that every reopening meets one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import type { StoreUnderTest } from './store_under_test.js';

export async function sqliteUnderTest(): Promise<StoreUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-test-'));
  const checkpoints = { journalRows: 5, intervalMs: 10, rowsPerChunk: 2, pauseMs: 0 };
  const open = () => openEmbeddedStore({ directory, isDurable: false, checkpoints });
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
