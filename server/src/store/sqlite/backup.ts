/** Backups: all of a data directory's database in one file, made beside a server, and put back into an empty directory. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DataDirectoryError } from './data_directory_error.js';
import { checkBackup, openReadOnly, syncDirectory } from './database.js';

/**
 * Copies the database as it is at one moment, also beside a server. The file appears under its name when it is whole and was
 * checked. Throws DataDirectoryError.
 */
export function backUp(directory: string, file: string): void {
  if (existsSync(file)) throw new DataDirectoryError(`${file} exists. Choose another name, or delete it.`);
  const temporary = `${file}.partial`;
  rmSync(temporary, { force: true });
  const connection = openReadOnly(directory);
  try {
    // It sees one moment by itself, and may not be part of a transaction.
    connection.exec('rollback');
    closeSync(openSync(temporary, 'w', 0o600));
    connection.prepare('vacuum into ?').run(temporary);
    checkBackup(temporary);
    place(temporary, file);
  } finally {
    connection.close();
    rmSync(temporary, { force: true });
  }
}

/** Copies the file into the directory, which may not have a database yet. Throws DataDirectoryError. */
export function restore(file: string, directory: string): void {
  const database = join(directory, 'badged.db');
  if (existsSync(database) || existsSync(`${database}-wal`))
    throw new DataDirectoryError(`There is data in ${directory} already. Restore into an empty directory.`);
  if (!existsSync(file)) throw new DataDirectoryError(`There is no ${file}.`);
  checkBackup(file);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const temporary = `${database}.partial`;
  try {
    copyFileSync(file, temporary);
    place(temporary, database);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Durably. */
function place(temporary: string, file: string): void {
  const descriptor = openSync(temporary, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(temporary, file);
  syncDirectory(dirname(file));
}
