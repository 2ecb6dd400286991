/**
 * The operations of a replay, in the order in which they happened: what a backend would have sent. A list
 * of a million of them must be small, so each is a row of four typed columns instead of an object.
 */
export const KIND = {
  createConversation: 0,
  addParticipant: 1,
  sendMessage: 2,
  markAllRead: 3,
  readMessage: 4,
  deleteMessage: 5,
} as const;

export type Kind = (typeof KIND)[keyof typeof KIND];

export interface Operation {
  readonly kind: Kind;
  readonly conversation: number;
  /** Who is the first participant, joins, sends or reads. For a deletion: nobody, 0. */
  readonly user: number;
  /** The position of the message sent, read or deleted, or up to which all is read; otherwise 0. */
  readonly position: number;
}

const KINDS: readonly Kind[] = Object.values(KIND);
const FIRST_CAPACITY = 1_024;

export class OperationList implements Iterable<Operation> {
  #kinds = new Uint8Array(FIRST_CAPACITY);
  #conversations = new Uint32Array(FIRST_CAPACITY);
  #users = new Uint32Array(FIRST_CAPACITY);
  #positions = new Uint32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(kind: Kind, conversation: number, user: number, position: number): void {
    if (this.#length === this.#kinds.length) this.#grow();
    this.#kinds[this.#length] = kind;
    this.#conversations[this.#length] = conversation;
    this.#users[this.#length] = user;
    this.#positions[this.#length] = position;
    this.#length += 1;
  }

  at(index: number): Operation {
    const kind = KINDS[this.#kinds[index] ?? KINDS.length];
    if (kind === undefined || index >= this.#length) throw new RangeError(`There is no operation ${index}.`);
    return {
      kind,
      conversation: this.conversationAt(index),
      user: this.#users[index] ?? 0,
      position: this.#positions[index] ?? 0,
    };
  }

  conversationAt(index: number): number {
    return this.#conversations[index] ?? 0;
  }

  *[Symbol.iterator](): Generator<Operation> {
    for (let index = 0; index < this.#length; index += 1) yield this.at(index);
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#conversations = longer(this.#conversations, capacity);
    this.#users = longer(this.#users, capacity);
    this.#positions = longer(this.#positions, capacity);
  }
}

function longer(column: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(capacity);
  copy.set(column);
  return copy;
}
