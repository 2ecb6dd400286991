/**
 * A recording: what processes did to the files of a directory, in order, with the bytes. strace makes one
 * (strace.ts); a disk (disk.ts) says what a power cut leaves of it. Recordings of one directory can be put together.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Files are named relative to the directory, which is itself ''. */
export type FileOperation = FileChange & {
  /** When the call began and ended, in milliseconds since 1970, if the recording has it. */
  readonly time?: { readonly begun: number; readonly ended: number };
};

type FileChange =
  /** The file is opened; it is made if it is missing and `creates` says so. */
  | {
      readonly kind: 'open';
      readonly file: string;
      readonly creates: boolean;
      readonly truncates: boolean;
    }
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: string; readonly length: number }
  /** fsync or fdatasync, of a file or of the directory. */
  | { readonly kind: 'sync'; readonly file: string; readonly succeeded: boolean }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'rename'; readonly file: string; readonly to: string };

export type Recording = readonly FileOperation[];

/** What a test has to know about a recording, such as the token of the app in it. */
export type Facts = Readonly<Record<string, string>>;

export function saveRecording(file: string, recording: Recording, facts: Facts): void {
  const saved: Saved = { facts, operations: recording.map(toSaved) };
  writeFileSync(file, gzipSync(JSON.stringify(saved), { level: 9 }));
}

export function loadRecording(file: string): { readonly recording: Recording; readonly facts: Facts } {
  const { facts, operations }: Saved = JSON.parse(gunzipSync(readFileSync(file)).toString());
  return { facts, recording: operations.map(fromSaved) };
}

interface Saved {
  readonly facts: Facts;
  readonly operations: readonly SavedOperation[];
}

type SavedOperation = Exclude<FileChange, { kind: 'write' }> | SavedWrite;

interface SavedWrite {
  readonly kind: 'write';
  readonly file: string;
  readonly offset: number;
  readonly base64: string;
}

function toSaved(operation: FileOperation): SavedOperation {
  if (operation.kind !== 'write') return operation;
  const { kind, file, offset, bytes } = operation;
  return { kind, file, offset, base64: Buffer.from(bytes).toString('base64') };
}

function fromSaved(operation: SavedOperation): FileOperation {
  if (operation.kind !== 'write') return operation;
  const { kind, file, offset, base64 } = operation;
  return { kind, file, offset, bytes: Buffer.from(base64, 'base64') };
}
