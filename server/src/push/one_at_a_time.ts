/**
 * Work that goes on once at a time for each key. Asked for while it goes on, it is done once more afterwards: what
 * happened in between may have come too late for the one under way.
 */
export class OneAtATime {
  readonly #isWantedAgain = new Map<string, boolean>();

  /** Resolves at once where it is under way already. */
  async run(key: string, work: () => Promise<void>): Promise<void> {
    if (this.#isWantedAgain.has(key)) {
      this.#isWantedAgain.set(key, true);
      return;
    }
    try {
      do {
        this.#isWantedAgain.set(key, false);
        await work();
      } while (this.#isWantedAgain.get(key) === true);
    } finally {
      this.#isWantedAgain.delete(key);
    }
  }
}
