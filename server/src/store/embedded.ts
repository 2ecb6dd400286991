/** The embedded store: the host over SQLite. */

import { rebuildCheckpoints } from './host/rebuild.js';
import { type HostOptions, type HostStore, openHost } from './host/store.js';
import { type VerifyResult, verify } from './host/verify.js';
import { backUp, restore } from './sqlite/backup.js';
import { dataDirectoryError } from './sqlite/data_directory_error.js';
import { openSqliteEngine, openSqliteReader, type SqliteOptions } from './sqlite/engine.js';
import { openSqliteSource } from './sqlite/transfer_source.js';
import type { OpenTarget, TransferSource } from './transfer_port.js';

export type EmbeddedOptions = SqliteOptions & HostOptions;

/** Opens the data directory, and resolves when everything is loaded. Rejects with DataDirectoryError. */
export async function openEmbeddedStore(options: EmbeddedOptions): Promise<HostStore> {
  const engine = openSqliteEngine(options);
  try {
    return await openHost(engine, options);
  } catch (error) {
    await engine.close();
    throw dataDirectoryError(error, options.directory);
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
    await reader.close();
  }
}

/** Calls `use` with all data as it is now, also beside a server. Rejects with DataDirectoryError. */
export async function withDirectorySource<V>(
  directory: string,
  use: (source: TransferSource) => Promise<V>,
): Promise<V> {
  const source = openSqliteSource(directory);
  try {
    return await use(source);
  } finally {
    source.close();
  }
}

/** Calls `use` with a data directory to import into; it is made if missing. Rejects with DataDirectoryError. */
export async function withDirectoryTarget<V>(
  directory: string,
  use: (target: OpenTarget) => Promise<V>,
): Promise<V> {
  const engine = openSqliteEngine({ directory, takesUnfinishedImport: true });
  try {
    return await use({
      tables: engine.transferTarget(),
      rebuildCheckpoints: (onProgress) =>
        rebuildCheckpoints(engine, (...rows) => engine.writeCheckpoint(...rows), onProgress),
    });
  } catch (error) {
    throw dataDirectoryError(error, directory);
  } finally {
    await engine.close();
  }
}

/** Stores a value under the name of a secret. No server may use the directory. Rejects with DataDirectoryError. */
export async function replaceDirectorySecret(
  directory: string,
  name: string,
  value: Uint8Array,
): Promise<void> {
  // Where there is nothing, none is made.
  openSqliteReader(directory).close();
  const engine = openSqliteEngine({ directory });
  try {
    await engine.registry.replaceSecret(name, value);
  } finally {
    engine.close();
  }
}

/** Copies the data directory's database into a file, also beside a server, and checks the copy. Throws DataDirectoryError. */
export function backUpDirectory(directory: string, file: string): void {
  try {
    backUp(directory, file);
  } catch (error) {
    throw dataDirectoryError(error, directory);
  }
}

/** Puts a backup into an empty directory, and brings it up to date. Throws DataDirectoryError. */
export function restoreDirectory(file: string, directory: string): void {
  try {
    restore(file, directory);
  } catch (error) {
    throw dataDirectoryError(error, directory);
  }
  void openSqliteEngine({ directory }).close();
}
