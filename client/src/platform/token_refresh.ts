// Refresh tokens are good for one use, and a second use revokes them all. So however many requests find their token
// expired at once, in however many tabs, one refreshes and the others take its result.

export class SingleFlight<Result> {
  #running: Promise<Result> | undefined;

  run(work: () => Promise<Result>): Promise<Result> {
    this.#running ??= work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}

const STORAGE_TRAVELS_MS = 100;

/**
 * Runs `work` while no other tab of the origin does, and tells it whether another one did so just before. Tabs are
 * processes: what one writes into localStorage reaches the others a moment later. So the lock is kept for that moment
 * after work that wrote, which resolves with true; and whoever had to wait knows that there is something to be seen.
 */
export function alone(
  name: string,
  shared: boolean,
  work: (afterAnother: boolean) => Promise<boolean>,
): Promise<boolean> {
  // Browsers offer locks to secure contexts only; without them, a page can still keep order within itself.
  if (!shared || typeof navigator === 'undefined' || navigator.locks === undefined) return work(false);
  const { locks } = navigator;
  return new Promise((resolve, reject) => {
    const run = async (afterAnother: boolean) => {
      const done = work(afterAnother);
      done.then(resolve, reject);
      if (await done.catch(() => false)) await pause(STORAGE_TRAVELS_MS);
      return true;
    };
    locks
      .request(name, { ifAvailable: true }, (lock) => lock !== null && run(false))
      .then((ran) => ran || locks.request(name, () => run(true)))
      .catch(reject);
  });
}

/** Waits for something that is on its way, for a second at most. */
export async function soon(isThere: () => boolean): Promise<void> {
  for (let waited = 0; waited < 1000 && !isThere(); waited += 20) await pause(20);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
