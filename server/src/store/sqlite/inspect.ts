/** Looks at a data directory for `badged doctor`. It changes nothing, and works beside a server. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, ok, problem, warning } from '../../findings.js';
import { DataDirectoryError, dataDirectoryError } from './data_directory_error.js';
import { openReadOnly } from './database.js';

const mib = 2 ** 20;
/** A server starts with less, and does not run for long. */
const leastFreeBytes = 200 * mib;
/** Usually it has a few MB; it grows while something reads without an end. */
const longLogBytes = 256 * mib;

/** Sealed values of the data, to try the secret key on. */
export interface InspectedDirectory {
  readonly findings: readonly Finding[];
  readonly sealed: readonly SealedCredential[];
}

export interface SealedCredential {
  readonly app: string;
  readonly platform: string;
  readonly sealed: Uint8Array;
}

export function inspectDirectory(directory: string): InspectedDirectory {
  try {
    const about = statSync(directory, { throwIfNoEntry: false });
    if (about === undefined)
      return { findings: [ok(`${directory} does not exist yet. The first start makes it.`)], sealed: [] };
    if (!about.isDirectory())
      return {
        findings: [problem(`${directory} is not a directory. Choose another --data-dir.`)],
        sealed: [],
      };
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    const { findings, sealed } = inspectDatabase(directory);
    return {
      findings: [...inspectMode(directory, about.mode), ...inspectDisk(directory), ...findings],
      sealed,
    };
  } catch (error) {
    const known = dataDirectoryError(error, directory);
    if (!(known instanceof DataDirectoryError)) throw error;
    return { findings: [problem(known.message)], sealed: [] };
  }
}

function inspectMode(directory: string, mode: number): Finding[] {
  if ((mode & 0o077) === 0) return [];
  return [
    warning(
      `Other users of this machine can look into ${directory}. Close it: chmod 700 ${directory}. ` +
        'The files in it are closed already.',
    ),
  ];
}

function inspectDisk(directory: string): Finding[] {
  const { bavail, blocks, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  const text = `${Math.floor(free / mib)} MiB of the disk of ${directory} are free`;
  if (free < leastFreeBytes)
    return [problem(`${text}. A server stops when it is full. Make the disk larger.`)];
  if (free < 0.1 * blocks * bsize) return [warning(`${text}, less than a tenth. Make the disk larger soon.`)];
  return [ok(`${text}.`)];
}

function inspectDatabase(directory: string): InspectedDirectory {
  const file = join(directory, 'badged.db');
  if (!existsSync(file) && !existsSync(`${file}-wal`))
    return { findings: [ok(`No server has started on ${directory} yet.`)], sealed: [] };
  const connection = openReadOnly(directory);
  try {
    const damage = connection.pragma('quick_check(1)');
    if (damage !== 'ok')
      return {
        findings: [problem(`The database in ${directory} is damaged (${damage}). Restore your backup.`)],
        sealed: [],
      };
    const sealed = connection
      .prepare<[], SealedCredential>(
        'select apps.id as app, platform, sealed from credentials join apps on apps.number = app where deleted_at is null',
      )
      .all();
    return { findings: [ok(`The database in ${directory} is whole.`), ...inspectLog(file)], sealed };
  } finally {
    connection.close();
  }
}

function inspectLog(file: string): Finding[] {
  const { size = 0 } = statSync(`${file}-wal`, { throwIfNoEntry: false }) ?? {};
  if (size < longLogBytes) return [];
  return [
    warning(
      `${file}-wal has ${Math.floor(size / mib)} MiB. Something has been reading the database for long, such as a backup or ` +
        '`badged verify`: end it.',
    ),
  ];
}
