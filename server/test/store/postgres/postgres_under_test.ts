/** The store over PostgreSQL, in a schema that no other test uses meanwhile. */
import { openSharedStore } from '../../../src/store/host/shared_store.js';
import type { SharedEngine } from '../../../src/store/shared_engine.js';
import type { StoreFactory } from '../store_under_test.js';
import { Schemas } from './schemas.js';

/** So frequent that every reopening meets one. */
const checkpoints = { journalRows: 5, intervalMs: 10, rowsPerChunk: 500, pauseMs: 0 };

/** Call it once for a file. */
export function postgresUnderTest(): StoreFactory {
  const schemas = new Schemas();
  return async () => {
    const schema = await schemas.take();
    let engine: SharedEngine;
    const open = async () => {
      engine = await schema.openEngine();
      return openSharedStore(engine, { checkpoints });
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
        await schemas.giveBack(schema);
      },
    };
  };
}
