/**
 * How often each device may get its number alone. A provider that delays the pushes of a chatty device without a word
 * would be believed to have delivered them; so such a device is held back here, and gets the newest number as soon as
 * its provider delivers it. Pure: times are the caller's, of a clock that only goes forward. It is in memory only: after
 * a restart every device has its whole burst again, and what a provider then delays arrives some minutes late.
 */
import type { Pace } from './transport/capabilities.js';

/** A few megabytes. Beyond it, the device that was last pushed to longest ago has its whole burst again. */
const defaultMaxDevices = 100_000;

export class DevicePace {
  readonly #pace: Pace;
  readonly #maxDevices: number;
  /** When each device has its whole burst again, least recently pushed to first. Devices that have it are left out. */
  readonly #fullAt = new Map<string, number>();

  constructor(pace: Pace, maxDevices = defaultMaxDevices) {
    this.#pace = pace;
    this.#maxDevices = maxDevices;
  }

  /** How many devices do not have their whole burst. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** When the device may get the next push; `now` if it may at once. */
  readyAt(device: string, now: number): number {
    const { burst, refillMs } = this.#pace;
    return Math.max(now, (this.#fullAt.get(device) ?? now) - (burst - 1) * refillMs);
  }

  /** Counts a push that the device's provider accepted. One that was not to wait may overdraw: the next waits longer. */
  take(device: string, now: number): void {
    const fullAt = Math.max(now, this.#fullAt.get(device) ?? now) + this.#pace.refillMs;
    this.#fullAt.delete(device);
    this.#fullAt.set(device, fullAt);
    if (this.#fullAt.size > this.#maxDevices) this.#forgetOldest();
  }

  /** To be called regularly. Drops devices that have their whole burst again. */
  tidy(now: number): void {
    for (const [device, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(device);
  }

  #forgetOldest(): void {
    for (const device of this.#fullAt.keys()) {
      this.#fullAt.delete(device);
      return;
    }
  }
}
