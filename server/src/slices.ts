/**
 * Long work in slices, with other requests served in between. Of all sliced work in the process, one slice runs per turn
 * of the event loop, and the owners (apps) take turns: many long requests of one app do not add up to one long pause.
 */
import { currentAccount, spendOn } from './loop_time.js';

/** Short enough that several slices and what runs between them stay below 25 ms, long enough that a turn is worth it. */
export const sliceMs = 5;

/** The work that waits for its next slice, by owner. The next owner is the first. */
const waiting = new Map<string, (() => void)[]>();
let isScheduled = false;

/**
 * One long piece of work, such as a request. Steps between two calls of `pause` must take well below a millisecond each.
 *
 * @example
 * const work = new SlicedWork(app);
 * for (const user of users) {
 *   await work.pause();
 *   badges.push(badgeOf(user));
 * }
 */
export class SlicedWork {
  readonly #owner: string;
  readonly #account = currentAccount();
  #sliceEnds = performance.now() + sliceMs;

  /** The owner is whom the work is for: the id of an app, or '' for the service itself. */
  constructor(owner: string) {
    this.#owner = owner;
  }

  /**
   * Call before each step, and await the result. Returns undefined until this slice's 5 ms are over; then a promise that
   * resolves when the next slice begins.
   */
  pause(): Promise<void> | undefined {
    return performance.now() < this.#sliceEnds ? undefined : this.#nextSlice();
  }

  async #nextSlice(): Promise<void> {
    await nextTurn(this.#owner);
    spendOn(this.#account);
    this.#sliceEnds = performance.now() + sliceMs;
  }
}

/**
 * Like `items.map(step)`, in slices: of its own for an owner, or as a part of a longer piece of work. Resolves with the
 * results in order; rejects with the first error of a step.
 */
export async function mapInSlices<T, R>(
  ownerOrWork: string | SlicedWork,
  items: Iterable<T>,
  step: (item: T) => R,
): Promise<R[]> {
  const work = typeof ownerOrWork === 'string' ? new SlicedWork(ownerOrWork) : ownerOrWork;
  const results: R[] = [];
  for (const item of items) {
    const pause = work.pause();
    if (pause !== undefined) await pause;
    results.push(step(item));
  }
  return results;
}

function nextTurn(owner: string): Promise<void> {
  return new Promise((resolve) => {
    const own = waiting.get(owner);
    if (own === undefined) waiting.set(owner, [resolve]);
    else own.push(resolve);
    schedule();
  });
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(runNext);
}

/** Starts one slice. Its owner moves to the end. */
function runNext(): void {
  isScheduled = false;
  const [owner, own] = waiting.entries().next().value ?? [];
  if (owner === undefined || own === undefined) return;
  const resume = own.shift();
  waiting.delete(owner);
  if (own.length > 0) waiting.set(owner, own);
  if (waiting.size > 0) schedule();
  resume?.();
}
