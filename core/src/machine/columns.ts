/**
 * Growing columns of numbers. A table of the state is a few of them side by side, one row a number in each:
 * a tenth of the memory that one object per row would take. A row never written reads as 0. They grow in pages, so
 * that no row has to wait until millions of others are copied.
 */
type Numbers = Uint8Array | Uint32Array | Float64Array;

/** Copying a page takes some ten microseconds. */
const pageBits = 16;
const rowsPerPage = 1 << pageBits;

abstract class Column<A extends Numbers> {
  readonly #empty: A;
  /** The last one written may be shorter than the others. Those in which nothing was written are empty. */
  readonly #pages: A[];
  #bytes = 0;

  constructor(empty: A) {
    this.#empty = empty;
    this.#pages = [empty];
  }

  protected abstract allocate(length: number): A;

  get(row: number): number {
    return this.#pages[row >>> pageBits]?.[row & (rowsPerPage - 1)] ?? 0;
  }

  set(row: number, value: number): void {
    const number = row >>> pageBits;
    const at = row & (rowsPerPage - 1);
    let page = this.#pages[number] ?? this.#empty;
    if (at >= page.length) {
      // It reads as 0 already.
      if (value === 0) return;
      page = this.#grow(number, at + 1);
    }
    page[at] = value;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The page, with room for so many rows. */
  #grow(number: number, rows: number): A {
    while (this.#pages.length <= number) this.#pages.push(this.#empty);
    const page = this.#pages[number] ?? this.#empty;
    const grown = this.allocate(Math.min(rowsPerPage, Math.max(16, rows, Math.ceil(page.length * 1.5))));
    grown.set(page);
    this.#pages[number] = grown;
    this.#bytes += grown.byteLength - page.byteLength;
    return grown;
  }
}

export class ByteColumn extends Column<Uint8Array> {
  constructor() {
    super(new Uint8Array(0));
  }
  protected allocate(length: number): Uint8Array {
    return new Uint8Array(length);
  }
}

/** Unsigned 32-bit integers: positions, counts, and the numbers of rows elsewhere. */
export class NumberColumn extends Column<Uint32Array> {
  constructor() {
    super(new Uint32Array(0));
  }
  protected allocate(length: number): Uint32Array {
    return new Uint32Array(length);
  }
}

/** Doubles: times, and references into the log. */
export class DoubleColumn extends Column<Float64Array> {
  constructor() {
    super(new Float64Array(0));
  }
  protected allocate(length: number): Float64Array {
    return new Float64Array(length);
  }
}

/**
 * A hash index over rows ≥ 1 whose keys are in columns: it stores row numbers only. The caller computes the hash,
 * and compares keys to pick the row among those with the same hash. It grows by linear hashing: each insertion splits one
 * bucket, so that none has to move all rows at once.
 */
export class RowIndex {
  readonly #heads = new NumberColumn();
  readonly #next = new NumberColumn();
  readonly #hashOf: (row: number) => number;
  #count = 0;
  #buckets = 16;
  /** Buckets below `#buckets` − (`#mask` + 1) are split already, and use one more bit of the hash. */
  #mask = 15;

  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf;
  }

  /** The row with this hash that the caller's comparison accepts; 0 if there is none. */
  find(hash: number, isMeant: (row: number) => boolean): number {
    let row = this.#heads.get(this.#bucketOf(hash));
    while (row !== 0 && !isMeant(row)) row = this.#next.get(row);
    return row;
  }

  insert(row: number): void {
    if (this.#count >= this.#buckets) this.#split();
    this.#link(row);
    this.#count += 1;
  }

  remove(row: number): void {
    const bucket = this.#bucketOf(this.#hashOf(row));
    let current = this.#heads.get(bucket);
    if (current === row) this.#heads.set(bucket, this.#next.get(row));
    while (current !== 0 && this.#next.get(current) !== row) current = this.#next.get(current);
    if (current !== 0) this.#next.set(current, this.#next.get(row));
    this.#count -= 1;
  }

  get bytes(): number {
    return this.#heads.bytes + this.#next.bytes;
  }

  #bucketOf(hash: number): number {
    const bucket = hash & (this.#mask * 2 + 1);
    return bucket < this.#buckets ? bucket : hash & this.#mask;
  }

  #link(row: number): void {
    const bucket = this.#bucketOf(this.#hashOf(row));
    this.#next.set(row, this.#heads.get(bucket));
    this.#heads.set(bucket, row);
  }

  /** Adds one bucket, and divides the rows of the bucket with the same lower bits between the two. */
  #split(): void {
    const bucket = this.#buckets & this.#mask;
    this.#buckets += 1;
    let row = this.#heads.get(bucket);
    this.#heads.set(bucket, 0);
    while (row !== 0) {
      const next = this.#next.get(row);
      this.#link(row);
      row = next;
    }
    if (this.#buckets === (this.#mask + 1) * 2) this.#mask = this.#mask * 2 + 1;
  }
}

/** Spreads two 32-bit keys over 32 bits (the finaliser of MurmurHash3). */
export function hashPair(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ b;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
