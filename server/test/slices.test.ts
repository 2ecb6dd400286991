/** Long work in slices: others are served in between, and the owners take turns. */
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapInSlices, SlicedWork } from '../src/slices.js';

/** Uses the processor for this long. */
function compute(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test('short work takes no pause', () => {
  const work = new SlicedWork('app');
  expect(work.pause()).toBeUndefined();
});

test('other work is served between two slices', async () => {
  const order: string[] = [];
  const mapped = mapInSlices('app', [1, 2, 3], (item) => {
    compute(6);
    order.push(`item ${item}`);
    // Scheduled during the slice, so it runs before the next one.
    setImmediate(() => order.push(`other ${item}`));
    return item * 10;
  });
  expect(await mapped).toEqual([10, 20, 30]);
  await turnOfLoop();
  expect(order).toEqual(['item 1', 'other 1', 'item 2', 'other 2', 'item 3', 'other 3']);
});

test('one slice runs per turn of the loop, and the owners take turns', async () => {
  const order: string[] = [];
  const run = (owner: string, name: string) =>
    mapInSlices(owner, [0, 1, 2], () => {
      compute(6);
      order.push(name);
    });
  const all = Promise.all([run('a', 'a1'), run('a', 'a2'), run('a', 'a3'), run('b', 'b')]);
  // From here on, whatever is left waits for turns.
  const turns = order.length;
  await all;
  const ofB = order.slice(turns).flatMap((name, turn) => (name === 'b' ? [turn] : []));
  expect(ofB.length).toBeGreaterThan(0);
  // At most one slice of a's three pieces of work comes before each of b's.
  for (const [n, turn] of ofB.entries()) expect(turn).toBeLessThanOrEqual(2 * n + 1);
});

test('an error of a step rejects, and other work goes on', async () => {
  const failing = mapInSlices('app', [1, 2], (item) => {
    compute(6);
    if (item === 2) throw new Error('step 2 failed');
  });
  const other = mapInSlices('app', [1, 2], (item) => {
    compute(6);
    return item;
  });
  await expect(failing).rejects.toThrow('step 2 failed');
  expect(await other).toEqual([1, 2]);
});
