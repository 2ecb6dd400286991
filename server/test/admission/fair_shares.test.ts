/**
 * Fair shares, in a simulation of the event loop. In each turn, the requests that have arrived are read in order, and those
 * that may run do so, one at a time; then those that wait are started.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairShares } from '../../src/http/admission/fair_shares.js';

interface Arrival {
  readonly app: string;
  readonly atMs: number;
  readonly costMs: number;
}

interface Done extends Arrival {
  readonly startedMs: number;
}

interface Simulation {
  readonly done: readonly Done[];
  readonly refused: readonly Arrival[];
  readonly shares: FairShares;
}

function simulate(arrivals: readonly Arrival[], shares = new FairShares()): Simulation {
  const coming = arrivals.toSorted((a, b) => a.atMs - b.atMs);
  const done: Done[] = [];
  const refused: Arrival[] = [];
  let now = 0;
  let turn = 0;
  const run = (arrival: Arrival) => {
    done.push({ ...arrival, startedMs: now });
    now += arrival.costMs;
    shares.share(arrival.app).spend(arrival.costMs, turn);
  };
  let next = 0;
  while (next < coming.length || shares.waiting > 0) {
    if (shares.waiting === 0) now = Math.max(now, coming[next]?.atMs ?? 0);
    // What arrives while these are read is read in the next turn.
    const arrived = coming.slice(next).filter(({ atMs }) => atMs <= now);
    next += arrived.length;
    for (const arrival of arrived) {
      const entry = shares.enter(arrival.app, { nowMs: now, turn, start: () => run(arrival) });
      if (entry === 'runs') run(arrival);
      if (entry === 'refused') refused.push(arrival);
    }
    turn += 1;
    while (shares.startNext(turn));
  }
  return { done, refused, shares };
}

const cost = fc.double({ min: 0.05, max: 25, noNaN: true });
const arrivals = fc.array(
  fc.record({ app: fc.constantFrom('a', 'b', 'c'), atMs: fc.integer({ min: 0, max: 3_000 }), costMs: cost }),
  { maxLength: 300 },
);

test('every request is executed once, and those of one app in the order in which they came', () => {
  fc.assert(
    fc.property(arrivals, (all) => {
      const { done, refused, shares } = simulate(all);
      expect(done.length + refused.length).toBe(all.length);
      expect(refused).toEqual([]);
      expect(shares.waiting).toBe(0);
      for (const app of ['a', 'b', 'c']) {
        const own = done.filter((each) => each.app === app).map(({ atMs }) => atMs);
        expect(own).toEqual(own.toSorted((x, y) => x - y));
      }
    }),
  );
});

test('an app that is alone is never made to wait', () => {
  const shares = new FairShares();
  const at = (nowMs: number) => ({ nowMs, turn: 0, start: () => {} });
  shares.enter('b', at(0));
  for (let n = 0; n < 10_000; n += 1) {
    shares.share('a').spend(25, 0);
    expect(shares.enter('a', at(1_001 + n))).toBe('runs');
  }
});

const windowMs = 10;
const longestMs = 25;

test('no app starves: whatever others flood with, a request waits for their windows, and no more', () => {
  const flood = fc.record({
    apps: fc.integer({ min: 1, max: 4 }),
    costs: fc.array(fc.double({ min: 0.25, max: longestMs, noNaN: true }), { minLength: 1, maxLength: 10 }),
  });
  fc.assert(
    fc.property(flood, ({ apps, costs }) => {
      const all: Arrival[] = [];
      // The quiet app sends one request every 100 ms. The others have enough for the whole time, and all at once.
      for (let n = 0; n < 20; n += 1) all.push({ app: 'quiet', atMs: n * 100, costMs: 0.25 });
      const meanMs = costs.reduce((sum, each) => sum + each, 0) / costs.length;
      for (let app = 0; app < apps; app += 1)
        for (let n = 0; n < 4_000 / meanMs / apps; n += 1)
          all.push({ app: `flood${app}`, atMs: 50, costMs: costs[n % costs.length] ?? 1 });
      const { done } = simulate(all, new FairShares({ windowMs, maxWaiting: 100_000 }));
      const waits = done.filter(({ app }) => app === 'quiet').map((each) => each.startedMs - each.atMs);
      expect(waits).toHaveLength(20);
      // An app exceeds its window by one request at most. The request arrives in one turn, and is read in the next.
      expect(Math.max(...waits)).toBeLessThanOrEqual(2 * apps * (windowMs + longestMs));
    }),
    { numRuns: 50 },
  );
});

test('shares are even: apps that want more than there is get the same time, whatever their requests cost', () => {
  const costs = fc.array(fc.double({ min: 0.25, max: longestMs, noNaN: true }), {
    minLength: 2,
    maxLength: 4,
  });
  fc.assert(
    fc.property(costs, (each) => {
      const totalMs = 2_000;
      const all = each.flatMap((costMs, app) =>
        Array.from({ length: Math.ceil(totalMs / costMs) }, () => ({ app: `app${app}`, atMs: 1, costMs })),
      );
      all.push({ app: 'another', atMs: 0, costMs: 0.25 });
      const { done } = simulate(all, new FairShares({ windowMs, maxWaiting: 100_000 }));
      // Until the first app has nothing left to do.
      const times = each.map((_, app) =>
        done
          .filter((one) => one.app === `app${app}` && one.startedMs < totalMs)
          .reduce((sum, { costMs }) => sum + costMs, 0),
      );
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(2 * (windowMs + longestMs));
    }),
    { numRuns: 20 },
  );
});

test('a bounded number waits. More are refused', () => {
  const shares = new FairShares({ maxWaiting: 10 });
  const arrival = { nowMs: 0, turn: 0, start: () => {} };
  shares.enter('b', arrival);
  shares.enter('a', arrival);
  shares.share('a').spend(10, 0);
  const entries = Array.from({ length: 15 }, () => shares.enter('a', arrival));
  expect(entries).toEqual([...Array(10).fill('waits'), ...Array(5).fill('refused')]);
  expect(shares.waiting).toBe(10);
});
