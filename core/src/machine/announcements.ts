/** The announcements of an app, by number (from 1). Announcements to everyone also have a position among themselves. */
import { NumberColumn } from './columns.js';
import { PagedList } from './paged.js';
import type { HashKey } from './participant_sets.js';
import { Texts } from './texts.js';

export interface Announcement {
  readonly id: string;
  readonly at: number;
  readonly fingerprint: number;
  /** The numbers of the named users, ascending; or, for an announcement to everyone, its position. */
  readonly recipients: Uint32Array | { readonly position: number };
}

export class Announcements {
  readonly #ids: Texts;
  readonly #all = new PagedList<Announcement | undefined>(undefined);
  readonly #atPosition = new NumberColumn();
  #everyone = 0;
  /** Named ones, of all announcements together. */
  #recipients = 0;

  constructor(key: HashKey) {
    this.#ids = new Texts(key);
  }

  /** About. */
  get bytes(): number {
    return this.#ids.bytes + this.#atPosition.bytes + 200 * this.#all.length + 4 * this.#recipients;
  }

  get hasRoom(): boolean {
    return this.#ids.hasRoomFor(1);
  }

  get count(): number {
    return this.#all.length;
  }

  /** How many went to everyone, and so the position of the last one that did. */
  get everyone(): number {
    return this.#everyone;
  }

  number(id: string): number {
    return this.#ids.number(id);
  }

  get(announcement: number): Announcement | undefined {
    return this.#all.get(announcement - 1);
  }

  /** The number of the announcement to everyone at this position. */
  atPosition(position: number): number {
    return this.#atPosition.get(position);
  }

  set(announcement: number, value: Announcement): void {
    if (this.get(announcement) === undefined && 'length' in value.recipients)
      this.#recipients += value.recipients.length;
    this.#all.set(announcement - 1, value);
    this.#ids.set(announcement, value.id);
    if ('position' in value.recipients) {
      this.#atPosition.set(value.recipients.position, announcement);
      this.#everyone = Math.max(this.#everyone, value.recipients.position);
    }
  }
}

/** Whether an ascending list of numbers holds this one. */
export function includes(numbers: Uint32Array, wanted: number): boolean {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === wanted;
}
