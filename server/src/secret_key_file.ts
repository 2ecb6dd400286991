/** Opens the secret key of a data directory: a file that the first start makes. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SecretKey, SecretKeyError } from './service/sealing.js';

/**
 * The data directory must exist, and no other process may be starting on it.
 * @throws SecretKeyError if the key is not valid.
 */
export function openSecretKey({ dataDir }: { readonly dataDir: string }): SecretKey {
  const file = join(dataDir, 'secret.key');
  if (!existsSync(file)) writeDurably(dataDir, file, `${SecretKey.random().toText()}\n`);
  return read(file);
}

/** Undefined if the directory has none. @throws SecretKeyError if it is not valid. */
export function findSecretKey(dataDir: string): SecretKey | undefined {
  const file = join(dataDir, 'secret.key');
  return existsSync(file) ? read(file) : undefined;
}

function read(file: string): SecretKey {
  try {
    return SecretKey.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SecretKeyError)) throw error;
    throw new SecretKeyError(
      `${file} is not a secret key. Restore the key of this data directory from your backup.`,
    );
  }
}

/** Writes the file atomically and syncs it: what is encrypted with a lost key is lost too. */
function writeDurably(directory: string, file: string, text: string): void {
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(temporary, file);
  const folder = openSync(directory, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
