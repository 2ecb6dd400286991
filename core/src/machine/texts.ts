/**
 * Texts, each with a small number: the ids of users, of announcements, and of conversations that are not UUIDs. They are
 * bytes beside the JavaScript heap: one of 13 characters takes 28 bytes with its index, a third of a string in a `Map`,
 * no garbage collection visits it, and there is no limit of 16,777,216 entries.
 */
import { NumberColumn, RowIndex } from './columns.js';
import { halfSipHash } from './half_sip_hash.js';
import type { HashKey } from './participant_sets.js';

/** A text begins at a multiple of so many bytes, so that a column of 32 bits reaches 16 GiB. */
const alignment = 4;
const maxAddress = 0xffff_ffff;
/** No text crosses the end of a chunk. Only the last one grows: copying it takes some ten microseconds. */
const chunkBits = 16;
const chunkBytes = 1 << chunkBits;
const firstChunkBytes = 256;

/** The longest id has 255 characters. */
const maxCharacters = 500;
/** Two bytes before each text: how many characters it has, and whether each takes two bytes. */
const headerBytes = 2;
const wide = 0x8000;

/** The text that is looked for or added, as it is stored. */
const scratch = new Uint8Array(headerBytes + 2 * maxCharacters);

export class Texts {
  readonly #key: HashKey;
  readonly #chunks: Uint8Array[] = [];
  /** Where the next text begins; 0 stands for no text. */
  #end = alignment;
  #chunkBytes = 0;
  /** By number, in units of `alignment`. */
  readonly #addresses = new NumberColumn();
  readonly #index = new RowIndex((number) => this.#hashOf(number));
  readonly #recent = new RecentTexts();

  /** The key is secret: without it, no caller can choose many texts with the same hash. It need not stay the same. */
  constructor(key: HashKey) {
    this.#key = key;
  }

  /** Whether there is room for this many more texts of any length. */
  hasRoomFor(texts: number): boolean {
    return this.#end / alignment + texts * (scratch.length / alignment) <= maxAddress;
  }

  /** The text's number; 0 if it has none. */
  number(text: string): number {
    if (text.length > maxCharacters) return 0;
    return this.#find(write(text));
  }

  /** The text of the number; empty if there is none. */
  text(number: number): string {
    const recent = this.#recent.get(number);
    if (recent !== undefined) return recent;
    const address = this.#addresses.get(number) * alignment;
    if (address === 0) return '';
    const text = read(this.#chunkAt(address), address & (chunkBytes - 1));
    this.#recent.set(number, text);
    return text;
  }

  /** Once for each number above 0, or again with the same text. */
  set(number: number, text: string): void {
    if (text.length > maxCharacters) throw new RangeError(`a text of ${text.length} characters is too long`);
    const length = write(text);
    if (this.#find(length) === number) return;
    this.#addresses.set(number, this.#append(length) / alignment);
    this.#index.insert(number);
  }

  get bytes(): number {
    return this.#chunkBytes + this.#addresses.bytes + this.#index.bytes;
  }

  #find(length: number): number {
    return this.#index.find(halfSipHash(this.#key, scratch, 0, length), (number) => {
      const address = this.#addresses.get(number) * alignment;
      const chunk = this.#chunkAt(address);
      const begin = address & (chunkBytes - 1);
      for (let at = 0; at < length; at += 1) if (chunk[begin + at] !== scratch[at]) return false;
      return true;
    });
  }

  #hashOf(number: number): number {
    const address = this.#addresses.get(number) * alignment;
    const chunk = this.#chunkAt(address);
    const begin = address & (chunkBytes - 1);
    return halfSipHash(this.#key, chunk, begin, lengthAt(chunk, begin));
  }

  #chunkAt(address: number): Uint8Array {
    return this.#chunks[Math.floor(address / chunkBytes)] ?? empty;
  }

  /** Where it begins. */
  #append(length: number): number {
    if ((this.#end % chunkBytes) + length > chunkBytes)
      this.#end = Math.ceil(this.#end / chunkBytes) * chunkBytes;
    const address = this.#end;
    this.#end += Math.ceil(length / alignment) * alignment;
    if (address / alignment > maxAddress) throw new RangeError('there is no room for more texts');
    const begin = address % chunkBytes;
    const chunk = this.#grow(Math.floor(address / chunkBytes), begin + length);
    chunk.set(scratch.subarray(0, length), begin);
    return address;
  }

  #grow(number: number, bytes: number): Uint8Array {
    const chunk = this.#chunks[number] ?? empty;
    if (chunk.length >= bytes) return chunk;
    const grown = new Uint8Array(Math.min(chunkBytes, Math.max(firstChunkBytes, chunk.length * 2, bytes)));
    grown.set(chunk);
    this.#chunks[number] = grown;
    this.#chunkBytes += grown.length - chunk.length;
    return grown;
  }
}

const empty = new Uint8Array(0);

/** Strings that were made of bytes lately: making one takes as long as reading some twenty. */
class RecentTexts {
  #texts: (string | undefined)[] = [];
  #numbers = new Uint32Array(0);

  get(number: number): string | undefined {
    const at = number & (this.#numbers.length - 1);
    return this.#numbers[at] === number ? this.#texts[at] : undefined;
  }

  set(number: number, text: string): void {
    const size = Math.min(mostRecentTexts, 2 ** (32 - Math.clz32(number)));
    if (size > this.#numbers.length) {
      this.#numbers = new Uint32Array(size);
      this.#texts = Array<string | undefined>(size).fill(undefined);
    }
    const at = number & (this.#numbers.length - 1);
    this.#numbers[at] = number;
    this.#texts[at] = text;
  }
}

const mostRecentTexts = 8_192;

/** Writes the text to the scratch as it is stored, and returns its length. */
function write(text: string): number {
  const { length } = text;
  let units = 0;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    units |= unit;
    scratch[headerBytes + index] = unit;
  }
  const isWide = units > 0xff;
  scratch[0] = length;
  scratch[1] = (length >>> 8) | (isWide ? wide >>> 8 : 0);
  if (!isWide) return headerBytes + length;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    scratch[headerBytes + 2 * index] = unit;
    scratch[headerBytes + 2 * index + 1] = unit >>> 8;
  }
  return headerBytes + 2 * length;
}

function headerAt(chunk: Uint8Array, begin: number): number {
  return (chunk[begin] ?? 0) | ((chunk[begin + 1] ?? 0) << 8);
}

function lengthAt(chunk: Uint8Array, begin: number): number {
  const header = headerAt(chunk, begin);
  return headerBytes + (header & ~wide) * (header & wide ? 2 : 1);
}

function read(chunk: Uint8Array, begin: number): string {
  const header = headerAt(chunk, begin);
  const end = begin + lengthAt(chunk, begin);
  const units: number[] = [];
  if (header & wide)
    for (let at = begin + headerBytes; at < end; at += 2)
      units.push((chunk[at] ?? 0) | ((chunk[at + 1] ?? 0) << 8));
  else for (let at = begin + headerBytes; at < end; at += 1) units.push(chunk[at] ?? 0);
  return String.fromCharCode(...units);
}
