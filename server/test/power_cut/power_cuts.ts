/**
 * What a power cut may leave of a recording, at any moment of it: all that was synced, and of the rest any part, torn at 512
 * bytes. A sync covers what was written before it began. Names that were made, changed or removed since the last sync of the
 * directory may be there or not, each by itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileOperation } from './recording.js';

const sectorBytes = 512;

/** Between 0 and 1. */
export type Random = () => number;

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array; readonly endedAt: number }
  | { readonly kind: 'truncate'; readonly length: number; readonly endedAt: number };

class CutFile {
  #durable: Uint8Array = new Uint8Array(0);
  #pending: Change[] = [];

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  change(change: Change): void {
    this.#pending.push(change);
  }

  sync(begunAt: number): void {
    const isCovered = ({ endedAt }: Change) => endedAt <= begunAt;
    this.#durable = applied(this.#durable, this.#pending.filter(isCovered), () => true);
    this.#pending = this.#pending.filter((change) => !isCovered(change));
  }

  /** `keep` is asked for each sector of each write, and for each change of the length. */
  image(keep: () => boolean): Uint8Array {
    return this.#pending.length === 0 ? this.#durable : applied(this.#durable, this.#pending, keep);
  }
}

type NameChange =
  | { readonly kind: 'set'; readonly name: string; readonly file: CutFile }
  | { readonly kind: 'remove'; readonly name: string };

export class PowerCuts {
  /** As programs see them. */
  readonly #names = new Map<string, CutFile>();
  #durableNames = new Map<string, CutFile>();
  #pendingNames: NameChange[] = [];

  /** Whether a power cut now may leave more than one image. */
  get isOpen(): boolean {
    return this.#pendingNames.length > 0 || [...this.#names.values()].some(({ hasPending }) => hasPending);
  }

  apply(operation: FileOperation): void {
    const { file: name } = operation;
    const endedAt = operation.time?.ended ?? 0;
    const begunAt = operation.time?.begun ?? Number.POSITIVE_INFINITY;
    if (operation.kind === 'sync' && name === '') {
      if (operation.succeeded) this.#syncNames();
      return;
    }
    if (operation.kind === 'open' && operation.creates && !this.#names.has(name))
      this.#setName(name, new CutFile());
    const file = this.#names.get(name);
    if (file === undefined) return;
    switch (operation.kind) {
      case 'open':
        if (operation.truncates) file.change({ kind: 'truncate', length: 0, endedAt });
        break;
      case 'write':
        file.change({ kind: 'write', offset: operation.offset, bytes: operation.bytes, endedAt });
        break;
      case 'truncate':
        file.change({ kind: 'truncate', length: operation.length, endedAt });
        break;
      case 'sync':
        if (operation.succeeded) file.sync(begunAt);
        break;
      case 'remove':
        this.#removeName(name);
        break;
      case 'rename':
        this.#removeName(name);
        this.#setName(operation.to, file);
        break;
    }
  }

  /** One that a power cut now may leave. */
  image(random: Random): ReadonlyMap<string, Uint8Array> {
    const names = new Map(this.#durableNames);
    const keepName = keeping(random);
    for (const change of this.#pendingNames) {
      if (!keepName()) continue;
      if (change.kind === 'set') names.set(change.name, change.file);
      else names.delete(change.name);
    }
    return new Map([...names].map(([name, file]) => [name, file.image(keeping(random))]));
  }

  #syncNames(): void {
    this.#durableNames = new Map(this.#names);
    this.#pendingNames = [];
  }

  #setName(name: string, file: CutFile): void {
    this.#names.set(name, file);
    this.#pendingNames.push({ kind: 'set', name, file });
  }

  #removeName(name: string): void {
    this.#names.delete(name);
    this.#pendingNames.push({ kind: 'remove', name });
  }
}

/** Writes an image to a new directory. */
export function writeImage(image: ReadonlyMap<string, Uint8Array>, directory: string): void {
  mkdirSync(directory, { mode: 0o700 });
  for (const [name, bytes] of image) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), bytes, { mode: 0o600 });
  }
}

/** Of what is pending, it keeps nothing, all, any half, nearly all, or all up to some moment or from it on. */
function keeping(random: Random): () => boolean {
  const manner = Math.floor(random() * 6);
  if (manner === 0) return () => false;
  if (manner === 1) return () => true;
  if (manner === 2) return () => random() < 0.5;
  if (manner === 3) return () => random() < 0.95;
  let isKept = manner === 4;
  const chance = 10 ** (-2 * random());
  return () => {
    if (random() < chance) isKept = manner !== 4;
    return isKept;
  };
}

function applied(before: Uint8Array, changes: readonly Change[], keep: () => boolean): Uint8Array {
  const longest = changes.reduce(
    (length, change) =>
      Math.max(length, change.kind === 'write' ? change.offset + change.bytes.length : change.length),
    before.length,
  );
  const bytes = new Uint8Array(longest);
  bytes.set(before);
  let { length } = before;
  for (const change of changes) {
    if (change.kind === 'truncate') {
      if (!keep()) continue;
      bytes.fill(0, Math.min(change.length, length), Math.max(change.length, length));
      length = change.length;
      continue;
    }
    const end = change.offset + change.bytes.length;
    for (let from = change.offset; from < end; ) {
      const to = Math.min(end, (Math.floor(from / sectorBytes) + 1) * sectorBytes);
      if (keep()) {
        bytes.set(change.bytes.subarray(from - change.offset, to - change.offset), from);
        length = Math.max(length, to);
      }
      from = to;
    }
  }
  return bytes.subarray(0, length);
}
