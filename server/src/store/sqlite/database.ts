/**
 * Opens the database of a data directory: the pragmas that make a response durable, the migrations, and the
 * lock that keeps a second process out.
 */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Connection, sqliteCode } from './connection.js';
import { DataDirectoryError, dataDirectoryError } from './data_directory_error.js';
import { openConnection } from './driver.js';
import type { CommitDisk } from './group_commit.js';
import { importPosition } from './import_progress.js';
import { LogFile } from './log_file.js';
import { hasLog, isMarkedAsNeedingLog, markAsWhole } from './log_mark.js';
import { moveJournal } from './log_per_app.js';
import { emptyLog, rewriteLog } from './write_ahead_log.js';

export type { Connection };

const migrations = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url));

export interface OpenDatabase {
  readonly directory: string;
  readonly connection: Connection;
  /** Syncs the log, and copies it; undefined where nothing is durable. */
  readonly log: CommitDisk | undefined;
  close(): void;
}

export interface OpenOptions {
  readonly isDurable: boolean;
  readonly onProgress?: (message: string) => void;
  /** For an import, which may go on where an earlier one stopped. */
  readonly takesUnfinishedImport?: boolean;
}

/**
 * Opens it for the one process that may write; makes the directory if it is missing.
 * @throws DataDirectoryError
 */
export function openDatabase(directory: string, options: OpenOptions): OpenDatabase {
  try {
    makeDirectory(directory);
    // SQLite's own error does not say whether the file system or the user is why.
    accessSync(directory, constants.W_OK | constants.X_OK);
    return openLocked(directory, options);
  } catch (error) {
    throw dataDirectoryError(error, directory);
  }
}

/**
 * A directory that was made here survives a power cut: those that name it are synced. Made one by one, because Node's recursive
 * mkdir never returns where none can be made, such as in /proc.
 */
function makeDirectory(directory: string): void {
  const path = resolve(directory);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = dirname(path);
  if (!existsSync(above)) makeDirectory(above);
  mkdirSync(path, 0o700);
  syncDirectory(above);
}

