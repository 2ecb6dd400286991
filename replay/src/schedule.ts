/**
 * Chooses the operation to send next, in the order of the plan. In one conversation, each operation waits for the
 * response to the one before; conversations do not wait for each other.
 */
import type { OperationList } from './operations.js';

/** Operations that may wait for busy conversations. Enough for a burst in one conversation, and still close to the plan's order. */
const maxWaiting = 20_000;

export class Schedule {
  readonly #operations: OperationList;
  /** By conversation with an operation in flight: the operations that wait for it. */
  readonly #busy = new Map<number, number[]>();
  /** Operations whose conversation has become free, oldest first. */
  #ready: number[] = [];
  #cursor = 0;
  #waiting = 0;

  constructor(operations: OperationList) {
    this.#operations = operations;
  }

  /** The index of an operation to send now, or undefined if all must wait for a response. */
  next(): number | undefined {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    while (this.#cursor < this.#operations.length && this.#waiting < maxWaiting) {
      const index = this.#cursor;
      this.#cursor += 1;
      const conversation = this.#operations.conversationAt(index);
      const waiting = this.#busy.get(conversation);
      if (waiting === undefined) {
        this.#busy.set(conversation, []);
        return index;
      }
      waiting.push(index);
      this.#waiting += 1;
    }
    return undefined;
  }

  /** The operation has its response: the next one of its conversation may be sent. */
  finished(index: number): void {
    const conversation = this.#operations.conversationAt(index);
    const waiting = this.#busy.get(conversation);
    const next = waiting?.shift();
    if (next === undefined) {
      this.#busy.delete(conversation);
      return;
    }
    this.#waiting -= 1;
    this.#ready.push(next);
  }
}
