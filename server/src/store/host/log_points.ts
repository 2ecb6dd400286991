/** The places of an app's log that memory has seen last. If the database comes back without events, they show which ones. */
import type { LogPoint } from '../shared_engine.js';

/** A standby that took over lags by seconds, not by more. */
const storedMs = 30_000;

export class LogPoints {
  #points: (LogPoint & { readonly addedAt: number })[] = [];
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The newest one. If a log has it, it has everything before it, and everything of its batch. */
  get last(): LogPoint | undefined {
    return this.#points.at(-1);
  }

  /** Those of the last half minute, in the order of the log, and maybe some that are older. */
  all(): readonly LogPoint[] {
    return this.#points;
  }

  has(point: LogPoint): boolean {
    return this.#points.some(({ seq, batch }) => seq === point.seq && batch === point.batch);
  }

  add({ seq, batch }: LogPoint): void {
    const now = this.#now();
    const [first] = this.#points;
    // Not each time, so that adding one costs the same however many there are.
    if (first !== undefined && first.addedAt < now - 2 * storedMs)
      this.#points = this.#points.filter(({ addedAt }) => addedAt >= now - storedMs);
    this.#points.push({ seq, batch, addedAt: now });
  }
}
