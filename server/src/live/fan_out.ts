/** Calls thousands of subscribers in slices, such as all open streams with a heartbeat. Others are served in between. */
import { SlicedWork } from '../slices.js';

/**
 * Calls `visit` for each subscriber, in order. Those that are added meanwhile are not visited. The owner is the app that
 * the work is for, or '' for all apps.
 */
export async function fanOut<T>(
  owner: string,
  subscribers: Iterable<T>,
  visit: (subscriber: T) => void,
): Promise<void> {
  const work = new SlicedWork(owner);
  for (const subscriber of [...subscribers]) {
    // Awaited also within a slice: what a visit continues in microtasks then runs within this slice.
    await work.pause();
    visit(subscriber);
  }
}
