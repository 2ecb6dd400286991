/**
 * One device's 429 is that device's alone: 400 devices change once a second and are throttled by their provider, 100
 * change now and then. On the test's clock a push takes no time, so what a quiet device waits is what it is made to wait.
 */
import type { AcceptedPushes, BucketLimit } from '@badged/dev-push';
import { expect, onTestFinished, test } from 'vitest';
import { defaultBreakerLimits } from '../../src/push/breaker.js';
import type { PausedLane } from '../../src/push/dispatcher.js';
import type { PushTarget } from '../../src/push_target.js';
import { DeliveryWorld, eventually, type WorldSettings } from './delivery_world.js';
import { fcmRig } from './transport/rigs.js';

const coalesceMs = 500;
const stormSeconds = 12;
const minute = 60_000;
const tight: BucketLimit = { burst: 5, refillMs: minute };
const production: WorldSettings['dispatcher'] = {
  coalesceMs,
  breaker: {
    concurrency: 100,
    failures: 10,
    misconfigurations: 3,
    firstPauseMs: 1_000,
    longestPauseMs: 60_000,
  },
  lane: { firstRetryMs: 1_000, longestRetryMs: 600_000, confirmMs: 30_000, unregisterAttempts: 5 },
  sweepMs: minute,
  badgePace: { burst: 20, refillMs: 3 * minute },
};

const chatty = Array.from({ length: 400 }, (_, n) => `chatty ${n}`);
const quiet = Array.from({ length: 100 }, (_, n) => `quiet ${n}`);

interface Platform {
  readonly accepted: AcceptedPushes;
  newTarget(): { readonly target: PushTarget; readonly token: string };
}

/** What happened, in order. */
interface Record {
  /** How long each change of a quiet device took to be accepted, in milliseconds. */
  readonly waits: number[];
  readonly paused: PausedLane[];
  readonly tokens: ReadonlyMap<string, string>;
}

async function setCount(w: DeliveryWorld, users: readonly string[], count: number): Promise<void> {
  const counts = users.map((user) => ({ user, name: '', count }));
  await w.store.execute<'set_external'>(w.app, { type: 'set_external', counts });
}

async function storm(w: DeliveryWorld, platform: Platform): Promise<Record> {
  const tokens = new Map<string, string>();
  for (const user of [...chatty, ...quiet]) {
    const { target, token } = platform.newTarget();
    tokens.set(user, token);
    await w.registerTarget(user, user, target);
  }
  await w.pass(minute);
  const record: Record = { waits: [], paused: [], tokens };
  const changedAt = new Map<string, number>();
  platform.accepted.onAccepted = (device) => {
    const since = changedAt.get(device);
    if (since !== undefined) record.waits.push(w.clock.now() - since);
    changedAt.delete(device);
  };
  for (let second = 1; second <= stormSeconds; second += 1) {
    const some = quiet.filter((_, n) => n % stormSeconds === second % stormSeconds);
    for (const user of some) changedAt.set(tokens.get(user) ?? '', w.clock.now());
    await setCount(w, [...chatty, ...some], second);
    await w.pass(1_000);
    record.paused.push(...w.dispatcher.paused);
  }
  expect([...changedAt], 'every change of a quiet device arrived').toEqual([]);
  platform.accepted.onAccepted = undefined;
  return record;
}

function expectQuietOnesUntouched({ waits, paused }: Record): void {
  expect(waits, 'a change of many is gathered for half as long').toEqual(quiet.map(() => coalesceMs / 2));
  expect(paused).toEqual([]);
}

/** The numbers that each chatty device accepted, in order. */
function chattyNumbers({ tokens }: Record, { accepted }: Platform): (number | undefined)[][] {
  return chatty.map((user) => accepted.of(tokens.get(user) ?? '').map(({ badge }) => badge));
}

function throttled({ verdicts }: DeliveryWorld): number {
  return verdicts.filter((verdict) => verdict.kind === 'retry' && verdict.about === 'device').length;
}

async function open(settings: WorldSettings): Promise<DeliveryWorld> {
  const w = await DeliveryWorld.open(settings);
  onTestFinished(async () => {
    await w.close();
    expect(w.errors).toEqual([]);
  });
  return w;
}

function ofApns({ apns }: DeliveryWorld): Platform {
  const newTarget = () => {
    const target = apns.newDevice();
    return { target, token: target.token };
  };
  return { accepted: apns.production.accepted, newTarget };
}

