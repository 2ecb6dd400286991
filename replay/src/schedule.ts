/**
 * Which operation may be sent next. Operations of one conversation go strictly one after the other, each
 * after the answer to the one before; conversations do not wait for one another. Within that, the order is
 * the order of the plan, looking only so far ahead past busy conversations.
 */
import type { OperationList } from './operations.js';

/** Enough to keep every lane busy during a burst in one conversation, and still close to the plan's order. */
const MOST_PARKED = 20_000;

export class Schedule {
  readonly #operations: OperationList;
  /** For every conversation with an operation under way: the operations that wait for it. */
  readonly #busy = new Map<number, number[]>();
  /** Operations whose conversation has become free, in the order in which that happened. */
  #ready: number[] = [];
  #cursor = 0;
  #parked = 0;

  constructor(operations: OperationList) {
    this.#operations = operations;
  }

  /** The index of an operation to send now, or undefined if every one has to wait for another's answer. */
  next(): number | undefined {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    while (this.#cursor < this.#operations.length && this.#parked < MOST_PARKED) {
      const index = this.#cursor;
      this.#cursor += 1;
      const conversation = this.#operations.conversationAt(index);
      const waiting = this.#busy.get(conversation);
      if (waiting === undefined) {
        this.#busy.set(conversation, []);
        return index;
      }
      waiting.push(index);
      this.#parked += 1;
    }
    return undefined;
  }

  /** The operation has been answered: the next one of its conversation may go. */
  finished(index: number): void {
    const conversation = this.#operations.conversationAt(index);
    const waiting = this.#busy.get(conversation);
    const next = waiting?.shift();
    if (next === undefined) {
      this.#busy.delete(conversation);
      return;
    }
    this.#parked -= 1;
    this.#ready.push(next);
  }
}
