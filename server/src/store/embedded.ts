/** The embedded store: the host over SQLite. */
import { type HostOptions, type HostStore, openHost } from './host/store.js';
import { type VerifyResult, verify } from './host/verify.js';
import { openSqliteEngine, openSqliteReader, type SqliteOptions } from './sqlite/engine.js';

export type EmbeddedOptions = SqliteOptions & HostOptions;

/** Opens the data directory, and resolves when everything is loaded. Rejects with DataDirectoryError. */
export async function openEmbeddedStore(options: EmbeddedOptions): Promise<HostStore> {
  const engine = openSqliteEngine(options);
  try {
    return await openHost(engine, options);
  } catch (error) {
    engine.close();
    throw error;
  }
}

/** Recounts a data directory; it only reads, and may run beside a server. Rejects with DataDirectoryError. */
export async function verifyDirectory(
  directory: string,
  onProgress?: (rows: number, of: number) => void,
): Promise<VerifyResult> {
  const reader = openSqliteReader(directory);
  try {
    return await verify(reader, onProgress);
  } finally {
    reader.close();
  }
}
