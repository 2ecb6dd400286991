/** Where the secret key comes from: given by whoever runs the service, or a file beside the data, made at the first start. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SecretKey, SecretKeyError } from './service/sealing.js';

/** Throws SecretKeyError. The data directory exists, and nobody else starts on it now. */
export function openSecretKey(given: string | undefined, dataDir: string): SecretKey {
  if (given !== undefined) return SecretKey.parse(given);
  const file = join(dataDir, 'secret.key');
  if (!existsSync(file)) writeDurably(dataDir, file, `${SecretKey.random().toText()}\n`);
  try {
    return SecretKey.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SecretKeyError)) throw error;
    throw new SecretKeyError(
      `${file} holds no secret key. Put back the one this data was written with, from your backup.`,
    );
  }
}

/** Whole or not at all, and on the disk before anything is sealed with it: without it, that is lost. */
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
