/** The store of several nodes: the host of shared logs over PostgreSQL. */
import { openSharedStore, type SharedOptions, type SharedStore } from './host/shared_store.js';
import { type VerifyResult, verify } from './host/verify.js';
import { StoreUnavailable } from './port.js';
import { DatabaseError, openPostgresEngine, type PostgresEngine, SchemaError } from './postgres/engine.js';

/** The database cannot be used, for a reason that an operator can act on. */
export class ClusterDatabaseError extends Error {
  override name = 'ClusterDatabaseError';
}

export interface ClusterOptions extends SharedOptions {
  /** Such as postgres://user:password@host:5432/database. */
  readonly url: string;
}

/** Connects, brings the schema up to date, and resolves once requests can be served. Rejects with ClusterDatabaseError. */
export async function openClusterStore(options: ClusterOptions): Promise<SharedStore> {
  return withEngine(options.url, async (engine) => {
    try {
      return await openSharedStore(engine, options);
    } catch (error) {
      await engine.close();
      throw error;
    }
  });
}

/** Recounts a database; it only reads, and may run beside nodes. Rejects with ClusterDatabaseError. */
export function verifyDatabase(
  url: string,
  onProgress?: (rows: number, of: number) => void,
): Promise<VerifyResult> {
  return withEngine(url, async (engine) => {
    try {
      return await engine.inSnapshot((reader) => verify(reader, onProgress));
    } finally {
      await engine.close();
    }
  });
}

async function withEngine<V>(url: string, use: (engine: PostgresEngine) => Promise<V>): Promise<V> {
  try {
    return await use(await openPostgresEngine(url));
  } catch (error) {
    if (error instanceof SchemaError || error instanceof StoreUnavailable)
      throw new ClusterDatabaseError(error.message);
    if (error instanceof DatabaseError)
      throw new ClusterDatabaseError(`The database refused a statement: ${error.message}.`);
    throw error;
  }
}
