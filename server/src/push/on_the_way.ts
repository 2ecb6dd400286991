/**
 * What is on its way to each target. A device that registers under another id keeps its target: what was sent
 * to it under the old id may arrive after what is sent under the new one.
 */
import type { PushTarget } from '../push_target.js';

export class OnTheWay {
  /** Until when something may yet arrive; without end while a push is under way. */
  readonly #until = new Map<string, number>();

  /** False while another push to the target is under way. Otherwise ours is, until it is `done`. */
  begin(target: PushTarget): boolean {
    const key = keyOf(target);
    if (this.#until.get(key) === Number.POSITIVE_INFINITY) return false;
    this.#until.set(key, Number.POSITIVE_INFINITY);
    return true;
  }

  /** Until when something may yet arrive that had no answer; 0 if there is nothing. */
  doubtUntil(target: PushTarget): number {
    const until = this.#until.get(keyOf(target)) ?? 0;
    return until === Number.POSITIVE_INFINITY ? 0 : until;
  }

  done(target: PushTarget, doubtUntil: number, now: number): void {
    if (doubtUntil > now) this.#until.set(keyOf(target), doubtUntil);
    else this.#until.delete(keyOf(target));
  }

  /** Lets go of what has arrived by now, or never will. */
  forgetBefore(now: number): void {
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
  }
}

function keyOf(target: PushTarget): string {
  return target.platform === 'webpush' ? target.endpoint : target.token;
}
