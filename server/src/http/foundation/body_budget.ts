/**
 * The memory of all request bodies that are still arriving. Each caller may hold as much as it leaves free for all others:
 * one caller at most half of the memory, each of two a third, and there is always some for the next.
 */

export class BodyBudget {
  readonly #bytes: number;
  readonly #held = new Map<string, number>();
  #used = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Bytes held by all callers together. */
  get used(): number {
    return this.#used;
  }

  /** What this caller holds. */
  heldBy(caller: string): number {
    return this.#held.get(caller) ?? 0;
  }

  /** False if it is too much now; nothing is taken then. */
  take(caller: string, bytes: number): boolean {
    const held = this.heldBy(caller) + bytes;
    const used = this.#used + bytes;
    if (held > this.#bytes - used) return false;
    this.#used = used;
    this.#held.set(caller, held);
    return true;
  }

  /** Gives back what was taken. */
  release(caller: string, bytes: number): void {
    const held = this.heldBy(caller) - bytes;
    this.#used -= bytes;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
  }
}
