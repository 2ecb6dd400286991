/**
 * Finds a distinct conversation by its set of participants. Of every conversation's set it keeps a hash of 64 bits that does
 * not depend on the order, so that a user who joins or leaves changes it in one step; distinct conversations are found by it.
 * The hash has a secret key: without it, no caller can choose users so that many sets have the same hash. It is in memory only
 * (docs/decisions/0019-a-hash-for-each-participant-set.md).
 */
import { ByteColumn, hashPair, NumberColumn, RowIndex } from './columns.js';

/** Four secret numbers of 32 bits. Two programs with different keys behave in the same way. */
export type HashKey = readonly [number, number, number, number];

export class ParticipantSets {
  readonly #key: HashKey;
  /** The sum of one hash of each participant, and the exclusive or of another one. */
  readonly #sum = new NumberColumn();
  readonly #xor = new NumberColumn();
  readonly #isIndexed = new ByteColumn();
  /** The hash under which an indexed conversation is in the index. */
  readonly #indexedAs = new NumberColumn();
  readonly #index = new RowIndex((conversation) => this.#indexedAs.get(conversation));

  constructor(key: HashKey) {
    this.#key = key;
  }

  get bytes(): number {
    const columns = this.#sum.bytes + this.#xor.bytes + this.#isIndexed.bytes;
    return columns + this.#indexedAs.bytes + this.#index.bytes;
  }

  add(conversation: number, user: number): void {
    this.#sum.set(conversation, this.#sum.get(conversation) + this.#first(user));
    this.#xor.set(conversation, this.#xor.get(conversation) ^ this.#second(user));
  }

  remove(conversation: number, user: number): void {
    this.#sum.set(conversation, this.#sum.get(conversation) - this.#first(user));
    this.#xor.set(conversation, this.#xor.get(conversation) ^ this.#second(user));
  }

  /** Removes all participants. */
  clear(conversation: number): void {
    this.#sum.set(conversation, 0);
    this.#xor.set(conversation, 0);
  }

  /** Whether the conversation is found by its set as it is now. Call it again when the set has changed. */
  index(conversation: number, isFound: boolean): void {
    if (this.#isIndexed.get(conversation) === 1) this.#index.remove(conversation);
    this.#isIndexed.set(conversation, isFound ? 1 : 0);
    if (!isFound) return;
    this.#indexedAs.set(conversation, hashPair(this.#sum.get(conversation), this.#xor.get(conversation)));
    this.#index.insert(conversation);
  }

  /** The indexed conversation of exactly these users, each given once, that the comparison accepts; 0 if there is none. */
  find(users: readonly number[], isSame: (conversation: number) => boolean): number {
    let sum = 0;
    let xor = 0;
    for (const user of users) {
      sum = (sum + this.#first(user)) >>> 0;
      xor = (xor ^ this.#second(user)) >>> 0;
    }
    return this.#index.find(
      hashPair(sum, xor),
      (conversation) =>
        this.#sum.get(conversation) === sum && this.#xor.get(conversation) === xor && isSame(conversation),
    );
  }

  #first(user: number): number {
    return hashPair(hashPair(user, this.#key[0]), this.#key[1]);
  }

  #second(user: number): number {
    return hashPair(hashPair(user, this.#key[2]), this.#key[3]);
  }
}
