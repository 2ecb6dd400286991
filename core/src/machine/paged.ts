/**
 * Maps and lists that may hold millions of entries. JavaScript's own are copied when they are full, which takes some 100 ms
 * at a few million; these consist of many small ones, so that adding an entry copies a few thousand others at most.
 */

/** A `Map` of so many entries is copied in a tenth of a millisecond. */
const pageBits = 12;
const entriesPerPage = 1 << pageBits;

/** By small numbers: of rows, users, conversations. Iterates by page, in which entries are in the order of their insertion. */
export class NumberMap<V> {
  readonly #pages: (Map<number, V> | undefined)[] = [];
  #size = 0;

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  get(key: number): V | undefined {
    return this.#pages[key >>> pageBits]?.get(key);
  }

  has(key: number): boolean {
    return this.#pages[key >>> pageBits]?.has(key) === true;
  }

  set(key: number, value: V): void {
    const number = key >>> pageBits;
    while (this.#pages.length <= number) this.#pages.push(undefined);
    const page = this.#pages[number] ?? new Map<number, V>();
    this.#pages[number] = page;
    const before = page.size;
    page.set(key, value);
    this.#size += page.size - before;
  }

  delete(key: number): void {
    const number = key >>> pageBits;
    const page = this.#pages[number];
    if (page?.delete(key) !== true) return;
    this.#size -= 1;
    if (page.size === 0) this.#pages[number] = undefined;
  }

  *[Symbol.iterator](): Generator<[number, V]> {
    for (const page of this.#pages) if (page !== undefined) yield* page;
  }
}

/** Values by small numbers, where most numbers have one. */
export class PagedList<V> {
  readonly #pages: V[][] = [[]];
  readonly #missing: V;
  #length = 0;

  /** `missing` is what has not been set. */
  constructor(missing: V) {
    this.#missing = missing;
  }

  /** One more than the highest number that was set. */
  get length(): number {
    return this.#length;
  }

  get(index: number): V {
    return this.#pages[index >>> pageBits]?.[index & (entriesPerPage - 1)] ?? this.#missing;
  }

  set(index: number, value: V): void {
    for (; this.#length < index; this.#length += 1) this.#put(this.#length, this.#missing);
    this.#put(index, value);
    this.#length = Math.max(this.#length, index + 1);
  }

  push(value: V): void {
    this.set(this.#length, value);
  }

  /** Removes the last value, and returns it; undefined if the list is empty. */
  pop(): V | undefined {
    if (this.#length === 0) return undefined;
    this.#length -= 1;
    return this.#pages[this.#length >>> pageBits]?.pop();
  }

  #put(index: number, value: V): void {
    const number = index >>> pageBits;
    while (this.#pages.length <= number) this.#pages.push([]);
    const page = this.#pages[number];
    if (page !== undefined) page[index & (entriesPerPage - 1)] = value;
  }
}
