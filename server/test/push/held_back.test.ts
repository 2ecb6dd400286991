/**
 * The pace of a device on FCM, which delays collapsible messages beyond 20 and one in three minutes without a word: what
 * is held back counts as not delivered, and FCM is never given what it would delay.
 */
import { fcmCollapsibleLimit } from '@badged/dev-push';
import { expect, onTestFinished, test } from 'vitest';
import type { Device } from '../../src/store/push_port.js';
import { DeliveryWorld } from './delivery_world.js';
import { type FcmRig, fcmRig } from './transport/rigs.js';

const minute = 60_000;
const hello = { title: 'Ann', text: 'Hello' };

class Phone {
  readonly w: DeliveryWorld;
  readonly fcm: FcmRig;
  readonly token: string;

  private constructor(w: DeliveryWorld, fcm: FcmRig, token: string) {
    this.w = w;
    this.fcm = fcm;
    this.token = token;
  }

  static async open(): Promise<Phone> {
    const w = await DeliveryWorld.open({
      dispatcher: { sweepMs: minute, badgePace: { burst: 20, refillMs: 3 * minute } },
    });
    const fcm = await fcmRig({ now: () => w.now(), collapsibleLimit: fcmCollapsibleLimit });
    onTestFinished(async () => {
      await w.close();
      await fcm.close();
      expect(w.errors).toEqual([]);
    });
    await w.restart({ fcm });
    const target = fcm.newDevice();
    await w.registerTarget('bob', 'phone', target);
    await w.pass(1_000);
    return new Phone(w, fcm, target.token);
  }

  /** Every number that FCM accepted, in order. */
  get accepted(): (number | undefined)[] {
    return this.fcm.service.accepted.of(this.token).map(({ badge }) => badge);
  }

  get payloads(): string[] {
    return this.fcm.service.accepted.of(this.token).map(({ payload }) => payload);
  }

  async stored(): Promise<Device> {
    const device = await this.w.store.push.device(this.w.app, 'phone');
    if (device === undefined) throw new Error('there is no phone');
    return device;
  }

  async setCount(count: number): Promise<void> {
    const counts = [{ user: 'bob', name: '', count }];
    await this.w.store.execute<'set_external'>(this.w.app, { type: 'set_external', counts });
    await this.w.pass(1_000);
  }

  /** The first push, of 0, and these use up the burst. */
  async useUpBurst(): Promise<void> {
    for (let count = 1; count < 20; count += 1) await this.setCount(count);
    expect(this.accepted).toHaveLength(20);
  }
}

test('promise 7: a chatty hour on FCM: FCM delays nothing, and gets the newest number as soon as it would deliver it', async () => {
  const phone = await Phone.open();
  const { w, fcm, token } = phone;
  const seconds = 3_600;
  const behind: number[] = [];
  for (let second = 1; second <= seconds; second += 1) {
    await phone.setCount(second);
    expect(fcm.service.isDelayed(token)).toBe(false);
    behind.push(second - (fcm.service.shown(token) ?? 0));
  }
  await w.pass(3 * minute);
  expect(fcm.service.shown(token)).toBe(seconds);
  expect((await phone.stored()).accepted).toBe(seconds);
  // The burst, one for each three minutes of the hour, and the last.
  expect(phone.accepted.length).toBeLessThanOrEqual(20 + 3_600 / 180 + 1);
  expect(Math.max(...behind), 'never further behind than three minutes').toBeLessThanOrEqual(180);
});

test('what is held back counts as not delivered, and the lane says until when', async () => {
  const phone = await Phone.open();
  const { w } = phone;
  await phone.useUpBurst();
  await phone.setCount(90);
  await phone.setCount(91);
  const device = await phone.stored();
  expect(device.accepted).toBe(19);
  const until = w.dispatcher.heldBackUntil(w.app, device) ?? 0;
  expect(until).toBeGreaterThan(w.now());
  expect(w.dispatcher.heldBack('fcm')).toBe(1);
  await w.pass(until - w.now() - 1);
  expect((await phone.stored()).accepted).toBe(19);
  await w.pass(1);
  expect(phone.accepted.slice(20)).toEqual([91]);
  expect([w.dispatcher.heldBackUntil(w.app, device), w.dispatcher.heldBack('fcm')]).toEqual([undefined, 0]);
});

test('an alert goes first, carries the newest number, and takes nothing from the pace', async () => {
  const phone = await Phone.open();
  const { w, fcm, token } = phone;
  await phone.useUpBurst();
  await phone.setCount(90);
  const chat = await w.conversation(['ann', 'bob']);
  for (let n = 0; n < 30; n += 1) await w.send(chat, 'ann', hello);
  await w.pass(1_000);
  expect(phone.payloads.filter((payload) => payload.includes('Hello'))).toHaveLength(30);
  expect(
    phone.payloads.filter((payload) => payload.includes('Hello') && payload.includes('collapse_key')),
  ).toEqual([]);
  expect([phone.accepted.at(-1), fcm.service.shown(token), (await phone.stored()).accepted]).toEqual([
    120, 120, 120,
  ]);
  await phone.setCount(91);
  const until = w.dispatcher.heldBackUntil(w.app, await phone.stored()) ?? 0;
  expect(until - w.now()).toBeLessThanOrEqual(3 * minute);
});

test('the last 0 of a device that unregisters does not wait', async () => {
  const phone = await Phone.open();
  const { w } = phone;
  await phone.useUpBurst();
  await phone.setCount(90);
  const device = await w.store.push.unregister(w.app, 'bob', 'phone');
  if (device !== undefined) w.dispatcher.deviceChanged(w.app, device);
  await w.pass(1_000);
  expect(phone.accepted.slice(20)).toEqual([0]);
  expect(await w.store.push.device(w.app, 'phone')).toBeUndefined();
});

test('a restart forgets the pace: the newest number goes at once', async () => {
  const phone = await Phone.open();
  await phone.useUpBurst();
  await phone.setCount(90);
  await phone.w.restart({ fcm: phone.fcm });
  await phone.w.pass(1_000);
  expect(phone.accepted.slice(20)).toEqual([90]);
});

test('a push that FCM did not accept takes nothing', async () => {
  const phone = await Phone.open();
  const unavailable = { reply: { status: 503, body: '{"error":{"details":[{"errorCode":"UNAVAILABLE"}]}}' } };
  phone.fcm.service.script.add({ ...unavailable, times: 5 });
  for (let count = 1; count < 20; count += 1) await phone.setCount(count);
  await phone.w.pass(1_000);
  expect(phone.accepted.at(-1)).toBe(19);
});
