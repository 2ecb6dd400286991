/**
 * Work that runs at most once at a time for each key. If it is requested while it runs, it runs once more afterwards,
 * because the current run may have missed the latest changes.
 */
export class SingleFlight {
  readonly #isWantedAgain = new Map<string, boolean>();

  /** Resolves at once if the work is already running. */
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
