/** The circuit breaker: random events against what each state promises, and an outage from its first failure to its end. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Breaker, type BreakerEvent, type BreakerLimits } from '../../src/push/breaker.js';

const limits: BreakerLimits = {
  concurrency: 8,
  failures: 4,
  misconfigurations: 2,
  firstPauseMs: 100,
  longestPauseMs: 800,
};

function failure(now: number, kind: 'unreachable' | 'misconfigured' = 'unreachable'): BreakerEvent {
  return { type: 'failure', kind, reason: 'why', now };
}

function after(...events: BreakerEvent[]): Breaker {
  const breaker = new Breaker(limits);
  for (const event of events) breaker.on(event);
  return breaker;
}

describe('the breaker', () => {
  test('whatever happens: no more in flight than allowed, none during a pause, one after it, and pauses are bounded', () => {
    const step = fc.record({
      type: fc.constantFrom('success' as const, 'failure' as const, 'failure' as const, 'renewed' as const),
      kind: fc.constantFrom('unreachable' as const, 'misconfigured' as const),
      ms: fc.integer({ min: 0, max: 300 }),
    });
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const breaker = new Breaker(limits);
      let now = 0;
      for (const { type, kind, ms } of steps) {
        now += ms;
        breaker.on(type === 'failure' ? failure(now, kind) : { type });
        const allowed = breaker.allowed(now);
        const { pause } = breaker;
        if (pause === undefined) {
          expect(allowed).toBeGreaterThanOrEqual(2);
          expect(allowed).toBeLessThanOrEqual(limits.concurrency);
        } else {
          expect(allowed).toBe(now < pause.pausedUntil ? 0 : 1);
          expect(pause.pausedUntil - now).toBeLessThanOrEqual(limits.longestPauseMs);
          expect(pause.since).toBeLessThanOrEqual(now);
        }
        if (type !== 'failure') expect(pause).toBeUndefined();
      }
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  test('opens after so many failures in a row, and a success between starts the count anew', () => {
    const three = [failure(1), failure(2), failure(3)];
    expect(after(...three).pause).toBeUndefined();
    expect(after(...three, { type: 'success' }, ...three).pause).toBeUndefined();
    const expected = { kind: 'unreachable', reason: 'why', since: 1, pausedUntil: 104 };
    expect(after(...three, failure(4)).pause).toMatchObject(expected);
  });

  test('opens sooner where the credentials are refused, and says so', () => {
    const breaker = after(failure(1, 'misconfigured'), failure(2), failure(3, 'misconfigured'));
    expect(breaker.pause).toMatchObject({ kind: 'misconfigured', since: 1, pausedUntil: 103 });
  });

  test('after a pause one push tries; where it fails the next pause is twice as long, up to the longest', () => {
    const breaker = after(failure(0), failure(0), failure(0), failure(0));
    const pauses: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const now = breaker.pause?.pausedUntil ?? 0;
      expect([breaker.allowed(now - 1), breaker.allowed(now)]).toEqual([0, 1]);
      breaker.on(failure(now));
      pauses.push((breaker.pause?.pausedUntil ?? 0) - now);
    }
    expect(pauses).toEqual([200, 400, 800, 800, 800]);
  });

  test('failures of pushes that were in flight when it opened do not prolong the pause', () => {
    const breaker = after(failure(0), failure(0), failure(0), failure(0), failure(50), failure(60));
    expect(breaker.pause?.pausedUntil).toBe(100);
  });

  test('an outage ends without a storm: two at a time, then one more for each success', () => {
    const breaker = after(failure(0), failure(0), failure(0), failure(0), { type: 'success' });
    const allowed = Array.from({ length: 8 }, () => {
      const now = breaker.allowed(1_000);
      breaker.on({ type: 'success' });
      return now;
    });
    expect(allowed).toEqual([2, 3, 4, 5, 6, 7, 8, 8]);
  });

  test('new credentials close it', () => {
    expect(
      after(failure(0, 'misconfigured'), failure(0, 'misconfigured'), { type: 'renewed' }).pause,
    ).toBeUndefined();
  });
});
