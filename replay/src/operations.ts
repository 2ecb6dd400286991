/**
 * The operations of a replay, in the order in which a backend would send them. They are stored in four typed
 * columns, because a list of a million objects would be large.
 */
export const operationKinds = {
  createConversation: 0,
  addParticipant: 1,
  sendMessage: 2,
  markAllRead: 3,
  readMessage: 4,
  deleteMessage: 5,
} as const;

export type Kind = (typeof operationKinds)[keyof typeof operationKinds];

export interface Operation {
  readonly kind: Kind;
  readonly conversation: number;
  /** The user who creates, joins, sends or reads. A deletion has no user: 0. */
  readonly user: number;
  /** The position of the message sent, read or deleted, or the position to read up to; otherwise 0. */
  readonly position: number;
}

const allKinds: readonly Kind[] = Object.values(operationKinds);
const initialCapacity = 1_024;

export class OperationList implements Iterable<Operation> {
  #kinds = new Uint8Array(initialCapacity);
  #conversations = new Uint32Array(initialCapacity);
  #users = new Uint32Array(initialCapacity);
  #positions = new Uint32Array(initialCapacity);
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
    const kind = allKinds[this.#kinds[index] ?? allKinds.length];
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
    this.#conversations = grown(this.#conversations, capacity);
    this.#users = grown(this.#users, capacity);
    this.#positions = grown(this.#positions, capacity);
  }
}

function grown(column: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(capacity);
  copy.set(column);
  return copy;
}
