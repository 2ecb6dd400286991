/**
 * Calls thousands of subscribers in batches, such as all open streams with a heartbeat. Requests that arrive meanwhile
 * are served between two batches instead of after the last one.
 */
import { setImmediate } from 'node:timers/promises';

/** Refreshing this many badges takes a few milliseconds. */
const batchSize = 100;

/** Calls `visit` for each subscriber, in order. Those that are added meanwhile are not visited. */
export async function fanOut<T>(subscribers: Iterable<T>, visit: (subscriber: T) => void): Promise<void> {
  let visited = 0;
  for (const subscriber of [...subscribers]) {
    if (visited > 0 && visited % batchSize === 0) await setImmediate();
    visited += 1;
    visit(subscriber);
  }
}
