/**
 * What is on its way to each address. A device that registers under another id keeps its address: what was sent
 * to it under the old id may arrive after what is sent under the new one.
 */
import type { Address } from '../device_address.js';

export class OnTheWay {
  /** Until when something may yet arrive; without end while a push is under way. */
  readonly #until = new Map<string, number>();

  /** False while another push to the address is under way. Otherwise ours is, until it is `done`. */
  begin(address: Address): boolean {
    const key = keyOf(address);
    if (this.#until.get(key) === Number.POSITIVE_INFINITY) return false;
    this.#until.set(key, Number.POSITIVE_INFINITY);
    return true;
  }

  /** Until when something may yet arrive that had no answer; 0 if there is nothing. */
  doubtUntil(address: Address): number {
    const until = this.#until.get(keyOf(address)) ?? 0;
    return until === Number.POSITIVE_INFINITY ? 0 : until;
  }

  done(address: Address, doubtUntil: number, now: number): void {
    if (doubtUntil > now) this.#until.set(keyOf(address), doubtUntil);
    else this.#until.delete(keyOf(address));
  }

  /** Lets go of what has arrived by now, or never will. */
  forgetBefore(now: number): void {
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
  }
}

function keyOf(address: Address): string {
  return address.platform === 'webpush' ? address.endpoint : address.token;
}
