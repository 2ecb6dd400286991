/** Which events a database lost, from what a node saw last of its log. */
import { expect, test } from 'vitest';
import { LogPoints } from '../../src/store/host/log_points.js';
import { lostAfter } from '../../src/store/host/losses.js';

const point = (seq: number) => ({ seq, batch: `batch of ${seq}` });
const known = [point(3), point(5), point(8)];

test('events are lost from the first batch that the log does not have', () => {
  expect(lostAfter(point(8), { known, committed: 9 })).toBeUndefined();
  expect(lostAfter(point(5), { known, committed: 9 })).toEqual({ first: 8, last: 9, isOpen: false });
  expect(lostAfter(point(3), { known, committed: 9 })).toEqual({ first: 5, last: 9, isOpen: false });
});

test('where the log has none of the batches, earlier events may be lost as well', () => {
  expect(lostAfter(undefined, { known, committed: 9 })).toEqual({ first: 3, last: 9, isOpen: true });
  expect(lostAfter(undefined, { known: [point(1)], committed: 1 })).toEqual({
    first: 1,
    last: 1,
    isOpen: false,
  });
});

test('a log that ends before events of memory lost them, also where no batch is known', () => {
  expect(lostAfter(undefined, { known: [], committed: 9, head: 7 })).toEqual({
    first: 8,
    last: 9,
    isOpen: false,
  });
});

test('batches of the last half minute are known, and the newest one in any case', () => {
  let now = 0;
  const points = new LogPoints(() => now);
  for (let seq = 1; seq <= 200; seq += 1) {
    points.add(point(seq));
    now += 1_000;
  }
  const [oldest] = points.all();
  expect(oldest?.seq).toBeGreaterThan(200 - 61);
  expect(oldest?.seq).toBeLessThanOrEqual(200 - 30);
  expect(points.last?.seq).toBe(200);
  expect([points.has(point(200)), points.has(point(1)), points.has({ seq: 200, batch: 'other' })]).toEqual([
    true,
    false,
    false,
  ]);
});
