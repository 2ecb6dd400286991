/**
 * Whether an app's memory may be read, where a commit takes time: between a decision and the end of its commit, memory is
 * ahead of the log; after an append that failed, it may differ from it for good.
 */
export class Visibility {
  #state: 'durable' | 'ahead' | 'lost' = 'durable';
  #waiting: (() => void)[] = [];

  get state(): 'durable' | 'ahead' | 'lost' {
    return this.#state;
  }

  /** Events were applied that are not durable yet. */
  advance(): void {
    if (this.#state !== 'durable') throw new Error(`memory is ${this.#state}`);
    this.#state = 'ahead';
  }

  /** What was applied is durable. */
  commit(): void {
    if (this.#state === 'ahead') this.#become('durable');
  }

  /** The memory is not used any more. */
  lose(): void {
    this.#become('lost');
  }

  /** Resolves once it is no longer ahead. It may be again by the time that the caller runs: ask for the state. */
  settled(): Promise<void> {
    if (this.#state !== 'ahead') return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #become(state: 'durable' | 'lost'): void {
    this.#state = state;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
