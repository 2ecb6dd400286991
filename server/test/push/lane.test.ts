/** Promise 7 where it is tight: moves, crashes, outages and faults, against a real store and a real local APNs. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PushStore } from '../../src/store/push_port.js';
import { DeliveryWorld, eventually, quick, type WorldSettings } from './delivery_world.js';
import { fcmRig } from './transport/rigs.js';

const hello = { title: 'Ann', text: 'Hello' };
const unavailable = { reply: { status: 503, body: '{"reason":"ServiceUnavailable"}' } };
const refused = { reply: { status: 403, body: '{"reason":"InvalidProviderToken"}' } };
const hour = 3_600_000;
const longAway = hour;
const day = 86_400_000;
const pausesForLong = { concurrency: 1, firstPauseMs: 60_000, longestPauseMs: 60_000 };

async function world(
  dispatcher: WorldSettings['dispatcher'] = {},
  settings: WorldSettings = {},
): Promise<DeliveryWorld> {
  const made = await DeliveryWorld.open({ dispatcher, ...settings });
  onTestFinished(async () => {
    await made.close();
    // What the dispatcher itself stumbles over fails the test that did not ask for it.
    expect(made.errors).toEqual([]);
  });
  return made;
}

function kinds({ verdicts }: DeliveryWorld): string[] {
  return verdicts.map(({ kind }) => kind);
}

describe('a device that moves', () => {
  test('promise 8: a user who signs in on it does not get the alert that waited for the one before', async () => {
    const w = await world();
    const token = await w.register('bob', 'phone');
    await w.settle();
    w.apns.production.script.decide = () => unavailable;
    await w.send(await w.conversation(['ann', 'bob']), 'ann', hello);
    await w.settle();
    expect(kinds(w)).toContain('retry');
    const before = await w.store.push.device(w.app, 'phone');
    if (before === undefined) throw new Error('there is no phone');
    const eves = { id: 'phone', user: 'eve', target: before.target };
    await w.store.push.register(w.app, eves, { devicesPerUser: 25, now: w.now() });
    w.apns.production.script.clear();
    await w.pass(10_000);
    expect(await w.store.push.depth(w.app)).toBe(0);
    expect((await w.store.push.device(w.app, 'phone'))?.accepted).toBe(0);
    expect(w.rings(token, 'Hello')).toBe(0);
  });

  test('promise 7: a push that is in flight to the target is waited for, also if the id is another now', async () => {
    const w = await world();
    const token = await w.register('bob', 'old name');
    await w.settle();
    w.apns.production.script.add({ hold: 'request' });
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    void w.clock.advance(100);
    await eventually(() => expect(w.apns.production.script.held).toBe(1));
    const target = (await w.store.push.device(w.app, 'old name'))?.target;
    if (target === undefined) throw new Error('there is no device');
    await w.registerTarget('eve', 'new name', target);
    // The new name is busy each time it is tried.
    for (let n = 0; n < 20; n += 1)
      await w.clock.advance(20, () => new Promise((done) => setImmediate(done)));
    w.apns.production.script.release();
    await w.pass(10_000);
    expect(w.numbers(token)).toEqual([0, 1, 0]);
  });

  test('to another platform under its own id is not disturbed by what the old one had in flight', async () => {
    const w = await world();
    const fcm = await fcmRig();
    onTestFinished(() => fcm.close());
    await w.restart({ fcm });
    const old = w.apns.newDevice();
    await w.registerTarget('bob', 'phone', old);
    await w.settle();
    expect(w.numbers(old.token)).toEqual([0]);
    w.apns.production.script.decide = () => unavailable;
    await w.send(await w.conversation(['ann', 'bob']), 'ann', hello);
    await w.settle();
    expect(kinds(w)).toContain('retry');
    const target = fcm.newDevice();
    await w.registerTarget('bob', 'phone', target);
    await w.pass(10_000);
    expect(await w.store.push.depth(w.app)).toBe(0);
    expect(fcm.service.accepted.badge(target.token)).toBe(1);
    expect(kinds(w)).not.toContain('rejected');
  });
});

test('a push that ends after the dispatcher was closed, when the store is closed too, is no error', async () => {
  const w = await world();
  await w.restart({ push: { settle: () => Promise.reject(new Error('The store is closing.')) } });
  w.apns.production.script.add({ hold: 'request' });
  await w.register('bob', 'phone');
  void w.clock.advance(100);
  await eventually(() => expect(w.apns.production.script.held).toBe(1));
  await w.dispatcher.close();
  w.apns.production.script.release();
  await w.dispatcher.settled();
  expect(kinds(w)).toEqual(['delivered']);
  expect(w.errors).toEqual([]);
});

describe('a device that is unregistered', () => {
  test('is forgotten also if it shows 0 already', async () => {
    const w = await world();
    await w.register('bob', 'phone');
    await w.settle();
    expect((await w.store.push.device(w.app, 'phone'))?.accepted).toBe(0);
    await w.store.push.unregister(w.app, 'bob', 'phone');
    await w.settle();
    expect(await w.store.push.device(w.app, 'phone')).toBeUndefined();
  });

  test('is forgotten also if it can be sent no number, since badges are disabled', async () => {
    const w = await world();
    await w.register('bob', 'phone');
    await w.settle();
    await w.store.apps.update(w.app, { settings: { mode: 'disabled' } });
    await w.store.push.unregister(w.app, 'bob', 'phone');
    await w.settle();
    expect(await w.store.push.device(w.app, 'phone')).toBeUndefined();
  });

  test('is forgotten also if its 0 is never taken, after some attempts', async () => {
    const w = await world();
    const token = await w.register('bob', 'phone');
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    await w.settle();
    w.apns.production.script.decide = () => unavailable;
    await w.store.push.unregister(w.app, 'bob', 'phone');
    await w.pass(10_000);
    expect(await w.store.push.device(w.app, 'phone')).toBeUndefined();
    expect(kinds(w).filter((kind) => kind === 'retry')).toHaveLength(6);
    expect(w.numbers(token).at(-1)).toBe(1);
  });
});

describe('alerts', () => {
  test('that arrive while others are being claimed are not left to the next sweep', async () => {
    const w = await world({ sweepMs: longAway });
    const token = await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    let claims = 0;
    const claimAlerts: PushStore['claimAlerts'] = async (...wanted) => {
      const claimed = await w.store.push.claimAlerts(...wanted);
      claims += 1;
      // A message comes while the store says that there is nothing.
      if (claims === 1) await w.send(chat, 'ann', hello);
      return claimed;
    };
    await w.restart({ push: { claimAlerts } });
    await w.settle();
    expect(claims).toBeGreaterThan(0);
    expect(await w.store.push.depth(w.app)).toBe(0);
    expect(w.rings(token, 'Hello')).toBe(1);
  });

  test('for devices that cannot be reached do not keep those for others waiting', async () => {
    const w = await world({ openAlerts: 3 });
    const [away, here] = [await w.register('bob', 'away'), await w.register('cid', 'here')];
    await w.settle();
    w.apns.production.script.decide = (token) => (token === away ? unavailable : undefined);
    const unreachable = await w.conversation(['ann', 'bob']);
    for (let n = 0; n < 6; n += 1) await w.send(unreachable, 'ann', hello);
    await w.send(await w.conversation(['ann', 'cid']), 'ann', hello);
    await w.settle();
    expect(w.rings(here, 'Hello')).toBe(1);
  });

  test('that have expired are done with, also while the transport is paused', async () => {
    const w = await world({ breaker: { ...pausesForLong, failures: 1, misconfigurations: 1 } });
    const tokens = await Promise.all(['bob', 'cid', 'dee'].map((user) => w.register(user, user)));
    await w.settle();
    w.apns.production.script.decide = () => refused;
    const content = { notification: JSON.stringify(hello), expiresAt: w.now() + 5_000 };
    await w.store.push.enqueue(w.app, { id: 'one', users: ['bob', 'cid', 'dee'], content });
    await w.settle();
    expect(w.dispatcher.paused).toHaveLength(1);
    expect(await w.store.push.depth(w.app)).toBe(1);
    w.apns.production.script.clear();
    await w.pass(10_000);
    expect(await w.store.push.depth(w.app)).toBe(0);
    await w.pass(100_000);
    expect(tokens.map((token) => w.rings(token, 'Hello'))).toEqual([0, 0, 0]);
  });
});

describe('what goes wrong', () => {
  test('promise 7: a sweep that fails is not the last one', async () => {
    const w = await world();
    let walks = 0;
    const devicesAfter: PushStore['devicesAfter'] = async (...wanted) => {
      walks += 1;
      if (walks === 1) throw new Error('this once');
      return w.store.push.devicesAfter(...wanted);
    };
    await w.restart({ push: { devicesAfter } });
    await w.pass(0);
    expect(w.errors.splice(0)).toMatchObject([{ message: 'this once' }]);
    // From here on, no push of the dispatcher before can still arrive.
    await w.pass(quick.lane?.confirmMs ?? 0);
    const target = w.apns.newDevice();
    const device = { id: 'phone', user: 'bob', target };
    await w.store.push.register(w.app, device, { devicesPerUser: 25, now: w.now() });
    await w.settle();
    expect(w.numbers(target.token)).toEqual([0]);
  });

  test('a provider that asks for patience of centuries is left alone for a day, and no longer', async () => {
    const w = await world({ sweepMs: longAway });
    const centuries = { 'retry-after': '99999999999' };
    w.apns.production.script.decide = () => ({
      reply: { status: 429, headers: centuries, body: '{"reason":"TooManyRequests"}' },
    });
    await w.register('bob', 'phone');
    await w.pass(day - 1);
    expect(kinds(w)).toEqual(['retry']);
    await w.pass(1);
    expect(kinds(w)).toEqual(['retry', 'retry']);
  });

  test('promise 7: what a process that died had in flight is corrected, also where an alert comes first', async () => {
    const w = await world({ sweepMs: longAway }, { requestTimeoutMs: 400 });
    const token = await w.register('bob', 'phone');
    await w.settle();
    const chat = await w.conversation(['ann', 'bob']);
    w.apns.production.script.add({ hold: 'request' });
    await w.send(chat, 'ann');
    void w.clock.advance(100);
    await eventually(() => expect(w.apns.production.script.held).toBe(1));
    await w.send(chat, 'ann', hello);
    // Its claims end with the process; what the provider holds does not.
    await w.dispatcher.close();
    await w.dispatcher.settled();
    await w.store.push.settle(w.app, [{ device: 'phone', accepted: null }], w.now());
    const later = w.now() + 1_000_000;
    await w.store.push.claimAlerts(w.app, 9, { now: later, until: w.now() });
    await w.restart();
    await w.settle();
    expect(w.numbers(token).at(-1)).toBe(2);
    const before = w.numbers(token);
    w.apns.production.script.release();
    await eventually(() => expect(w.numbers(token)).toEqual([...before, 1]));
    await w.pass(10_000);
    expect(w.numbers(token)).toEqual([...before, 1, 2]);
  });

  test.each([-2, 2])(
    'promise 7: the time of day is set by %i hours while the provider is down: when it is back, the pushes go out',
    async (hours) => {
      const w = await world();
      const token = await w.register('bob', 'phone');
      await w.settle();
      w.apns.production.script.decide = () => unavailable;
      const chat = await w.conversation(['ann', 'bob']);
      for (let n = 0; n < 20; n += 1) await w.send(chat, 'ann');
      await w.pass(2_000);
      w.setTimeOfDay(hours * hour);
      await w.pass(2_000);
      w.apns.production.script.clear();
      await w.pass(1_000);
      expect(w.numbers(token).at(-1)).toBe(20);
      await w.send(chat, 'ann', hello);
      await w.settle();
      expect([w.rings(token, 'Hello'), w.numbers(token).at(-1)]).toEqual([1, 21]);
    },
  );

  test('promise 7: what a process that died had in flight is corrected, also where the time of day was set back since', async () => {
    const w = await world({ sweepMs: longAway }, { requestTimeoutMs: 400 });
    const token = await w.register('bob', 'phone');
    await w.settle();
    const chat = await w.conversation(['ann', 'bob']);
    w.apns.production.script.add({ hold: 'request' });
    await w.send(chat, 'ann');
    void w.clock.advance(100);
    await eventually(() => expect(w.apns.production.script.held).toBe(1));
    await w.dispatcher.close();
    await w.dispatcher.settled();
    await w.store.push.settle(w.app, [{ device: 'phone', accepted: null }], w.now());
    w.setTimeOfDay(-2 * hour);
    await w.restart();
    await w.send(chat, 'ann');
    await w.settle();
    const before = w.numbers(token);
    expect(before.at(-1)).toBe(2);
    w.apns.production.script.release();
    await eventually(() => expect(w.numbers(token)).toEqual([...before, 1]));
    await w.pass(10_000);
    expect(w.numbers(token)).toEqual([...before, 1, 2]);
  });

  test('a payload that a device refuses is not sent again with every sweep', async () => {
    const w = await world({ sweepMs: 50, devicesPerPage: 1 });
    await w.register('bob', 'z');
    await w.settle();
    w.verdicts.splice(0);
    w.apns.production.script.decide = () => ({
      reply: { status: 400, body: '{"reason":"BadCollapseId"}' },
    });
    await w.register('bob', 'a');
    await w.pass(2_000);
    expect(kinds(w)).toEqual(['rejected']);
  });
});

describe('many changes at once', () => {
  test('are one walk through all devices at a time, and one more after it', async () => {
    const w = await world();
    await w.register('bob', 'phone');
    await w.settle();
    const walks: (() => void)[] = [];
    const devicesAfter: PushStore['devicesAfter'] = async (...wanted) => {
      await new Promise<void>((goOn) => walks.push(goOn));
      return w.store.push.devicesAfter(...wanted);
    };
    await w.restart({ push: { devicesAfter }, settings: { coalesceMs: 1, sweepMs: longAway } });
    await eventually(() => expect(walks).toHaveLength(1));
    for (let n = 0; n < 20; n += 1) {
      await w.store.apps.update(w.app, { settings: { includeAnnouncements: n % 2 === 0 } });
      await w.clock.advance(5, () => new Promise((done) => setImmediate(done)));
    }
    expect(walks).toHaveLength(1);
    walks[0]?.();
    await eventually(() => expect(walks).toHaveLength(2));
    walks[1]?.();
    await w.settle();
    expect(walks).toHaveLength(2);
  });
});