export function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function openLocked(directory: string, options: OpenOptions): OpenDatabase {
  const lock = takeLock(directory);
  try {
    const file = join(directory, 'badged.db');
    refuseMissingDatabase(file);
    const isWithLog = hasLog(file);
    if (options.isDurable) rewriteLog(file);
    const connection = openConnection(file);
    if (!isWithLog) refuseMissingLog(connection, directory);
    // The directory may have been there, and open to others. SQLite gives its other files the same mode.
    chmodSync(file, 0o600);
    connection.pragma('journal_mode = WAL');
    setSynchronous(connection, options.isDurable ? 'FULL' : 'OFF');
    connection.pragma('cache_size = -65536');
    migrate(connection, options.onProgress ?? (() => {}));
    if (options.takesUnfinishedImport !== true) refuseUnfinishedImport(connection, directory);
    // After the migration, so that a new database has its first page on the disk: without it SQLite drops the log.
    if (options.isDurable) {
      markAsWhole(connection);
      emptyLog(connection);
    }
    const log = options.isDurable ? new LogFile(connection, file) : undefined;
    return {
      directory,
      connection,
      log,
      close() {
        connection.close();
        log?.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Opens it for reading, also while a server writes: it shows what is committed at this moment. */
export function openReadOnly(directory: string): Connection {
  const file = join(directory, 'badged.db');
  if (!existsSync(file))
    throw new DataDirectoryError(`There is no ${file}. Name the data directory with --data-dir.`);
  const isWithLog = hasLog(file);
  const connection = openConnection(file, { isReadOnly: true });
  if (!isWithLog) refuseMissingLog(connection, directory);
  const found = version(connection);
  checkVersion(found, newest());
  if (found < newest()) {
    connection.close();
    throw new DataDirectoryError(
      `The data was written by an older badged (schema ${found}). Start this version once: it upgrades the data.`,
    );
  }
  refuseUnfinishedImport(connection, directory);
  connection.exec('begin');
  return connection;
}

function refuseMissingDatabase(file: string): void {
  if (existsSync(file) || !hasLog(file)) return;
  throw new DataDirectoryError(
    `There is a ${file}-wal, but no ${file}: a part of the data is missing. Restore both files from the same backup.`,
  );
}

function refuseMissingLog(connection: Connection, directory: string): void {
  if (!isMarkedAsNeedingLog(connection)) return;
  connection.close();
  throw new DataDirectoryError(
    `A part of the data in ${directory} is missing: badged.db was copied while a server used it, and is not whole without ` +
      'its badged.db-wal. Restore a backup that was made with `badged backup`, or copy both files while no server runs.',
  );
}

function refuseUnfinishedImport(connection: Connection, directory: string): void {
  if (importPosition(connection) === undefined) return;
  connection.close();
  throw new DataDirectoryError(
    `An import into ${directory} has begun and is not complete. Run it again: it goes on where it stopped. ` +
      'Or delete the directory, and start anew.',
  );
}

/**
 * Reads all of a backup, and checks that it is whole and of this version or an earlier one.
 * @throws DataDirectoryError
 */
export function checkBackup(file: string): void {
  const connection = openConnection(file, { isReadOnly: true });
  try {
    if (isMarkedAsNeedingLog(connection) || hasLog(file))
      throw new DataDirectoryError(`${file} ${isNoBackup}`);
    const found = version(connection);
    checkVersion(found, newest());
    if (found === 0 || connection.pragma('integrity_check') !== 'ok')
      throw new DataDirectoryError(`${file} is damaged, or is no database of badged. Use another backup.`);
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
    throw new DataDirectoryError(
      `${file} is damaged, or is no database of badged. Use another backup. (${error})`,
    );
  } finally {
    connection.close();
  }
}

const isNoBackup =
  'was copied while a server used it, and is not whole without its -wal file. Use a backup that was made with `badged backup`.';

/**
 * FULL: a commit is on the disk when it returns. NORMAL: when the log is synced next, by SQLite or by us; the files are never
 * damaged. OFF: for tests.
 */
export function setSynchronous(connection: Connection, level: 'FULL' | 'NORMAL' | 'OFF'): void {
  connection.pragma(`synchronous = ${level}`);
}

/**
 * A separate database stays locked for as long as this process runs. The operating system releases the lock
 * however the process ends, so no stale lock is left.
 */
function takeLock(directory: string): Connection {
  const lock = openConnection(join(directory, 'owner.lock'), { timeoutMs: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('begin exclusive; create table if not exists owner (pid integer);');
    lock.exec(`delete from owner; insert into owner values (${process.pid}); commit;`);
    return lock;
  } catch (error) {
    lock.close();
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY') !== true) throw error;
    throw new DataDirectoryError(
      `The data directory ${directory} is in use by another badged process. ` +
        'Stop that one first, or give this one a directory of its own with --data-dir.',
    );
  }
}

/** What a migration does that its SQL cannot, by its number: after the SQL, in the same transaction. */
const steps: {
  readonly [number: number]: (connection: Connection, onProgress: (message: string) => void) => void;
} = {
  4: moveJournal,
};

function migrate(connection: Connection, onProgress: (message: string) => void): void {
  const from = version(connection);
  const files = migrationFiles();
  checkVersion(from, files.length);
  for (const [index, file] of files.entries()) {
    if (index < from) continue;
    const sql = readFileSync(join(migrations, file), 'utf8');
    connection.transaction(() => {
      connection.exec(sql);
      steps[index + 1]?.(connection, onProgress);
      connection.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** The numbered files, in order: 001_initial.sql makes version 1. */
function migrationFiles(): string[] {
  return readdirSync(migrations)
    .filter((file) => file.endsWith('.sql'))
    .sort();
}

function newest(): number {
  return migrationFiles().length;
}

function version(connection: Connection): number {
  return Number(connection.pragma('user_version'));
}

function checkVersion(found: number, supported: number): void {
  if (found <= supported) return;
  throw new DataDirectoryError(
    `The data was written by a newer badged (schema ${found}; this program knows ${supported}). ` +
      'Start that version again, or restore a backup from before the upgrade. Nothing was changed.',
  );
}
