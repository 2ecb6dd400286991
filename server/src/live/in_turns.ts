/**
 * Work that is the same for thousands, such as a heartbeat, done for some at a time: requests that arrive
 * meanwhile are served in between, instead of after the last one.
 */
import { setImmediate } from 'node:timers/promises';

/** A few milliseconds of reading and telling badges. */
const atOnce = 100;

export async function inTurns<T>(all: Iterable<T>, visit: (one: T) => void): Promise<void> {
  let visited = 0;
  for (const one of [...all]) {
    if (visited > 0 && visited % atOnce === 0) await setImmediate();
    visited += 1;
    visit(one);
  }
}
