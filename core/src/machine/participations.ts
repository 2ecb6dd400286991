/**
 * The participants of every conversation, and what each has read: one row for each participant of each conversation, about
 * fifty bytes each. A row is in two lists, its user's and its conversation's, and found by both in an index.
 * Rows of participants who left are reused. A deleted conversation's rows are dropped at once, and released later, a few
 * at a time: no method returns them in between.
 */
import { type NotificationLevel, notificationLevels } from '../badge.js';
import { insert, noRanges, size } from '../ranges.js';
import type { ReadState } from '../read_state.js';
import { ByteColumn, hashPair, NumberColumn, RowIndex } from './columns.js';
import { NumberMap, PagedList } from './paged.js';

export class Participations {
  readonly conversation = new NumberColumn();
  readonly user = new NumberColumn();
  /** The head when they joined. */
  readonly joined = new NumberColumn();
  readonly #cursor = new NumberColumn();
  readonly #acknowledged = new NumberColumn();
  readonly #level = new ByteColumn();
  /** One interval is its first position, as `#acknowledged` has its length. Several are a private list that changes in place. */
  readonly #ranges = new NumberMap<number | number[]>();
  /** How many numbers these lists hold together. */
  #listed = 0;
  /** Private lists that change in place. */
  readonly #mentions = new NumberMap<number[]>();
  readonly #mutedUntil = new NumberMap<number>();
  readonly #index = new RowIndex((row) => hashPair(this.conversation.get(row), this.user.get(row)));
  readonly #ofUser = new Chains();
  readonly #ofConversation = new Chains();
  readonly #free = new PagedList(0);
  /** Conversations whose rows are not released yet. */
  readonly #dropped = new Set<number>();
  #rows = 0;
  #count = 0;

  /** About: the entries of maps are estimated. */
  get bytes(): number {
    const numbers = [
      this.conversation,
      this.user,
      this.joined,
      this.#cursor,
      this.#acknowledged,
      this.#level,
    ];
    const links = [this.#index, this.#ofUser, this.#ofConversation];
    const columns = [...numbers, ...links].reduce((sum, { bytes }) => sum + bytes, 0);
    const entries = this.#ranges.size + this.#mutedUntil.size;
    return (
      columns + bytesPerEntry * entries + bytesPerList * this.#mentions.size + bytesPerListed * this.#listed
    );
  }

  /** How many there are now. */
  get count(): number {
    return this.#count;
  }

  /** How many take room: also those of deleted conversations that are not released yet. */
  get rows(): number {
    return this.#rows - this.#free.length;
  }

  /** The row; 0 if the user is not a participant of the conversation. */
  find(conversation: number, user: number): number {
    if (this.isDropped(conversation)) return 0;
    return this.#index.find(
      hashPair(conversation, user),
      (row) => this.conversation.get(row) === conversation && this.user.get(row) === user,
    );
  }

  /** The participant's row, read up to the head, with nothing left of an earlier one of theirs. */
  join(conversation: number, user: number, head: number): number {
    this.leave(conversation, user);
    return this.add(conversation, user, head);
  }

  /** As `join`, for a user who is not a participant. */
  add(conversation: number, user: number, head: number): number {
    const row = this.#free.pop() ?? this.#append();
    this.conversation.set(row, conversation);
    this.user.set(row, user);
    this.joined.set(row, head);
    this.#cursor.set(row, head);
    this.#acknowledged.set(row, 0);
    this.#index.insert(row);
    this.#ofUser.append(user, row);
    this.#ofConversation.append(conversation, row);
    this.#count += 1;
    return row;
  }

  leave(conversation: number, user: number): void {
    const row = this.find(conversation, user);
    if (row === 0) return;
    this.#remove(row);
    this.#count -= 1;
  }

