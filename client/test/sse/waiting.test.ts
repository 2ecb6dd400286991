// How long to wait, and the waiting.

import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fullJitter, pause, retryAfterMs } from '../../src/sse/waiting.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('Retry-After (RFC 9110, section 10.2.3)', () => {
  const asked = (value: string) => retryAfterMs(new Headers({ 'retry-after': value }));

  it('is a number of seconds, or a date', () => {
    vi.useFakeTimers({ now: Date.parse('2030-01-01T12:00:00Z') });
    expect(asked('120')).toBe(120_000);
    expect(asked('Tue, 01 Jan 2030 12:00:07 GMT')).toBe(7_000);
  });

  it('is nothing where it is missing, past or no such thing', () => {
    expect(retryAfterMs(new Headers())).toBe(0);
    expect(['0', 'soon', '-3', 'Fri, 31 Dec 1999 23:59:59 GMT'].map(asked)).toEqual([0, 0, 0, 0]);
  });
});

describe('full jitter', () => {
  it('draws any time up to a ceiling that doubles with each failure, and has an end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.nat(2_000),
        fc.nat(60_000),
        (firstMs, failures, ceilingMs) => {
          const wait = fullJitter(firstMs, failures, ceilingMs);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(ceilingMs, firstMs * 2 ** failures));
        },
      ),
    );
    expect(fullJitter(0, 2_000, 1_000)).toBe(0);
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect([0, 1, 2, 3].map((failures) => fullJitter(1_000, failures, 3_000))).toEqual([
      500, 1_000, 1_500, 1_500,
    ]);
    vi.restoreAllMocks();
  });
});

describe('a pause', () => {
  it('ends after its time, and early with its signal', async () => {
    vi.useFakeTimers();
    const ended: string[] = [];
    const leaving = new AbortController();
    const pauses = [
      pause(1_000).then(() => ended.push('short')),
      pause(2 ** 40).then(() => ended.push('endless')),
      pause(5_000, leaving.signal).then(() => ended.push('left')),
      pause(5_000, AbortSignal.abort()).then(() => ended.push('never begun')),
    ];
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).toEqual(['never begun']);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['never begun', 'short']);
    leaving.abort();
    await pauses[2];
    expect(ended).toEqual(['never begun', 'short', 'left']);
  });
});
