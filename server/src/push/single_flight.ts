/**
 * Work that runs at most once at a time for each key. Requested while it runs, it runs once more afterwards: what
 * happened in between may have come too late for the run before.
 */
export class SingleFlight {
  readonly #isWantedAgain = new Map<string, boolean>();

  /** Resolves at once where it runs already. */
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
