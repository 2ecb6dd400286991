/** The store of several nodes: the host of shared logs over PostgreSQL. */
import { rebuildCheckpoints, type WriteCheckpoint } from './host/rebuild.js';
import { openSharedStore, type SharedOptions, type SharedStore } from './host/shared_store.js';
import { type VerifyResult, verify } from './host/verify.js';
import { StoreUnavailable } from './port.js';
import {
  DatabaseError,
  type EngineOptions,
  openPostgresEngine,
  type PostgresEngine,
  SchemaError,
  UnfinishedImport,
} from './postgres/engine.js';
import type { OpenTarget, TransferSource } from './transfer_port.js';

/** The database cannot be used, for a reason that an operator can act on. */
export class ClusterDatabaseError extends Error {
  override name = 'ClusterDatabaseError';
}

export interface ClusterOptions extends SharedOptions {
  /** Such as postgres://user:password@host:5432/database. */
  readonly url: string;
  /** Whether servers notify each other of changes with LISTEN and NOTIFY. Default: true. */
  readonly sendsHints?: boolean;
  /** Called after each append that committed with how many seconds all of it took. */
  readonly onCommit?: (seconds: number) => void;
}

/** Connects, brings the schema up to date, and resolves once requests can be served. Rejects with ClusterDatabaseError. */
export async function openClusterStore(options: ClusterOptions): Promise<SharedStore> {
  const { url, onWarning, sendsHints = true, onCommit = () => {} } = options;
  const open = async (engine: PostgresEngine) => {
    try {
      return await openSharedStore(engine, options);
    } catch (error) {
      await engine.close();
      throw error;
    }
  };
  return withEngine(url, open, { sendsHints, onCommit, ...(onWarning && { onOutdated: onWarning }) });
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

/** Calls `use` with all data as it is now, also beside nodes. Rejects with ClusterDatabaseError. */
export function withDatabaseSource<V>(url: string, use: (source: TransferSource) => Promise<V>): Promise<V> {
  return withEngine(url, async (engine) => {
    try {
      const source = await engine.transferSource();
      try {
        return await use(source);
      } finally {
        await source.close();
      }
    } finally {
      await engine.close();
    }
  });
}

/** Stores a value under the name of a secret. Servers that run do not notice. Rejects with ClusterDatabaseError. */
export function replaceDatabaseSecret(url: string, name: string, value: Uint8Array): Promise<void> {
  return withEngine(url, async (engine) => {
    try {
      await engine.registry.replaceSecret(name, value);
    } finally {
      await engine.close();
    }
  });
}

/** Calls `use` with a database to import into. Rejects with ClusterDatabaseError. */
export function withDatabaseTarget<V>(url: string, use: (target: OpenTarget) => Promise<V>): Promise<V> {
  const rebuild = async (engine: PostgresEngine, onProgress: (app: number, of: number) => void) => {
    for (const { number } of await engine.apps()) await engine.leaseCheckpoint(number);
    await rebuildCheckpoints(engine, (...rows) => writeLeased(engine, ...rows), onProgress);
  };
  return withEngine(
    url,
    async (engine) => {
      try {
        return await use({
          tables: engine.transferTarget(),
          rebuildCheckpoints: (onProgress) => rebuild(engine, onProgress),
        });
      } finally {
        await engine.close();
      }
    },
    { takesUnfinishedImport: true },
  );
}

/** No other node has a lease, and none appends: none serves what is not complete. */
async function writeLeased(
  engine: PostgresEngine,
  ...[app, rows, complete]: Parameters<WriteCheckpoint>
): Promise<void> {
  const options = { point: undefined, ...(complete !== undefined && { complete }) };
  if (!(await engine.writeCheckpoint(app, rows, options))) throw new Error(`app ${app} is leased`);
}

async function withEngine<V>(
  url: string,
  use: (engine: PostgresEngine) => Promise<V>,
  options?: EngineOptions,
): Promise<V> {
  try {
    return await use(await openPostgresEngine(url, options));
  } catch (error) {
    if (
      error instanceof SchemaError ||
      error instanceof UnfinishedImport ||
      error instanceof StoreUnavailable
    )
      throw new ClusterDatabaseError(error.message);
    if (error instanceof DatabaseError)
      throw new ClusterDatabaseError(`The database refused a statement: ${error.message}.`);
    throw error;
  }
}
