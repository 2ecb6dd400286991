/** A clock that stands still until its test moves it: what would take an hour takes no time, and nothing is missed. */
import type { Clock } from '../../src/push/clock.js';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class TestClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves on, timer by timer; before the first and after each one, `settled` is awaited. */
  async advance(byMs: number, settled: () => Promise<void> = async () => {}): Promise<void> {
    const end = this.#now + byMs;
    await settled();
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.run();
      await settled();
    }
    this.#now = end;
  }

  /** The earliest; of those of one moment, the one that was set first. */
  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}
