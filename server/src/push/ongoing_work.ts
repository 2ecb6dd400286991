/** The asynchronous work that is running, so that its end can be awaited. */
export class OngoingWork {
  readonly #work = new Set<Promise<void>>();

  /** Returns the work itself. */
  add<T>(work: Promise<T>): Promise<T> {
    const ended: Promise<void> = work.then(
      () => this.#end(ended),
      () => this.#end(ended),
    );
    this.#work.add(ended);
    return work;
  }

  #end(work: Promise<void>): void {
    this.#work.delete(work);
  }

  /** Resolves once no work is running, including work that began meanwhile. */
  async ended(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}

/** Resolves after what waits now, such as requests, was served. */
export function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
