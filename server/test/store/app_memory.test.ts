/** Which apps are in a server's memory: loaded when they are needed, removed when they are idle or memory is short. */
import { expect, test } from 'vitest';
import { size } from '../../src/cli/database_flags.js';
import { nextAppState } from '../../src/store/host/app_life.js';
import { sizeOf } from '../../src/store/host/app_size.js';
import { Job } from '../../src/store/host/job.js';
import { Loading } from '../../src/store/host/loading.js';
import { SharedApp } from '../../src/store/host/shared_app.js';
import { type MemoryLimits, Unloading } from '../../src/store/host/unloading.js';
import type { SharedReader } from '../../src/store/shared_engine.js';
import { anApp } from './scenario.js';

/** A database whose apps are all empty. */
const emptyLogs: SharedReader = {
  capabilities: { immediateLookups: false },
  apps: () => [],
  firstSeq: () => 0,
  lastSeq: () => 0,
  logAfter: () => [],
  messagesBack: () => [],
  chosenId: () => 0,
  checkpointSeq: () => 0,
  checkpoint: () => [],
  pointAt: async () => undefined,
  close: () => {},
};

const stored = (number: number) => ({ number, app: { ...anApp(), id: `app ${number}` } });

function memory(limits: Partial<MemoryLimits>, { subscribed = '' } = {}) {
  const clock = { time: 0 };
  const now = () => clock.time;
  let [snapshots, whileWriting] = [0, async () => {}];
  const loading = new Loading({
    engine: {
      inSnapshot: (work) => {
        snapshots += 1;
        return work(emptyLogs);
      },
    },
    idKey: new Uint8Array(32),
    onLoaded: () => {},
    now,
  });
  const unloading = new Unloading({
    loading,
    limits: { idleMs: 1_000, budget: Number.POSITIVE_INFINITY, checkMs: 1_000, inUseMs: 10, ...limits },
    now,
    hasSubscribers: ({ app }) => app.id === subscribed,
    writeCheckpoint: () => whileWriting(),
  });
  return {
    clock,
    loading,
    unloading,
    use: (number: number) => loading.get(stored(number)),
    loaded: () => [...loading.all()].map(({ number }) => number),
    snapshots: () => snapshots,
    whileWriting: (work: () => Promise<void>) => {
      whileWriting = work;
    },
  };
}

test('an app is loaded once for all who need it at the same moment', async () => {
  const { use, loading, snapshots } = memory({});
  const both = Promise.all([use(1), use(1)]);
  expect(loading.stateOf(1)).toBe('loading');
  const [one, other] = await both;
  expect(one).toBe(other);
  expect([snapshots(), loading.stateOf(1), loading.loads]).toEqual([1, 'loaded', 1]);
});

test('an app that could not be loaded is loaded again by the next who needs it', async () => {
  const { use, loading, loaded } = memory({});
  const broken = new Loading({
    engine: { inSnapshot: () => Promise.reject(new Error('the database is away')) },
    idKey: new Uint8Array(32),
    onLoaded: () => {},
    now: () => 0,
  });
  await expect(broken.get(stored(1))).rejects.toThrow('the database is away');
  expect(broken.stateOf(1)).toBe('unloaded');
  await expect(broken.get(stored(1))).rejects.toThrow('the database is away');
  await use(1);
  expect([loading.stateOf(1), loaded()]).toEqual(['loaded', [1]]);
});

test('an app that was idle is removed, and loaded again when it is needed', async () => {
  const { clock, use, unloading, loading, loaded } = memory({});
  const first = await use(1);
  clock.time = 500;
  await use(2);
  clock.time = 1_000;
  await unloading.check();
  expect([loaded(), first.visibility.state]).toEqual([[2], 'lost']);
  expect(unloading.counts).toEqual({ idle: 1, memory: 0 });
  expect(await use(1)).not.toBe(first);
  expect(loading.loads).toBe(3);
});

test('when memory is short, the least recently used apps are removed, and no more than needed', async () => {
  const { clock, use, unloading, loaded } = memory({
    budget: 2.5 * sizeOf(new SharedApp(stored(1), new Uint8Array(32))),
  });
  for (const number of [1, 2, 3, 4]) {
    clock.time += 100;
    await use(number);
  }
  clock.time += 100;
  await use(1);
  clock.time += 100;
  await unloading.check();
  expect(loaded()).toEqual([1, 4]);
  expect(unloading.counts).toEqual({ idle: 0, memory: 2 });
});

test('an app that alone takes more than the budget stays until it is idle, if it was used last', async () => {
  const { clock, use, unloading, loaded } = memory({ budget: 0 });
  await use(1);
  clock.time = 100;
  await use(2);
  clock.time = 200;
  await unloading.check();
  expect(loaded()).toEqual([2]);
  clock.time = 1_100;
  await unloading.check();
  expect(loaded()).toEqual([]);
  expect(unloading.counts).toEqual({ idle: 1, memory: 1 });
});

test('an app stays while it has subscribers or commands, or was needed a moment ago', async () => {
  const { clock, use, unloading, loaded } = memory({ budget: 0, idleMs: 0 }, { subscribed: 'app 1' });
  const [, waiting, appending] = [await use(1), await use(2), await use(3)];
  waiting.waiting.push(
    new Job(
      [],
      () => {},
      () => {},
    ),
  );
  appending.isAppending = true;
  await use(5);
  clock.time = 10_000;
  await use(4);
  clock.time += 9;
  await unloading.check();
  expect(loaded()).toEqual([1, 2, 3, 4]);
  clock.time += 1;
  await unloading.check();
  expect(loaded()).toEqual([1, 2, 3]);
});

test('an app that is needed while its checkpoint is written stays in memory', async () => {
  const { clock, use, unloading, loading, whileWriting } = memory({});
  const app = await use(1);
  clock.time = 5_000;
  whileWriting(async () => {
    expect(loading.stateOf(1)).toBe('unloading');
    expect(await use(1)).toBe(app);
  });
  await unloading.check();
  expect([loading.stateOf(1), loading.peek(1), app.visibility.state]).toEqual(['loaded', app, 'durable']);
  expect(unloading.counts).toEqual({ idle: 0, memory: 0 });
});

test('an app that gets commands while its checkpoint is written, from a request that had it before, stays in memory', async () => {
  const { clock, use, unloading, loading, whileWriting } = memory({});
  const app = await use(1);
  clock.time = 5_000;
  whileWriting(async () => {
    app.waiting.push(
      new Job(
        [],
        () => {},
        () => {},
      ),
    );
  });
  await unloading.check();
  expect([loading.stateOf(1), app.visibility.state]).toEqual(['loaded', 'durable']);
});

test('an app whose checkpoint cannot be written stays in memory', async () => {
  const { clock, use, unloading, loading, whileWriting } = memory({});
  await use(1);
  clock.time = 5_000;
  whileWriting(() => Promise.reject(new Error('the database is away')));
  await unloading.check();
  expect(loading.stateOf(1)).toBe('loaded');
});

test('an app that was lost is not in memory, whatever it was doing', () => {
  expect(nextAppState('loaded', 'lost')).toBe('unloaded');
  expect(nextAppState('unloading', 'lost')).toBe('unloaded');
  expect(nextAppState('loading', 'chosen')).toBe('loading');
});

test('a size has a unit', () => {
  expect([size('512MiB'), size('1.5 GiB'), size('4KiB')]).toEqual([536_870_912, 1_610_612_736, 4_096]);
  for (const text of ['4', '4GB', '-1GiB', '0MiB', 'GiB']) expect(() => size(text)).toThrow(/4GiB/);
});
