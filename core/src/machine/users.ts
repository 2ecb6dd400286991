/** The users of an app, by number (from 1): their external counts, blocks, and the announcements they read. */
import { noRanges, type Ranges } from '../ranges.js';
import type { ReadState } from '../read_state.js';
import { NumberColumn } from './columns.js';
import { NumberMap } from './paged.js';
import type { HashKey } from './participant_sets.js';
import { Texts } from './texts.js';

export class Users {
  readonly #ids: Texts;
  #count = 0;
  readonly #everyoneBase = new NumberColumn();
  readonly #announcedCursor = new NumberColumn();
  readonly #announcedRanges = new NumberMap<Ranges>();
  /** Private lists that grow in place. */
  readonly #named = new NumberMap<number[]>();
  readonly #external = new NumberMap<ReadonlyMap<string, number>>();
  readonly #blocked = new NumberMap<ReadonlySet<number>>();
  readonly #blockers = new NumberMap<Set<number>>();

  constructor(key: HashKey) {
    this.#ids = new Texts(key);
  }

  /** About: the entries of maps are estimated. */
  get bytes(): number {
    const columns = this.#ids.bytes + this.#everyoneBase.bytes + this.#announcedCursor.bytes;
    const lists = this.#announcedRanges.size + this.#named.size + this.#external.size;
    return columns + bytesPerEntry * (lists + this.#blocked.size + this.#blockers.size);
  }

  /** How many there are; their numbers are 1 … this. */
  get count(): number {
    return this.#count;
  }

  /** Whether the ids of so many more fit. */
  hasRoomFor(users: number): boolean {
    return this.#ids.hasRoomFor(users);
  }

  /** The user's number; 0 if unknown. */
  number(id: string): number {
    return this.#ids.number(id);
  }

  id(user: number): string {
    return this.#ids.text(user);
  }

  /** Makes the user known. Announcements to everyone up to this position are not for them. */
  introduce(user: number, id: string, everyonePosition: number): void {
    this.#count = Math.max(this.#count, user);
    this.#ids.set(user, id);
    this.#everyoneBase.set(user, everyonePosition);
    this.setAnnounced(user, { cursor: everyonePosition, ranges: noRanges });
  }

  /** The last announcement to everyone when they became known. It and those before it are not for them. */
  everyoneBase(user: number): number {
    return this.#everyoneBase.get(user);
  }

  /** Which of the announcements to everyone they have read. */
  announced(user: number): ReadState {
    return { cursor: this.#announcedCursor.get(user), ranges: this.#announcedRanges.get(user) ?? noRanges };
  }

  setAnnounced(user: number, state: ReadState): void {
    this.#announcedCursor.set(user, state.cursor);
    setOrDelete(this.#announcedRanges, user, state.ranges, state.ranges.length > 0);
  }

  /** The unread announcements that name them, oldest first. Read it at once: the list may change in place. */
  named(user: number): readonly number[] {
    return this.#named.get(user) ?? [];
  }

  setNamed(user: number, announcements: readonly number[]): void {
    setOrDelete(this.#named, user, [...announcements], announcements.length > 0);
  }

  addNamed(user: number, announcement: number): void {
    const named = this.#named.get(user);
    if (named !== undefined && announcement > (named.at(-1) ?? 0)) named.push(announcement);
    else
      this.setNamed(
        user,
        [...new Set(this.named(user)).add(announcement)].sort((a, b) => a - b),
      );
  }

  external(user: number): ReadonlyMap<string, number> {
    return this.#external.get(user) ?? noCounts;
  }

  setExternal(user: number, counts: ReadonlyMap<string, number>): void {
    setOrDelete(this.#external, user, counts, counts.size > 0);
  }

  /** The users they block, in the order of blocking. */
  blocked(user: number): ReadonlySet<number> {
    return this.#blocked.get(user) ?? nobody;
  }

  blockers(user: number): ReadonlySet<number> {
    return this.#blockers.get(user) ?? nobody;
  }

  /** Changes the entries of those who came or went, and of no others. */
  setBlocked(owner: number, blocked: ReadonlySet<number>): void {
    const before = this.blocked(owner);
    for (const user of before) if (!blocked.has(user)) this.#blockers.get(user)?.delete(owner);
    for (const user of blocked) {
      if (before.has(user)) continue;
      const blockers = this.#blockers.get(user);
      if (blockers === undefined) this.#blockers.set(user, new Set([owner]));
      else blockers.add(owner);
    }
    setOrDelete(this.#blocked, owner, blocked, blocked.size > 0);
  }
}

/** With a list or a map of a few values. */
const bytesPerEntry = 250;

const noCounts: ReadonlyMap<string, number> = new Map();
const nobody: ReadonlySet<number> = new Set();

/** Most users have none of these; only users who do have an entry. */
function setOrDelete<V>(map: NumberMap<V>, key: number, value: V, keep: boolean): void {
  if (keep) map.set(key, value);
  else map.delete(key);
}
