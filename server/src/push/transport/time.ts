/**
 * The two times of a transport. What has an age (a signed token, a failed connection) is measured by a clock that only
 * goes forward; what a provider reads (when a token was issued) is the time of day.
 */
import { performance } from 'node:perf_hooks';

export interface Time {
  /** The time of day, in milliseconds since 1970. It can be set, forward and back. */
  readonly now: () => number;
  /** Milliseconds since an arbitrary moment. Never goes back. */
  readonly clock: () => number;
}

/** What is given in place of the machine's own times, as in tests. */
export function timeOf({ now = Date.now, clock = () => performance.now() }: Partial<Time>): Time {
  return { now, clock };
}

/** A step of the time of day by less than this is no step: clocks are adjusted by small amounts all the time. */
const stepMs = 60_000;

/** A moment, by both. */
export class Moment {
  readonly timeOfDay: number;
  readonly #clock: number;

  constructor({ now, clock }: Time) {
    this.timeOfDay = now();
    this.#clock = clock();
  }

  ageMs({ clock }: Time): number {
    return clock() - this.#clock;
  }

  /** Whether the time of day was set since then: what was signed with the time of that moment may be wrong. */
  isBeforeAStep(time: Time): boolean {
    return Math.abs(time.now() - this.timeOfDay - this.ageMs(time)) >= stepMs;
  }
}