test('APNs throttles 400 devices: the 100 others get every change at once, and each of the 400 its newest in the end', async () => {
  const w = await open({ dispatcher: production, deviceLimit: tight });
  const platform = ofApns(w);
  const record = await storm(w, platform);
  expectQuietOnesUntouched(record);
  expect(throttled(w), 'the storm was one').toBeGreaterThan(800);
  await w.pass(20 * minute);
  for (const numbers of chattyNumbers(record, platform)) {
    expect(numbers.at(-1)).toBe(stormSeconds);
    expect(numbers, 'newer never gives way to older').toEqual(
      [...numbers].sort((a, b) => (a ?? 0) - (b ?? 0)),
    );
  }
});

test('FCM throttles 400 devices, also where others push to them too: the 100 others get every change at once', async () => {
  const w = await open({ dispatcher: production });
  const fcm = await fcmRig({ now: () => w.now(), deviceLimit: tight });
  onTestFinished(() => fcm.close());
  await w.restart({ fcm });
  const newTarget = () => {
    const target = fcm.newDevice();
    return { target, token: target.token };
  };
  const platform = { accepted: fcm.service.accepted, newTarget };
  const record = await storm(w, platform);
  expectQuietOnesUntouched(record);
  expect(throttled(w), 'the storm was one').toBeGreaterThanOrEqual(400);
  await w.pass(60 * minute);
  for (const numbers of chattyNumbers(record, platform)) expect(numbers.at(-1)).toBe(stormSeconds);
});

test('a user who changes alone does not wait for a hundred who changed in one request before', async () => {
  const breaker = { ...defaultBreakerLimits, concurrency: 4 };
  const w = await open({ dispatcher: { ...production, breaker } });
  const many = Array.from({ length: 101 }, (_, n) => `one of many ${n}`);
  for (const user of many) await w.register(user, user);
  const alone = await w.register('bob', 'bob');
  // Devices that had a push a moment ago would let others go first.
  await w.pass(10_000);
  const { script, accepted } = w.apns.production;
  const order: string[] = [];
  accepted.onAccepted = (token) => void order.push(token);
  script.decide = () => ({ hold: 'request' });
  await setCount(w, many, 1);
  await w.clock.advance(coalesceMs / 2);
  await eventually(() => expect(script.held, 'three quarters of the places').toBe(3));
  await setCount(w, ['bob'], 1);
  await w.clock.advance(coalesceMs);
  await eventually(() => expect(script.held).toBe(4));
  script.decide = undefined;
  script.release();
  await w.pass(1_000);
  expect(order).toHaveLength(102);
  expect(order.indexOf(alone)).toBeLessThan(4);
});

test('devices that are registered with a topic of another app stop no other', async () => {
  const w = await open({ dispatcher: production });
  const platform = ofApns(w);
  const foreign = { reply: { status: 400, body: '{"reason":"DeviceTokenNotForTopic"}' } };
  const tokens: string[] = [];
  w.apns.production.script.decide = (token) => (tokens.includes(token) ? foreign : undefined);
  for (let n = 0; n < 20; n += 1) {
    const { target, token } = platform.newTarget();
    tokens.push(token);
    await w.registerTarget('mallory', `of mallory ${n}`, target);
  }
  await w.pass(minute);
  const token = await w.register('bob', 'phone');
  await w.pass(0);
  expect(w.verdicts.filter(({ kind }) => kind === 'misconfigured').length).toBeGreaterThan(20);
  expect([w.numbers(token), w.dispatcher.paused]).toEqual([[0], []]);
  expect(await w.store.push.devicesAfter(w.app, '', 50, w.now()), 'and none is dropped').toHaveLength(21);
});

test.each([
  ['does not respond', 503, 'ServiceUnavailable', 'unreachable'],
  ['refuses the key', 403, 'BadEnvironmentKeyIdInToken', 'misconfigured'],
])('an environment of APNs that %s pauses no other', async (_what, status, reason, kind) => {
  const w = await open({ dispatcher: production });
  const reply = { status, body: JSON.stringify({ reason }) };
  w.apns.development.script.decide = () => ({ reply });
  for (let n = 0; n < 20; n += 1) {
    const target = { ...w.apns.newDevice(), environment: 'development' } as const;
    await w.registerTarget('mallory', `of mallory ${n}`, target);
  }
  await w.pass(minute);
  const token = await w.register('bob', 'phone');
  await w.pass(0);
  expect(w.numbers(token)).toEqual([0]);
  expect(w.dispatcher.paused).toMatchObject([{ platform: 'apns', kind, reason: `development: ${reason}` }]);
});
