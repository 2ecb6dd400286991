/**
 * The composition root of what works on data without serving it: verify, export, import, copy, backup and restore. It plugs transfer/ into the
 * engines. Apart from compose.ts, so that these commands do not load a server.
 */
import { createReadStream, existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { findSecretKey } from './secret_key_file.js';
import { makeAdminToken } from './service/admin_token.js';
import { SecretKey } from './service/sealing.js';
import {
  replaceDatabaseSecret,
  verifyDatabase,
  withDatabaseSource,
  withDatabaseTarget,
} from './store/cluster.js';
import {
  backUpDirectory,
  replaceDirectorySecret,
  restoreDirectory,
  verifyDirectory,
  withDirectorySource,
  withDirectoryTarget,
} from './store/embedded.js';
import type { VerifyResult } from './store/host/verify.js';
import type { OpenTarget, TransferSource } from './store/transfer_port.js';
import { readFile, readStream, writeFile, writeStream } from './transfer/file.js';
import type { Header } from './transfer/format.js';
import { LineReader } from './transfer/line_reader.js';
import { type Lines, linesOf } from './transfer/lines.js';
import { load } from './transfer/load.js';
import { counted, type OnProgress } from './transfer/progress.js';
import { TransferError } from './transfer/transfer_error.js';
import { version } from './version.js';

export { SecretKeyError } from './service/sealing.js';
export { ClusterDatabaseError, verifyDatabase } from './store/cluster.js';
export { verifyDirectory } from './store/embedded.js';
export type { VerifyResult } from './store/host/verify.js';
export { DataDirectoryError } from './store/sqlite/data_directory_error.js';
export type { OnProgress, Progress } from './transfer/progress.js';
export { TransferError } from './transfer/transfer_error.js';

/** Where a service has its data. */
export type Place =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'database'; readonly url: string };

export interface TransferOptions {
  /** As servers are given it. A data directory with a key of its own has that one. */
  readonly secretKey?: string;
  readonly onProgress: OnProgress;
  /** Called with the lines that are there already, if an import goes on where an earlier one stopped. */
  readonly onResume?: (lines: number) => void;
}

export interface Imported {
  readonly header: Header;
  /** Whether the key of the data is the one here: `missing` if there is none here, `unknown` if the export had none. */
  readonly secretKey: 'same' | 'different' | 'missing' | 'unknown';
  readonly verified: VerifyResult;
}

/** Returns how many lines it wrote. Rejects with TransferError and what opening the place throws. */
export async function exportData(
  from: Place,
  to: string | Writable,
  options: TransferOptions,
): Promise<void> {
  if (typeof to === 'string' && existsSync(to))
    throw new TransferError(`${to} exists. Choose another name, or delete it.`);
  await withSource(from, (source) => {
    const lines = counted(
      linesFrom(source, from, options),
      'exporting',
      () => source.events,
      options.onProgress,
    );
    return typeof to === 'string' ? writeFile(to, lines) : writeStream(to, lines);
  });
}

/** A file is checked as a whole before anything is written. Rejects as exportData. */
export async function importData(
  from: string | Readable,
  to: Place,
  options: TransferOptions,
): Promise<Imported> {
  if (typeof from === 'string') await check(readFile(from), options.onProgress);
  const lines =
    typeof from === 'string' ? readStream(createReadStream(from), from) : readStream(from, 'The input');
  return loadInto(to, lines, 'importing', options);
}

/** Rejects as exportData. */
export function copyData(from: Place, to: Place, options: TransferOptions): Promise<Imported> {
  return withSource(from, (source) => loadInto(to, linesFrom(source, from, options), 'copying', options));
}

/** Stores a new admin token in place of the old one, and returns it. Rejects with DataDirectoryError and ClusterDatabaseError. */
export async function newAdminToken(place: Place): Promise<string> {
  const { text, name, hash } = makeAdminToken();
  await (place.kind === 'directory'
    ? replaceDirectorySecret(place.path, name, hash)
    : replaceDatabaseSecret(place.url, name, hash));
  return text;
}

/** Rejects with DataDirectoryError. */
export async function backUpData(directory: string, file: string, onProgress: OnProgress): Promise<void> {
  onProgress({ phase: 'backing up', done: 0, of: undefined });
  backUpDirectory(directory, file);
}

/** Rejects with DataDirectoryError. */
export async function restoreData(
  file: string,
  directory: string,
  onProgress: OnProgress,
): Promise<VerifyResult> {
  onProgress({ phase: 'restoring', done: 0, of: undefined });
  restoreDirectory(file, directory);
  return verifyDirectory(directory, (done, of) => onProgress({ phase: 'verifying', done, of }));
}

function linesFrom(source: TransferSource, place: Place, { secretKey }: TransferOptions): Lines {
  return linesOf(source, { madeBy: version, secretKeyId: keyOf(place, secretKey)?.id ?? null });
}

async function check(lines: Lines, onProgress: OnProgress): Promise<void> {
  const reader = new LineReader();
  let events: number | undefined;
  for await (const page of counted(lines, 'checking', () => events, onProgress)) {
    for (const text of page) {
      const line = reader.read(text);
      if (line.kind === 'header') events = line.header.events;
    }
  }
  reader.finish();
}

async function loadInto(
  place: Place,
  lines: Lines,
  phase: 'importing' | 'copying',
  { secretKey, onProgress, onResume }: TransferOptions,
): Promise<Imported> {
  let events: number | undefined;
  const header = await withTarget(place, async ({ tables, rebuildCheckpoints }) => {
    const header = await load(
      counted(lines, phase, () => events, onProgress),
      tables,
      {
        name: nameOf(place),
        onHeader: (found) => {
          events = found.events;
        },
        ...(onResume !== undefined && { onResume }),
      },
    );
    await rebuildCheckpoints((done, of) => onProgress({ phase: 'making checkpoints', done, of }));
    await tables.complete(header.lastAppNumber);
    return header;
  });
  const verified = await verifyPlace(place, (done, of) => onProgress({ phase: 'verifying', done, of }));
  return { header, secretKey: compareKeys(header, keyOf(place, secretKey)), verified };
}

function compareKeys({ secretKeyId }: Header, here: SecretKey | undefined): Imported['secretKey'] {
  if (secretKeyId === null) return 'unknown';
  if (here === undefined) return 'missing';
  return here.id === secretKeyId ? 'same' : 'different';
}

function keyOf(place: Place, given: string | undefined): SecretKey | undefined {
  const stored = place.kind === 'directory' ? findSecretKey(place.path) : undefined;
  return stored ?? (given === undefined ? undefined : SecretKey.parse(given));
}

function nameOf(place: Place): string {
  return place.kind === 'directory' ? place.path : 'the database';
}

function withSource<V>(place: Place, use: (source: TransferSource) => Promise<V>): Promise<V> {
  return place.kind === 'directory'
    ? withDirectorySource(place.path, use)
    : withDatabaseSource(place.url, use);
}

function withTarget<V>(place: Place, use: (target: OpenTarget) => Promise<V>): Promise<V> {
  return place.kind === 'directory'
    ? withDirectoryTarget(place.path, use)
    : withDatabaseTarget(place.url, use);
}

function verifyPlace(place: Place, onProgress: (done: number, of: number) => void): Promise<VerifyResult> {
  return place.kind === 'directory'
    ? verifyDirectory(place.path, onProgress)
    : verifyDatabase(place.url, onProgress);
}
