/**
 * The newest rows of many, without sorting all of them: a heap of as many as are wanted, with the oldest of these on top. A
 * row that is older than that one, as most are, costs one comparison.
 */
import type { ConversationQuery } from '../../view.js';
import type { AppState } from '../state.js';

/** What a list is sorted by. Two conversations never have the same key. */
export interface SortKey {
  readonly at: number;
  readonly conversation: number;
}

export function sortKey(state: AppState, row: number, sortBy: ConversationQuery['sortBy']): SortKey {
  const conversation = state.participations.conversation.get(row);
  return { conversation, at: sortedAt(state, conversation, sortBy) };
}

export function sortedAt(
  { conversations }: AppState,
  conversation: number,
  sortBy: ConversationQuery['sortBy'],
): number {
  return sortBy === 'last_message' ? conversations.activeAt(conversation) : 0;
}

export function isNewer(one: SortKey, other: SortKey): boolean {
  return one.at > other.at || (one.at === other.at && one.conversation > other.conversation);
}

export class NewestRows {
  readonly #limit: number;
  /** The heap, in three columns: each entry is older than the two below it, at 2i + 1 and 2i + 2. */
  readonly #rows: number[] = [];
  readonly #ats: number[] = [];
  readonly #conversations: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(row: number, at: number, conversation: number): void {
    const { length } = this.#rows;
    if (length < this.#limit) this.#rise(length, row, at, conversation);
    else if (length > 0 && this.#isOlder(0, at, conversation)) this.#sink(row, at, conversation);
  }

  /** Newest first. */
  rows(): number[] {
    const entries = Array.from(this.#rows, (row, index) => ({ row, ...this.#key(index) }));
    return entries.sort((a, b) => (isNewer(a, b) ? -1 : 1)).map(({ row }) => row);
  }

  #rise(from: number, row: number, at: number, conversation: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#isOlder(parent, at, conversation)) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#set(index, row, at, conversation);
  }

  /** Takes the place of the oldest. */
  #sink(row: number, at: number, conversation: number): void {
    const { length } = this.#rows;
    let index = 0;
    for (let child = 1; child < length; child = 2 * index + 1) {
      const { at: right, conversation: other } = this.#key(child + 1);
      if (child + 1 < length && !this.#isOlder(child, right, other)) child += 1;
      if (!this.#isOlder(child, at, conversation)) break;
      this.#move(child, index);
      index = child;
    }
    this.#set(index, row, at, conversation);
  }

  #isOlder(index: number, at: number, conversation: number): boolean {
    const own = this.#ats[index] ?? 0;
    return own < at || (own === at && (this.#conversations[index] ?? 0) < conversation);
  }

  #key(index: number): SortKey {
    return { at: this.#ats[index] ?? 0, conversation: this.#conversations[index] ?? 0 };
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#rows[from] ?? 0, this.#ats[from] ?? 0, this.#conversations[from] ?? 0);
  }

  #set(index: number, row: number, at: number, conversation: number): void {
    this.#rows[index] = row;
    this.#ats[index] = at;
    this.#conversations[index] = conversation;
  }
}
