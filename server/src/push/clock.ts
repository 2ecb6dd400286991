/** Time for everything that waits. It only goes forward, whatever is done to the time of day. A test owns its own. */
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Milliseconds since an arbitrary moment, not a time of day. Never goes back. */
  now(): number;
  /** Calls `run` once, `delayMs` from now, and does not keep the process alive. Returns what cancels it. */
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
