/** Promise 7 where it is tight: moves, crashes, outages and faults, against a real store and a real local APNs. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Dispatcher, type DispatcherSettings } from '../../src/push/dispatcher.js';
import { type Sender, senderOf } from '../../src/push/sender.js';
import type { Verdict } from '../../src/push/transport/verdict.js';
import type { PushTarget } from '../../src/push_target.js';
import type { Store } from '../../src/store/port.js';
import type { PushStore } from '../../src/store/push_port.js';
import { type DeliveryWorld, deliveryWorld, eventually, newDispatcher, quick } from './delivery_world.js';
import { type FcmRig, fcmRig } from './transport/rigs.js';

const hello = { title: 'Ann', text: 'Hello' };
const unavailable = { answer: { status: 503, body: '{"reason":"ServiceUnavailable"}' } };
const refused = { answer: { status: 403, body: '{"reason":"InvalidProviderToken"}' } };
const longAway = 3_600_000;
const restsForLong = { concurrency: 1, firstRestMs: 60_000, longestRestMs: 60_000 };

async function world(settings: Partial<DispatcherSettings> = {}): Promise<DeliveryWorld> {
  const made = await deliveryWorld(settings);
  onTestFinished(() => made.close());
  return made;
}

/** The world's store, with some of what push delivery asks of it done otherwise. */
function withPush(store: Store, push: Partial<PushStore>): Store {
  const own = new Map<string | symbol, unknown>(Object.entries(push));
  const bound = (target: object, key: string | symbol) => {
    const value: unknown = Reflect.get(target, key);
    return typeof value === 'function' ? value.bind(target) : value;
  };
  const altered = new Proxy(store.push, { get: (target, key) => own.get(key) ?? bound(target, key) });
  return new Proxy(store, { get: (target, key) => (key === 'push' ? altered : bound(target, key)) });
}

interface Restart {
  readonly push?: Partial<PushStore>;
  readonly settings?: Partial<DispatcherSettings>;
  readonly fcm?: FcmRig;
}

