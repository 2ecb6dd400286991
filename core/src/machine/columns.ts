/**
 * Growing columns of numbers. A table of the state is a few of them side by side, one row a number in each:
 * a tenth of the memory that one object per row would take. A row never written reads as 0.
 */
abstract class Column<A extends Uint8Array | Uint32Array | Float64Array> {
  protected data: A;

  constructor(data: A) {
    this.data = data;
  }

  protected abstract allocate(length: number): A;

  get(row: number): number {
    return this.data[row] ?? 0;
  }

  set(row: number, value: number): void {
    if (row >= this.data.length) this.#grow(row + 1);
    this.data[row] = value;
  }

  get bytes(): number {
    return this.data.byteLength;
  }

  #grow(rows: number): void {
    const grown = this.allocate(Math.max(16, rows, Math.ceil(this.data.length * 1.5)));
    grown.set(this.data);
    this.data = grown;
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
 * and compares keys to pick the row among those with the same hash.
 */
export class RowIndex {
  #buckets = new Uint32Array(16);
  readonly #next = new NumberColumn();
  readonly #hashOf: (row: number) => number;
  #count = 0;

  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf;
  }

  /** The row with this hash that the caller's comparison accepts; 0 if there is none. */
  find(hash: number, isMeant: (row: number) => boolean): number {
    let row = this.#buckets[hash & (this.#buckets.length - 1)] ?? 0;
    while (row !== 0 && !isMeant(row)) row = this.#next.get(row);
    return row;
  }

  insert(row: number): void {
    if (this.#count >= this.#buckets.length) this.#double();
    this.#link(row);
    this.#count += 1;
  }

  remove(row: number): void {
    const bucket = this.#hashOf(row) & (this.#buckets.length - 1);
    let current = this.#buckets[bucket] ?? 0;
    if (current === row) this.#buckets[bucket] = this.#next.get(row);
    while (current !== 0 && this.#next.get(current) !== row) current = this.#next.get(current);
    if (current !== 0) this.#next.set(current, this.#next.get(row));
    this.#count -= 1;
  }

  get bytes(): number {
    return this.#buckets.byteLength + this.#next.bytes;
  }

  #link(row: number): void {
    const bucket = this.#hashOf(row) & (this.#buckets.length - 1);
    this.#next.set(row, this.#buckets[bucket] ?? 0);
    this.#buckets[bucket] = row;
  }

  #double(): void {
    const old = this.#buckets;
    this.#buckets = new Uint32Array(old.length * 2);
    for (const first of old) {
      for (let row = first; row !== 0; ) {
        const next = this.#next.get(row);
        this.#link(row);
        row = next;
      }
    }
  }
}

/** Spreads two 32-bit keys over 32 bits (the finaliser of MurmurHash3). */
export function hashPair(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ b;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
