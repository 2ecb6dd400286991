/**
 * The strictest disk that an operating system may be: only what was synced survives a power cut, page by page, and a
 * name only once its directory was synced. After a sync that failed its pages count as clean, as on Linux: programs
 * read them from memory, and no later sync writes them (Rebello et al., "Can Applications Recover from fsync
 * Failures?", USENIX ATC 2020).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileOperation, Recording } from './recording.js';

const pageBytes = 4_096;

/** A file, whatever its names are. */
class StoredFile {
  /** As programs read it. */
  #cached = Buffer.alloc(0);
  /** As a power cut leaves it. */
  #durable = Buffer.alloc(0);
  readonly #dirtyPages = new Set<number>();
  /** The shortest length since the last sync: what was beyond it is gone. */
  #shortest = Number.POSITIVE_INFINITY;

  get durable(): Uint8Array {
    return this.#durable;
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    if (end > this.#cached.length) this.#cached = resized(this.#cached, end);
    this.#cached.set(bytes, offset);
    for (let page = Math.floor(offset / pageBytes); page * pageBytes < end; page += 1)
      this.#dirtyPages.add(page);
  }

  truncate(length: number): void {
    this.#cached = resized(this.#cached, length);
    this.#shortest = Math.min(this.#shortest, length);
    for (const page of this.#dirtyPages) if (page * pageBytes >= length) this.#dirtyPages.delete(page);
  }

  sync(succeeded: boolean): void {
    if (succeeded) {
      const remaining = resized(this.#durable, Math.min(this.#durable.length, this.#shortest));
      this.#durable = resized(remaining, this.#cached.length);
      for (const page of this.#dirtyPages) {
        const start = page * pageBytes;
        this.#durable.set(this.#cached.subarray(start, start + pageBytes), start);
      }
      this.#shortest = Number.POSITIVE_INFINITY;
    }
    this.#dirtyPages.clear();
  }
}

export class Disk {
  /** As programs see them. */
  readonly #names = new Map<string, StoredFile>();
  #durableNames: ReadonlyMap<string, StoredFile> = new Map();

  constructor(recording: Recording = []) {
    for (const operation of recording) this.apply(operation);
  }

  apply(operation: FileOperation): void {
    const { file } = operation;
    if (operation.kind === 'sync' && file === '') {
      if (operation.succeeded) this.#durableNames = new Map(this.#names);
      return;
    }
    if (operation.kind === 'open' && operation.creates && !this.#names.has(file))
      this.#names.set(file, new StoredFile());
    const stored = this.#names.get(file);
    if (stored === undefined) return;
    switch (operation.kind) {
      case 'open':
        if (operation.truncates) stored.truncate(0);
        break;
      case 'write':
        stored.write(operation.offset, operation.bytes);
        break;
      case 'truncate':
        stored.truncate(operation.length);
        break;
      case 'sync':
        stored.sync(operation.succeeded);
        break;
      case 'remove':
        this.#names.delete(file);
        break;
      case 'rename':
        this.#names.delete(file);
        this.#names.set(operation.to, stored);
        break;
    }
  }

  /** Writes what a power cut at this moment leaves to a new directory. */
  writeAfterPowerCut(directory: string): void {
    mkdirSync(directory, { mode: 0o700 });
    for (const [name, file] of this.#durableNames) writeFileSync(join(directory, name), file.durable);
  }
}

/** A copy, with zeros at its end where it grows. */
function resized(bytes: Uint8Array, length: number): Buffer<ArrayBuffer> {
  const copy = Buffer.alloc(length);
  copy.set(bytes.subarray(0, length));
  return copy;
}
