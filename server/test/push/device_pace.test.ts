/** The pace of devices: random pushes at random times against the limit, counted beside it. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DevicePace } from '../../src/push/device_pace.js';
import type { Pace } from '../../src/push/transport/capabilities.js';

const anyPace: fc.Arbitrary<Pace> = fc.record({
  burst: fc.integer({ min: 1, max: 6 }),
  refillMs: fc.integer({ min: 1, max: 100 }),
});
const gaps = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 80 });

/** Pushes as soon as it may, at the times that follow from the gaps. Returns when it pushed. */
function pushes(pace: DevicePace, gapsMs: readonly number[], device = 'phone'): number[] {
  const at: number[] = [];
  let now = 0;
  for (const gap of gapsMs) {
    now += gap;
    if (pace.readyAt(device, now) > now) continue;
    pace.take(device, now);
    at.push(now);
  }
  return at;
}

test('in no span of time are there more pushes than the burst, and one for each refill in it', () => {
  const property = fc.property(anyPace, gaps, (limit, gapsMs) => {
    const at = pushes(new DevicePace(limit), gapsMs);
    for (const [first, from] of at.entries()) {
      for (let last = first; last < at.length; last += 1) {
        const spanMs = (at[last] ?? 0) - from;
        expect(last - first + 1).toBeLessThanOrEqual(limit.burst + Math.floor(spanMs / limit.refillMs));
      }
    }
  });
  fc.assert(property, { numRuns: 500 });
});

test('none is held back longer than needed: at the time that it names, one may go, and a moment before none', () => {
  const property = fc.property(anyPace, gaps, (limit, gapsMs) => {
    const pace = new DevicePace(limit);
    const now = gapsMs.reduce((sum, gap) => sum + gap, 0);
    pushes(pace, gapsMs);
    const at = pace.readyAt('phone', now);
    expect(at).toBeGreaterThanOrEqual(now);
    expect(at - now).toBeLessThanOrEqual(limit.refillMs);
    expect(pace.readyAt('phone', at)).toBe(at);
    if (at > now) expect(pace.readyAt('phone', at - 1)).toBe(at);
  });
  fc.assert(property, { numRuns: 500 });
});

test('one device takes nothing from another', () => {
  const property = fc.property(anyPace, gaps, gaps, (limit, chatty, quiet) => {
    const pace = new DevicePace(limit);
    pushes(pace, chatty, 'chatty');
    expect(pushes(pace, quiet, 'quiet')).toEqual(pushes(new DevicePace(limit), quiet, 'quiet'));
  });
  fc.assert(property, { numRuns: 200 });
});

test('the pace of FCM: twenty at once, then one every three minutes; twenty again after an hour', () => {
  const pace = new DevicePace({ burst: 20, refillMs: 180_000 });
  const everySecond = (seconds: number) => Array.from({ length: seconds }, () => 1_000);
  expect(pushes(pace, everySecond(600)).filter((at) => at > 20_000)).toEqual([181_000, 361_000, 541_000]);
  const hourLater = 600_000 + 20 * 180_000;
  expect(pushes(pace, [hourLater, ...Array(24).fill(0)])).toHaveLength(20);
});

test('an overdraft is waited for, and is paid back', () => {
  const pace = new DevicePace({ burst: 2, refillMs: 100 });
  for (let n = 0; n < 4; n += 1) pace.take('phone', 0);
  expect(pace.readyAt('phone', 0)).toBe(300);
  expect(pace.readyAt('phone', 300)).toBe(300);
});

test('it holds no more devices than its limit, and none that have their whole burst again', () => {
  const pace = new DevicePace({ burst: 1, refillMs: 100 }, 3);
  for (const device of ['a', 'b', 'c', 'a', 'd']) pace.take(device, 0);
  expect(pace.size).toBe(3);
  expect(['a', 'b', 'c', 'd'].map((device) => pace.readyAt(device, 0))).toEqual([200, 0, 100, 100]);
  pace.tidy(100);
  expect(pace.size).toBe(1);
  pace.tidy(200);
  expect(pace.size).toBe(0);
});