  /** Drops all rows of the conversation, of which there are `participants`. O(1). Call `release` until it returns false. */
  drop(conversation: number, participants: number): void {
    if (this.isDropped(conversation) || this.#ofConversation.first(conversation) === 0) return;
    this.#dropped.add(conversation);
    this.#count -= participants;
  }

  isDropped(conversation: number): boolean {
    return this.#dropped.size > 0 && this.#dropped.has(conversation);
  }

  /** Releases up to `most` dropped rows, and calls `onReleased` for each. False once there are no more. */
  release(most: number, onReleased: (conversation: number, user: number) => void): boolean {
    let left = most;
    for (const conversation of this.#dropped) {
      for (let row = this.#ofConversation.first(conversation); row !== 0; left -= 1) {
        if (left === 0) return true;
        const user = this.user.get(row);
        this.#remove(row);
        onReleased(conversation, user);
        row = this.#ofConversation.first(conversation);
      }
      this.#dropped.delete(conversation);
    }
    return false;
  }

  /** In no order. */
  *ofConversation(conversation: number): Generator<number> {
    if (!this.isDropped(conversation)) yield* this.#ofConversation.rows(conversation);
  }

  /** In no order. */
  *ofUser(user: number): Generator<number> {
    for (const row of this.#ofUser.rows(user)) if (!this.isDropped(this.conversation.get(row))) yield row;
  }

  /** Like `ofConversation`, for callers that do so little with each row that a generator would cost more. */
  forEachOfConversation(conversation: number, visit: (row: number) => void): void {
    if (this.isDropped(conversation)) return;
    const rows = this.#ofConversation;
    for (let row = rows.first(conversation); row !== 0; row = rows.next(row)) visit(row);
  }

  /** Like `ofUser`, for the same reason. From the last joined to the first, so that lists of the newest find them early. */
  forEachOfUser(user: number, visit: (row: number) => void): void {
    const rows = this.#ofUser;
    const mayBeDropped = this.#dropped.size > 0;
    for (let row = rows.last(user); row !== 0; row = rows.previous(row))
      if (!mayBeDropped || !this.#dropped.has(this.conversation.get(row))) visit(row);
  }

  /** Read it at once: the ranges change in place. */
  read(row: number): ReadState {
    return { cursor: this.#cursor.get(row), ranges: this.#open(row) ?? noRanges };
  }

  cursor(row: number): number {
    return this.#cursor.get(row);
  }

  /** The number of positions in the ranges of `read`, stored so that counting need not add them up. */
  acknowledged(row: number): number {
    return this.#acknowledged.get(row);
  }

  setRead(row: number, state: ReadState): void {
    this.#cursor.set(row, state.cursor);
    this.#setOpen(row, [...state.ranges], size(state.ranges));
    this.#dropReadMentions(row);
  }

  /** The positions from … to do not count any more. */
  acknowledge(row: number, from: number, to: number): void {
    const cursor = this.#cursor.get(row);
    if (to <= cursor || from > to) return;
    const open = this.#open(row) ?? [];
    const listed = this.#listedOf(row);
    let acknowledged = this.#acknowledged.get(row) + insert(open, Math.max(from, cursor + 1), to);
    if (open[0] === cursor + 1) {
      const [, last = cursor] = open.splice(0, 2);
      acknowledged -= last - cursor;
      this.#cursor.set(row, last);
      this.#dropReadMentions(row);
    }
    this.#setOpen(row, open, acknowledged, listed);
  }

  /** The list itself if there is one; undefined if there are no ranges. */
  #open(row: number): number[] | undefined {
    const open = this.#ranges.get(row);
    return typeof open === 'number' ? [open, open + this.#acknowledged.get(row) - 1] : open;
  }

  /** Of the list that `before` numbers were in. */
  #setOpen(row: number, open: number[], acknowledged: number, before = this.#listedOf(row)): void {
    const [first] = open;
    this.#acknowledged.set(row, acknowledged);
    this.#listed -= before;
    if (first === undefined) this.#ranges.delete(row);
    else if (open.length === 2) this.#ranges.set(row, first);
    else {
      this.#ranges.set(row, open);
      this.#listed += open.length;
    }
  }

  #listedOf(row: number): number {
    const open = this.#ranges.get(row);
    return typeof open === 'object' ? open.length : 0;
  }

  /** The positions above the cursor that mention the user, ascending. Read it at once: the list may change in place. */
  mentions(row: number): readonly number[] {
    return this.#mentions.get(row) ?? [];
  }

  setMentions(row: number, positions: Iterable<number>): void {
    const cursor = this.#cursor.get(row);
    const open = [...new Set(positions)].filter((position) => position > cursor).sort((a, b) => a - b);
    if (open.length > 0) this.#mentions.set(row, open);
    else this.#mentions.delete(row);
  }

  /** In any order. */
  addMentions(row: number, positions: readonly number[]): void {
    const open = this.#mentions.get(row);
    const [position = 0] = positions;
    if (open !== undefined && positions.length === 1 && position > (open.at(-1) ?? 0)) open.push(position);
    else if (positions.length > 0) this.setMentions(row, [...(open ?? []), ...positions]);
  }

  /** Those that the cursor has passed are the first ones. */
  #dropReadMentions(row: number): void {
    const mentions = this.#mentions.get(row);
    if (mentions === undefined) return;
    const cursor = this.#cursor.get(row);
    let read = 0;
    while (read < mentions.length && (mentions[read] ?? 0) <= cursor) read += 1;
    if (read === mentions.length) this.#mentions.delete(row);
    else if (read > 0) mentions.splice(0, read);
  }

  level(row: number): NotificationLevel {
    return notificationLevels[this.#level.get(row)] ?? 'all';
  }

  /** When the mutes end that were not taken back, also those that have ended. */
  *muteEnds(): Generator<number> {
    for (const [, end] of this.#mutedUntil) yield end;
  }

  mutedUntil(row: number): number | null {
    return this.#mutedUntil.get(row) ?? null;
  }

  setLevel(row: number, level: NotificationLevel, mutedUntil: number | null): void {
    this.#level.set(row, notificationLevels.indexOf(level));
    if (mutedUntil === null) this.#mutedUntil.delete(row);
    else this.#mutedUntil.set(row, mutedUntil);
  }

  #append(): number {
    this.#rows += 1;
    return this.#rows;
  }

  #remove(row: number): void {
    this.#index.remove(row);
    this.#ofUser.remove(this.user.get(row), row);
    this.#ofConversation.remove(this.conversation.get(row), row);
    this.#setOpen(row, [], 0);
    this.#mentions.delete(row);
    this.setLevel(row, 'all', null);
    this.conversation.set(row, 0);
    this.user.set(row, 0);
    this.#free.push(row);
  }
}

/** Of a map with a number in it, with a short list, and of each number in the lists of ranges. */
const bytesPerEntry = 50;
const bytesPerList = 200;
const bytesPerListed = 12;

/** Doubly linked lists of rows, one for each owner, in the order of insertion. */
class Chains {
  readonly #first = new NumberColumn();
  readonly #last = new NumberColumn();
  readonly #next = new NumberColumn();
  readonly #previous = new NumberColumn();

  get bytes(): number {
    return this.#first.bytes + this.#last.bytes + this.#next.bytes + this.#previous.bytes;
  }

  *rows(owner: number): Generator<number> {
    for (let row = this.first(owner); row !== 0; row = this.next(row)) yield row;
  }

  first(owner: number): number {
    return this.#first.get(owner);
  }

  next(row: number): number {
    return this.#next.get(row);
  }

  last(owner: number): number {
    return this.#last.get(owner);
  }

  previous(row: number): number {
    return this.#previous.get(row);
  }

  append(owner: number, row: number): void {
    const last = this.#last.get(owner);
    this.#previous.set(row, last);
    this.#next.set(row, 0);
    if (last === 0) this.#first.set(owner, row);
    else this.#next.set(last, row);
    this.#last.set(owner, row);
  }

  remove(owner: number, row: number): void {
    const previous = this.#previous.get(row);
    const next = this.#next.get(row);
    if (previous === 0) this.#first.set(owner, next);
    else this.#next.set(previous, next);
    if (next === 0) this.#last.set(owner, previous);
    else this.#previous.set(next, previous);
  }
}
