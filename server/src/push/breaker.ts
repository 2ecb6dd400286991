/**
 * The circuit breaker of a lane: how many pushes may be in flight. A provider that does not respond, or refuses our
 * credentials, gets no push for a while, then one as a test. If it accepts that, the number grows again step by
 * step, so that an outage does not end in a burst. Pure: times are the caller's, of a clock that only goes forward.
 */

import type { PauseKind } from '../push_verdict.js';

export interface BreakerLimits {
  /** Pushes in flight at once while all is well. */
  readonly concurrency: number;
  /** So many failures in a row, with no success between, open the breaker. */
  readonly failures: number;
  readonly misconfigurations: number;
  /** The first pause; each one after it is twice as long, up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const defaultBreakerLimits: BreakerLimits = {
  concurrency: 100,
  failures: 10,
  misconfigurations: 3,
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
};

/** The failures since the last success. */
interface Failures {
  readonly unreachable: number;
  readonly misconfigured: number;
  /** When the first of them was. */
  readonly since: number;
}

export interface Pause {
  readonly kind: PauseKind;
  readonly reason: string;
  /** When the first of the failures in a row was. */
  readonly since: number;
  /** When the provider is tried again. */
  readonly pausedUntil: number;
}

export type BreakerState =
  | { readonly name: 'closed'; readonly allowed: number; readonly failures: Failures }
  /** Nothing is sent until `pausedUntil`. */
  | ({ readonly name: 'open'; readonly pauses: number; readonly failures: Failures } & Pause)
  /** One push may be in flight: it tries whether the provider is back. */
  | ({ readonly name: 'half_open'; readonly pauses: number; readonly failures: Failures } & Pause);

export type BreakerEvent =
  /** The provider processed a push, with any verdict. */
  | { readonly type: 'success' }
  | { readonly type: 'failure'; readonly kind: PauseKind; readonly reason: string; readonly now: number }
  /** The current time. */
  | { readonly type: 'time'; readonly now: number }
  /** The credentials changed, so earlier refusals no longer count. */
  | { readonly type: 'renewed' };

type Named<N extends BreakerState['name']> = Extract<BreakerState, { name: N }>;
type Failure = Extract<BreakerEvent, { type: 'failure' }>;

const none: Failures = { unreachable: 0, misconfigured: 0, since: 0 };
/** After a pause, two at a time, then more. */
const recovering: BreakerState = { name: 'closed', allowed: 2, failures: none };

/** The next state. Every pair of state and event has its own case. */
function breakerAfter(state: BreakerState, event: BreakerEvent, limits: BreakerLimits): BreakerState {
  switch (state.name) {
    case 'closed':
      return whileClosed(state, event, limits);
    case 'open':
      return whileOpen(state, event);
    case 'half_open':
      return whileHalfOpen(state, event, limits);
  }
}

function whileClosed(state: Named<'closed'>, event: BreakerEvent, limits: BreakerLimits): BreakerState {
  switch (event.type) {
    case 'success': {
      const allowed = Math.min(limits.concurrency, state.allowed + 1);
      return { name: 'closed', allowed, failures: none };
    }
    case 'failure': {
      const failures = counted(state.failures, event);
      const isTooMany =
        failures.unreachable >= limits.failures || failures.misconfigured >= limits.misconfigurations;
      return isTooMany ? opened(failures, 0, event, limits) : { ...state, failures };
    }
    case 'time':
      return state;
    case 'renewed':
      return { ...state, failures: none };
  }
}

/** A push that ends now was in flight when the breaker opened, so its failure does not count again. */
function whileOpen(state: Named<'open'>, event: BreakerEvent): BreakerState {
  switch (event.type) {
    case 'success':
      return recovering;
    case 'failure':
      return { ...state, failures: counted(state.failures, event) };
    case 'time':
      return event.now < state.pausedUntil ? state : { ...state, name: 'half_open' };
    case 'renewed':
      return recovering;
  }
}

function whileHalfOpen(state: Named<'half_open'>, event: BreakerEvent, limits: BreakerLimits): BreakerState {
  switch (event.type) {
    case 'success':
      return recovering;
    case 'failure':
      return opened(counted(state.failures, event), state.pauses, event, limits);
    case 'time':
      return state;
    case 'renewed':
      return recovering;
  }
}

function counted(failures: Failures, { kind, now }: Failure): Failures {
  const isFirst = failures.unreachable + failures.misconfigured === 0;
  return { ...failures, [kind]: failures[kind] + 1, since: isFirst ? now : failures.since };
}

function opened(
  failures: Failures,
  pauses: number,
  { reason, now }: Failure,
  { misconfigurations, firstPauseMs, longestPauseMs }: BreakerLimits,
): BreakerState {
  const lengthMs = Math.min(longestPauseMs, firstPauseMs * 2 ** pauses);
  return {
    name: 'open',
    kind: failures.misconfigured >= misconfigurations ? 'misconfigured' : 'unreachable',
    reason,
    since: failures.since,
    pausedUntil: now + lengthMs,
    pauses: pauses + 1,
    failures,
  };
}

/** Holds the state of one breaker. */
export class Breaker {
  readonly #limits: BreakerLimits;
  #state: BreakerState;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
    this.#state = { name: 'closed', allowed: limits.concurrency, failures: none };
  }

  /** Undefined while it is closed. */
  get pause(): Pause | undefined {
    return this.#state.name === 'closed' ? undefined : this.#state;
  }

  on(event: BreakerEvent): void {
    this.#state = breakerAfter(this.#state, event, this.#limits);
  }

  /** How many pushes may be in flight at this time. */
  allowed(now: number): number {
    this.on({ type: 'time', now });
    switch (this.#state.name) {
      case 'closed':
        return this.#state.allowed;
      case 'open':
        return 0;
      case 'half_open':
        return 1;
    }
  }
}
