/**
 * How many pushes one app's transport may have under way. A provider that does not answer, or refuses our
 * credentials, is left alone for a while, then asked with one push; when it answers, the number grows again
 * step by step, so that an outage ends without a storm. No clock of its own.
 */
export interface BreakerLimits {
  /** Pushes under way at once while all is well. */
  readonly concurrency: number;
  /** So many failures in a row, with no success between, and the transport rests. */
  readonly failures: number;
  readonly misconfigurations: number;
  readonly firstRestMs: number;
  readonly longestRestMs: number;
}

export const defaultBreakerLimits: BreakerLimits = {
  concurrency: 100,
  failures: 10,
  misconfigurations: 3,
  firstRestMs: 1_000,
  longestRestMs: 60_000,
};

export interface Rest {
  readonly kind: 'unreachable' | 'misconfigured';
  readonly reason: string;
  /** When the first of the failures in a row was. */
  readonly since: number;
  /** When it is asked again. */
  readonly until: number;
}

export class Breaker {
  readonly #limits: BreakerLimits;
  #allowed: number;
  #failures = 0;
  #misconfigurations = 0;
  #rests = 0;
  #since = 0;
  #rest: Rest | undefined;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
    this.#allowed = limits.concurrency;
  }

  /** Undefined while all is well. */
  get rest(): Rest | undefined {
    return this.#rest;
  }

  /** How many may be under way now. */
  allowed(now: number): number {
    if (this.#rest === undefined) return this.#allowed;
    return now >= this.#rest.until ? 1 : 0;
  }

  success(): void {
    this.#allowed = this.#rest === undefined ? Math.min(this.#limits.concurrency, this.#allowed + 1) : 2;
    this.#failures = 0;
    this.#misconfigurations = 0;
    this.#rests = 0;
    this.#rest = undefined;
  }

  failure(kind: Rest['kind'], reason: string, now: number): void {
    if (this.#failures + this.#misconfigurations === 0) this.#since = now;
    if (kind === 'misconfigured') this.#misconfigurations += 1;
    else this.#failures += 1;
    const isMisconfigured = this.#misconfigurations >= this.#limits.misconfigurations;
    if (!isMisconfigured && this.#failures < this.#limits.failures) return;
    // Those that were under way when the rest began say nothing new.
    if (this.#rest !== undefined && now < this.#rest.until) return;
    const length = Math.min(this.#limits.longestRestMs, this.#limits.firstRestMs * 2 ** this.#rests);
    this.#rests += 1;
    this.#rest = {
      kind: isMisconfigured ? 'misconfigured' : 'unreachable',
      reason,
      since: this.#since,
      until: now + length,
    };
  }
}
