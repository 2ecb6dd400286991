/** Token buckets for devices: how often a local push service takes a push to one device before it throttles it. */

export interface BucketLimit {
  /** So many pushes at once … */
  readonly burst: number;
  /** … and one more for each time that is over. */
  readonly refillMs: number;
}

/** FCM's limit for one device: 240 messages a minute. Beyond it, FCM responds with 429. */
export const fcmDeviceLimit: BucketLimit = { burst: 240, refillMs: 250 };
/** FCM's limit for collapsible messages to one device. Beyond it, FCM responds with 200 and delivers later. */
export const fcmCollapsibleLimit: BucketLimit = { burst: 20, refillMs: 180_000 };

export class Buckets {
  readonly #limit: BucketLimit;
  /** When the bucket of each device is full again. */
  readonly #fullAt = new Map<string, number>();

  constructor(limit: BucketLimit) {
    this.#limit = limit;
  }

  /** When the device may get a push; not later than `now` if it may get one now. */
  readyAt(device: string, now: number): number {
    const { burst, refillMs } = this.#limit;
    return Math.max(now, this.#fullAt.get(device) ?? now) - (burst - 1) * refillMs;
  }

  /** False, without effect, if the device has to wait. */
  take(device: string, now: number): boolean {
    if (this.readyAt(device, now) > now) return false;
    this.#fullAt.set(device, Math.max(now, this.#fullAt.get(device) ?? now) + this.#limit.refillMs);
    return true;
  }
}

/**
 * Collapsible messages that are delayed: each device gets what its bucket allows, the newest number first, and the ones
 * in between never.
 */
export class DelayedBadges {
  readonly #buckets: Buckets;
  readonly #shown = new Map<string, number>();
  readonly #delayed = new Map<string, number>();

  constructor(limit: BucketLimit) {
    this.#buckets = new Buckets(limit);
  }

  accept(device: string, badge: number, now: number): void {
    this.#deliverDelayed(device, now);
    if (this.#buckets.take(device, now)) this.#shown.set(device, badge);
    else this.#delayed.set(device, badge);
  }

  /** A message that is not collapsible is never delayed. Its number is newer than one that is. */
  pass(device: string, badge: number): void {
    this.#delayed.delete(device);
    this.#shown.set(device, badge);
  }

  /** The number that the device shows; undefined if it has none yet. */
  shown(device: string, now: number): number | undefined {
    this.#deliverDelayed(device, now);
    return this.#shown.get(device);
  }

  /** Whether the newest number that was accepted for the device is still to be delivered. */
  isDelayed(device: string, now: number): boolean {
    this.#deliverDelayed(device, now);
    return this.#delayed.has(device);
  }

  #deliverDelayed(device: string, now: number): void {
    const badge = this.#delayed.get(device);
    const at = this.#buckets.readyAt(device, now);
    if (badge === undefined || at > now) return;
    this.#delayed.delete(device);
    this.#buckets.take(device, now);
    this.#shown.set(device, badge);
  }
}