/** Another dispatcher for the world, as after a restart. */
async function restarted(
  { store, apns, dispatcher }: DeliveryWorld,
  { push = {}, settings = {}, fcm }: Restart = {},
): Promise<{ dispatcher: Dispatcher; errors: unknown[]; verdicts: Verdict[] }> {
  await dispatcher.close();
  const errors: unknown[] = [];
  const verdicts: Verdict[] = [];
  const isApns = (target: PushTarget) => target.platform === 'apns';
  const isFcm = (target: PushTarget) => target.platform === 'fcm';
  const next = new Dispatcher({
    store: withPush(store, push),
    openSender: async (_app, platform): Promise<Sender> => ({
      ...(platform === 'fcm' && fcm !== undefined
        ? senderOf(fcm.transport, isFcm)
        : senderOf(apns.transport, isApns)),
      close: async () => {},
    }),
    now: Date.now,
    settings: { ...quick, ...settings },
    onOutcome: (_platform, verdict) => verdicts.push(verdict),
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => next.close());
  next.start();
  return { dispatcher: next, errors, verdicts };
}

function rings({ apns }: DeliveryWorld, token: string): number {
  return apns.production.accepted.of(token).filter(({ payload }) => payload.includes('Hello')).length;
}

describe('a device that moves', () => {
  test('promise 8: whoever signs in on it does not get the alert that waited for the one before', async () => {
    const w = await world();
    const token = await w.register('bob', 'phone');
    await eventually(() => expect(w.apns.production.accepted.total).toBe(1));
    w.apns.production.script.decide = () => unavailable;
    await w.send(await w.conversation(['ann', 'bob']), 'ann', hello);
    await eventually(() => expect(w.verdicts.some(({ kind }) => kind === 'retry')).toBe(true));
    const before = await w.store.push.device(w.app, 'phone');
    if (before === undefined) throw new Error('there is no phone');
    const eves = { id: 'phone', user: 'eve', target: before.target };
    await w.store.push.register(w.app, eves, { devicesPerUser: 25, now: Date.now() });
    // What was sent before she signed in has been refused by then.
    await delay(100);
    w.apns.production.script.clear();
    await eventually(async () => {
      expect(await w.store.push.depth(w.app)).toBe(0);
      expect((await w.store.push.device(w.app, 'phone'))?.accepted).toBe(0);
    });
    expect(rings(w, token)).toBe(0);
  });

  test('promise 7: a push that is on its way to the target is waited for, also if the id is another now', async () => {
    const w = await world();
    const token = await w.register('bob', 'old name');
    await eventually(() => expect(w.apns.production.accepted.total).toBe(1));
    w.apns.production.script.add({ hold: 'request' });
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    await eventually(() => expect(w.apns.production.script.held).toBe(1));
    const target = (await w.store.push.device(w.app, 'old name'))?.target;
    if (target === undefined) throw new Error('there is no device');
    const renamed = { id: 'new name', user: 'eve', target };
    await w.store.push.register(w.app, renamed, { devicesPerUser: 25, now: Date.now() });
    const device = await w.store.push.device(w.app, 'new name');
    if (device === undefined) throw new Error('there is no device');
    w.dispatcher.deviceChanged(w.app, device);
    await delay(100);
    w.apns.production.script.release();
    await delay(300);
    await eventually(() => expect(w.apns.production.accepted.badge(token)).toBe(0));
  });

  test('to another platform under its own id is not disturbed by what the old one had under way', async () => {
    const w = await world();
    const fcm = await fcmRig();
    onTestFinished(() => fcm.close());
    const { verdicts } = await restarted(w, { fcm });
    const old = w.apns.newDevice();
    const register = (target: PushTarget) =>
      w.store.push.register(
        w.app,
        { id: 'phone', user: 'bob', target },
        { devicesPerUser: 25, now: Date.now() },
      );
    await register(old);
    await eventually(() => expect(w.apns.production.accepted.badge(old.token)).toBe(0));
    w.apns.production.script.decide = () => unavailable;
    await w.send(await w.conversation(['ann', 'bob']), 'ann', hello);
    await eventually(() => expect(verdicts.some(({ kind }) => kind === 'retry')).toBe(true));
    const target = fcm.newDevice();
    await register(target);
    await eventually(async () => expect(await w.store.push.depth(w.app)).toBe(0));
    await eventually(() => expect(fcm.service.accepted.badge(target.token)).toBe(1));
    expect(verdicts.filter(({ kind }) => kind === 'rejected')).toEqual([]);
  });
});

describe('a device that leaves', () => {
  test('is forgotten also if it shows 0 already', async () => {
    const w = await world();
    await w.register('bob', 'phone');
    await eventually(async () => expect((await w.store.push.device(w.app, 'phone'))?.accepted).toBe(0));
    await w.store.push.unregister(w.app, 'bob', 'phone');
    await eventually(async () => expect(await w.store.push.device(w.app, 'phone')).toBeUndefined(), 2_000);
  });

  test('is forgotten also if it can be sent no number, since badges are disabled', async () => {
    const w = await world();
    await w.register('bob', 'phone');
    await eventually(() => expect(w.apns.production.accepted.total).toBe(1));
    await w.store.apps.update(w.app, { settings: { mode: 'disabled' } });
    await w.store.push.unregister(w.app, 'bob', 'phone');
    await eventually(async () => expect(await w.store.push.device(w.app, 'phone')).toBeUndefined(), 2_000);
  });
});

describe('alerts', () => {
  test('that arrive while others are being claimed are not left to the next sweep', async () => {
    const w = await world({ sweepMs: longAway });
    await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    let claims = 0;
    const claim: PushStore['claim'] = async (...wanted) => {
      const claimed = await w.store.push.claim(...wanted);
      claims += 1;
      // Somebody writes while the store says that there is nothing.
      if (claims === 1) await w.send(chat, 'ann', hello);
      return claimed;
    };
    await restarted(w, { push: { claim }, settings: { sweepMs: longAway } });
    await eventually(() => expect(claims).toBeGreaterThan(0));
    await eventually(async () => expect(await w.store.push.depth(w.app)).toBe(0), 2_000);
  });

  test('for devices that nobody reaches do not keep those for others waiting', async () => {
    const w = await world({ openAlerts: 3 });
    const [away, here] = [await w.register('bob', 'away'), await w.register('cid', 'here')];
    await eventually(() => expect(w.apns.production.accepted.total).toBe(2));
    w.apns.production.script.decide = (token) => (token === away ? unavailable : undefined);
    const nobody = await w.conversation(['ann', 'bob']);
    for (let n = 0; n < 6; n += 1) await w.send(nobody, 'ann', hello);
    await w.send(await w.conversation(['ann', 'cid']), 'ann', hello);
    await eventually(() => expect(rings(w, here)).toBe(1));
  });

  test('that have expired are done with, also while the transport rests', async () => {
    const w = await world({ breaker: { ...restsForLong, failures: 1, misconfigurations: 1 } });
    await Promise.all(['bob', 'cid', 'dee'].map((user) => w.register(user, user)));
    await eventually(() => expect(w.apns.production.accepted.total).toBe(3));
    w.apns.production.script.decide = () => refused;
    const content = { notification: JSON.stringify(hello), expiresAt: Date.now() + 500 };
    await w.store.push.enqueue(w.app, { id: 'one', users: ['bob', 'cid', 'dee'], content });
    await eventually(() => expect(w.dispatcher.resting).toHaveLength(1));
    await eventually(async () => expect(await w.store.push.depth(w.app)).toBe(0), 3_000);
  });
});

describe('what goes wrong', () => {
  test('promise 7: a sweep that fails is not the last one', async () => {
    const w = await world();
    let failures = 0;
    const devicesAfter: PushStore['devicesAfter'] = async (...wanted) => {
      failures += 1;
      if (failures === 1) throw new Error('this once');
      return w.store.push.devicesAfter(...wanted);
    };
    await delay(100);
    const { errors } = await restarted(w, { push: { devicesAfter } });
    await eventually(() => expect(errors).toHaveLength(1));
    const token = w.apns.newDevice();
    const device = { id: 'phone', user: 'bob', target: token };
    await w.store.push.register(w.app, device, { devicesPerUser: 25, now: Date.now() });
    await eventually(() => expect(w.apns.production.accepted.badge(token.token)).toBe(0), 2_000);
  });

  test('a provider that asks for patience of centuries is not asked again at once', async () => {
    const w = await world();
    w.apns.production.script.decide = () => ({
      answer: {
        status: 429,
        headers: { 'retry-after': '99999999999' },
        body: '{"reason":"TooManyRequests"}',
      },
    });
    await w.register('bob', 'phone');
    await eventually(() => expect(w.verdicts.length).toBeGreaterThan(0));
    await delay(300);
    expect(w.verdicts).toHaveLength(1);
  });

  test('promise 7: what a process that died had on its way is corrected, also where an alert comes first', async () => {
    const w = await world({ sweepMs: longAway });
    const token = await w.register('bob', 'phone');
    await eventually(() => expect(w.apns.production.accepted.total).toBe(1));
    const chat = await w.conversation(['ann', 'bob']);
    w.apns.production.script.add({ hold: 'request' });
    await w.send(chat, 'ann');
    await eventually(() => expect(w.apns.production.script.held).toBe(1));
    await w.send(chat, 'ann', hello);
    // Its claims end with the process; what the provider holds does not.
    await w.dispatcher.close();
    await delay(600);
    await w.store.push.end(w.app, [{ device: 'phone', accepted: null }], Date.now());
    const later = () => Date.now() + 1_000_000;
    await w.store.push.claim(w.app, 9, { now: later(), until: Date.now() });
    const next = newDispatcher(w.store, w.apns, w.verdicts, { sweepMs: 300 });
    onTestFinished(() => next.close());
    next.start();
    await eventually(() => expect(w.apns.production.accepted.badge(token)).toBe(2));
    w.apns.production.script.release();
    await eventually(() => expect(w.apns.production.accepted.badge(token)).toBe(1));
    await eventually(() => expect(w.apns.production.accepted.badge(token)).toBe(2), 4_000);
  });

  test('a payload that a device refuses is not sent again with every sweep', async () => {
    const w = await world({ sweepMs: 50, devicesPerPage: 1 });
    await w.register('bob', 'z');
    await eventually(() => expect(w.verdicts).toHaveLength(1));
    w.verdicts.splice(0);
    w.apns.production.script.decide = () => ({
      answer: { status: 400, body: '{"reason":"BadCollapseId"}' },
    });
    await w.register('bob', 'a');
    await eventually(() => expect(w.verdicts.length).toBeGreaterThan(0));
    await delay(500);
    expect(w.verdicts).toHaveLength(1);
  });
});

describe('many changes at once', () => {
  test('are one walk through all devices at a time, and one more after it', async () => {
    const w = await world();
    await w.register('bob', 'phone');
    let walking = 0;
    let most = 0;
    let walks = 0;
    const devicesAfter: PushStore['devicesAfter'] = async (...wanted) => {
      walking += 1;
      walks += 1;
      most = Math.max(most, walking);
      await delay(100);
      walking -= 1;
      return w.store.push.devicesAfter(...wanted);
    };
    await restarted(w, { push: { devicesAfter }, settings: { coalesceMs: 1, sweepMs: longAway } });
    for (let n = 0; n < 20; n += 1) {
      await w.store.apps.update(w.app, { settings: { includeAnnouncements: n % 2 === 0 } });
      await delay(5);
    }
    await eventually(() => expect(walking).toBe(0));
    await delay(150);
    expect(most).toBe(1);
    expect(walks).toBeGreaterThan(1);
    expect(walks).toBeLessThan(6);
  });
});
