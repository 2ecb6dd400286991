/**
 * Which requests may run in this turn of the event loop, while several apps want it. In each turn, an app may spend a
 * window of so many milliseconds. Its other requests wait for the next turns, in which each app gets its window: a request
 * of one app waits for no more than the windows of the others, however many requests they have, and apps that always
 * want more get equal shares. An app that is alone runs at once. Pure: the caller passes the time and the turn.
 */

export interface ShareOptions {
  /** What an app may spend in one turn while others are active. The request that exceeds it is deducted from the next turn. */
  readonly windowMs?: number;
  /** How many requests of one app may wait. */
  readonly maxWaiting?: number;
}

/** How long an app counts as active after a request. Clients that send one request after another pause in between. */
const activeMs = 1_000;
/** Apps without waiting requests are forgotten once there are this many. */
const maxApps = 10_000;

/** What one app has spent and what waits. */
export class AppShare {
  readonly waiting: (() => void)[] = [];
  readonly #windowMs: number;
  #spentMs = 0;
  #turn = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** A request of the app has taken this much of this turn. */
  spend(ms: number, turn: number): void {
    this.#begin(turn);
    this.#spentMs += ms;
  }

  hasWindow(turn: number): boolean {
    this.#begin(turn);
    return this.#spentMs < this.#windowMs;
  }

  /** Each turn since the last one adds a window, up to one. */
  #begin(turn: number): void {
    this.#spentMs = Math.max(0, this.#spentMs - this.#windowMs * (turn - this.#turn));
    this.#turn = turn;
  }
}

/** A request is to be run at once, waits and is run later by `startNext`, or is refused, because too many wait. */
export type Entry = 'runs' | 'waits' | 'refused';

export class FairShares {
  readonly #windowMs: number;
  readonly #maxWaiting: number;
  readonly #apps = new Map<string, AppShare>();
  /** The apps with waiting requests, in the order in which they are served. */
  readonly #queue = new Set<AppShare>();
  /** The app of the newest request, and when one of another app came last. */
  #newest = '';
  #newestAt = Number.NEGATIVE_INFINITY;
  #otherAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;

  constructor({ windowMs = 10, maxWaiting = 5_000 }: ShareOptions = {}) {
    this.#windowMs = windowMs;
    this.#maxWaiting = maxWaiting;
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.#waiting;
  }

  share(app: string): AppShare {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    if (this.#apps.size >= maxApps) this.#forgetIdle();
    const share = new AppShare(this.#windowMs);
    this.#apps.set(app, share);
    return share;
  }

  /** A request of the app arrives. If it waits, `start` is called when it is its turn. */
  enter(app: string, { nowMs, turn, start }: { nowMs: number; turn: number; start: () => void }): Entry {
    this.#see(app, nowMs);
    const share = this.share(app);
    const isContended = nowMs - this.#otherAt <= activeMs;
    if (share.waiting.length === 0 && (!isContended || share.hasWindow(turn))) return 'runs';
    if (share.waiting.length >= this.#maxWaiting) return 'refused';
    share.waiting.push(start);
    this.#waiting += 1;
    this.#queue.add(share);
    return 'waits';
  }

  /**
   * Starts one waiting request, of the next app that has a part of its window in this turn left. Call it again once this
   * request has spent what it spends at once. False if nothing more may start in this turn.
   */
  startNext(turn: number): boolean {
    for (const share of this.#queue) {
      if (!share.hasWindow(turn)) continue;
      const start = share.waiting.shift();
      this.#queue.delete(share);
      if (share.waiting.length > 0) this.#queue.add(share);
      if (start === undefined) continue;
      this.#waiting -= 1;
      start();
      return true;
    }
    return false;
  }

  #see(app: string, nowMs: number): void {
    if (app !== this.#newest) {
      this.#otherAt = this.#newestAt;
      this.#newest = app;
    }
    this.#newestAt = nowMs;
  }

  #forgetIdle(): void {
    for (const [app, { waiting }] of this.#apps) if (waiting.length === 0) this.#apps.delete(app);
  }
}
