/**
 * The pushes in flight to each push target. A device that registers with another id has the same target: a push to
 * the old id may arrive after a push to the new one.
 */
import type { PushTarget } from '../push_target.js';

export class InFlight {
  /** Until when a push may still arrive; infinite while one is in flight. */
  readonly #until = new Map<string, number>();

  /** False while another push to the target is in flight. Otherwise ours is, until `end`. */
  begin(target: PushTarget): boolean {
    const key = keyOf(target);
    if (this.#until.get(key) === Number.POSITIVE_INFINITY) return false;
    this.#until.set(key, Number.POSITIVE_INFINITY);
    return true;
  }

  /** Until when a push without a response may still arrive; 0 if there is none. */
  doubtUntil(target: PushTarget): number {
    const until = this.#until.get(keyOf(target)) ?? 0;
    return until === Number.POSITIVE_INFINITY ? 0 : until;
  }

  end(target: PushTarget, doubtUntil: number, now: number): void {
    if (doubtUntil > now) this.#until.set(keyOf(target), doubtUntil);
    else this.#until.delete(keyOf(target));
  }

  /** Drops pushes whose time to arrive is over. */
  forgetBefore(now: number): void {
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
  }
}

function keyOf(target: PushTarget): string {
  return target.platform === 'webpush' ? target.endpoint : target.token;
}
