/**
 * A refresh token can be used once; a second use revokes the whole login. So of all requests that find their token
 * expired at once, in all tabs, one refreshes and the others take its result.
 */
export class SingleFlight<Result> {
  #running: Promise<Result> | undefined;

  run(work: () => Promise<Result>): Promise<Result> {
    this.#running ??= work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}

/** How long what one tab writes into localStorage takes to reach the others. */
const STORAGE_DELAY_MS = 100;

/**
 * Runs `work` while no other tab of the origin does. `work` is given whether another tab ran it just before, and
 * resolves with whether it wrote into localStorage: the lock is then held until the other tabs can read that.
 */
export function oneTabAtATime(
  name: string,
  shared: boolean,
  work: (afterAnother: boolean) => Promise<boolean>,
): Promise<boolean> {
  // Browsers have locks in secure contexts only; without them, the page is ordered within itself.
  if (!shared || typeof navigator === 'undefined' || navigator.locks === undefined) return work(false);
  const { locks } = navigator;
  return new Promise((resolve, reject) => {
    const run = async (afterAnother: boolean) => {
      const done = work(afterAnother);
      done.then(resolve, reject);
      if (await done.catch(() => false)) await pause(STORAGE_DELAY_MS);
      return true;
    };
    locks
      .request(name, { ifAvailable: true }, (lock) => lock !== null && run(false))
      .then((ran) => ran || locks.request(name, () => run(true)))
      .catch(reject);
  });
}

/** Resolves once `isThere` returns true, or after a second. */
export async function eventually(isThere: () => boolean): Promise<void> {
  for (let waited = 0; waited < 1000 && !isThere(); waited += 20) await pause(20);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
