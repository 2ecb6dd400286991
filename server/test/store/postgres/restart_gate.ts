/**
 * Sequences that run side by side share their nodes, and one of them restarts a node under the others. A claim holds only while
 * its node is there: no node restarts in the middle of a step about claims, and each step is told how many have restarted.
 */
export class RestartGate {
  #restarts = 0;
  #inside = 0;
  #restarting: Promise<void> | undefined;
  #onEmpty = () => {};

  /** Runs the step while no node restarts. */
  async step<V>(work: (restarts: number) => Promise<V>): Promise<V> {
    while (this.#restarting !== undefined) await this.#restarting;
    this.#inside += 1;
    try {
      return await work(this.#restarts);
    } finally {
      this.#inside -= 1;
      if (this.#inside === 0) this.#onEmpty();
    }
  }

  /** Waits for the steps that have begun. Those that begin meanwhile wait for it. */
  async restart(work: () => Promise<void>): Promise<void> {
    while (this.#restarting !== undefined) await this.#restarting;
    const done = this.#whenEmpty().then(work);
    this.#restarting = done
      .catch(() => {})
      .then(() => {
        this.#restarts += 1;
        this.#restarting = undefined;
      });
    await done;
    await this.#restarting;
  }

  async #whenEmpty(): Promise<void> {
    if (this.#inside === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }
}
