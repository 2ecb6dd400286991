/** The clock of timers. It only goes forward, even if the system time is set back. Tests supply their own. */
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Milliseconds since an arbitrary moment, not a time of day. Never goes back. */
  now(): number;
  /** Calls `run` once, `delayMs` from now. The process may end before. Returns a function that cancels it. */
  setTimeout(run: () => void, delayMs: number): () => void;
}

export const monotonicClock: Clock = {
  now: () => performance.now(),
  setTimeout(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves `delayMs` from now. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, delayMs);
  });
}
