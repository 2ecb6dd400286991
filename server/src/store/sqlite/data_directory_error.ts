/** Why a data directory cannot be used, as a sentence that says what to do. */
import { StoreUnavailable } from '../port.js';
import { sqliteCode } from './connection.js';

export class DataDirectoryError extends Error {
  override name = 'DataDirectoryError';
}

/** The sentence for an error of the disk or of SQLite; any other error as it is, because it is a bug. */
export function dataDirectoryError(error: unknown, directory: string): unknown {
  const code = codeOf(error);
  const reason = code === undefined ? undefined : sentences.find(([codes]) => codes.test(code))?.[1];
  return reason === undefined ? error : new DataDirectoryError(`${reason(directory)} (${error})`);
}

const sentences: readonly (readonly [codes: RegExp, sentence: (directory: string) => string])[] = [
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    (directory) => `The disk of the data directory ${directory} is full. Free some space, and start again.`,
  ],
  [
    /^(SQLITE_READONLY|EROFS)/,
    (directory) => `The data directory ${directory} is read-only. The server must be able to write to it.`,
  ],
  [
    /^(EACCES|EPERM)/,
    (directory) =>
      `The data directory ${directory} cannot be opened. It and its files must belong to the user of this process.`,
  ],
  [
    /^(SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH|EISDIR)/,
    (directory) =>
      `A file in the data directory ${directory} cannot be opened. badged.db, owner.lock and secret.key must be files ` +
      'that belong to the user of this process.',
  ],
  [
    /^(ENOENT|ENAMETOOLONG|ELOOP|EINVAL|ENODEV|EOPNOTSUPP|ERR_INVALID_ARG_VALUE)$/,
    (directory) => `The directory ${directory} cannot be made. Choose another --data-dir.`,
  ],
  [/^(EEXIST|ENOTDIR)$/, (directory) => `${directory} is not a directory. Choose another --data-dir.`],
  [
    /^(SQLITE_NOTADB|SQLITE_CORRUPT)/,
    (directory) => `The database in ${directory} is damaged. Restore your backup of the data directory.`,
  ],
  [
    /^(SQLITE_IOERR|EIO|EFBIG)/,
    (directory) =>
      `The disk of the data directory ${directory} failed. Nothing that was accepted is lost if it works again.`,
  ],
];

/** Of what made the store unavailable, if that is what the error is. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof StoreUnavailable) return codeOf(error.cause);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return sqliteCode(error) ?? (typeof code === 'string' ? code : undefined);
}
