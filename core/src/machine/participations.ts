/**
 * The participants of every conversation, and what each has read: one row for each participant of each conversation, about
 * fifty bytes each. A row is in two lists, its user's and its conversation's, and found by both in an index.
 * Rows of participants who left are reused.
 */
import { type NotificationLevel, notificationLevels } from '../badge.js';
import { append, noRanges, size } from '../ranges.js';
import { acknowledge, type ReadState } from '../read_state.js';
import { ByteColumn, hashPair, NumberColumn, RowIndex } from './columns.js';

export class Participations {
  readonly conversation = new NumberColumn();
  readonly user = new NumberColumn();
  /** The head when they joined. */
  readonly joined = new NumberColumn();
  readonly #cursor = new NumberColumn();
  readonly #acknowledged = new NumberColumn();
  readonly #level = new ByteColumn();
  /** Private lists that grow in place. */
  readonly #ranges = new Map<number, number[]>();
  readonly #mentions = new Map<number, number[]>();
  readonly #mutedUntil = new Map<number, number>();
  readonly #index = new RowIndex((row) => hashPair(this.conversation.get(row), this.user.get(row)));
  readonly #ofUser = new Chains();
  readonly #ofConversation = new Chains();
  readonly #free: number[] = [];
  #rows = 0;

  /** How many there are now. */
  get count(): number {
    return this.#rows - this.#free.length;
  }

  /** The row; 0 if the user is not a participant of the conversation. */
  find(conversation: number, user: number): number {
    return this.#index.find(
      hashPair(conversation, user),
      (row) => this.conversation.get(row) === conversation && this.user.get(row) === user,
    );
  }

  /** Adds the participant's row, read up to the head. Removes an earlier row of theirs first. */
  join(conversation: number, user: number, head: number): number {
    this.leave(conversation, user);
    const row = this.#free.pop() ?? this.#append();
    this.conversation.set(row, conversation);
    this.user.set(row, user);
    this.joined.set(row, head);
    this.#index.insert(row);
    this.#ofUser.append(user, row);
    this.#ofConversation.append(conversation, row);
    this.setRead(row, { cursor: head, ranges: noRanges });
    return row;
  }

  leave(conversation: number, user: number): void {
    const row = this.find(conversation, user);
    if (row === 0) return;
    this.#index.remove(row);
    this.#ofUser.remove(user, row);
    this.#ofConversation.remove(conversation, row);
    this.#ranges.delete(row);
    this.#mentions.delete(row);
    this.setLevel(row, 'all', null);
    this.conversation.set(row, 0);
    this.user.set(row, 0);
    this.#free.push(row);
  }

  /** In the order in which they joined. */
  ofConversation(conversation: number): Iterable<number> {
    return this.#ofConversation.rows(conversation);
  }

  ofUser(user: number): Iterable<number> {
    return this.#ofUser.rows(user);
  }

  /** Like `ofUser`, for callers that do so little with each row that a generator would cost more. */
  forEachOfUser(user: number, visit: (row: number) => void): void {
    for (let row = this.#ofUser.first(user); row !== 0; row = this.#ofUser.next(row)) visit(row);
  }

  /** Read it at once: the ranges grow in place. */
  read(row: number): ReadState {
    return { cursor: this.#cursor.get(row), ranges: this.#ranges.get(row) ?? noRanges };
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
    this.#acknowledged.set(row, size(state.ranges));
    if (state.ranges.length > 0) this.#ranges.set(row, [...state.ranges]);
    else this.#ranges.delete(row);
    const mentions = this.#mentions.get(row);
    if (mentions !== undefined && (mentions[0] ?? 0) <= state.cursor) this.setMentions(row, mentions);
  }

  /** The positions from … to do not count any more. */
  acknowledge(row: number, from: number, to: number): void {
    const open = this.#ranges.get(row);
    if (open !== undefined && append(open, from, to))
      this.#acknowledged.set(row, this.#acknowledged.get(row) + to - from + 1);
    else this.setRead(row, acknowledge(this.read(row), from, to));
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

  addMention(row: number, position: number): void {
    const open = this.#mentions.get(row);
    if (open !== undefined && position > (open.at(-1) ?? 0)) open.push(position);
    else this.setMentions(row, [...(open ?? []), position]);
  }

  level(row: number): NotificationLevel {
    return notificationLevels[this.#level.get(row)] ?? 'all';
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
}

/** Doubly linked lists of rows, one for each owner, in the order of insertion. */
class Chains {
  readonly #first = new NumberColumn();
  readonly #last = new NumberColumn();
  readonly #next = new NumberColumn();
  readonly #previous = new NumberColumn();

  *rows(owner: number): Generator<number> {
    for (let row = this.first(owner); row !== 0; row = this.next(row)) yield row;
  }

  first(owner: number): number {
    return this.#first.get(owner);
  }

  next(row: number): number {
    return this.#next.get(row);
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
