/** The number on every device, end to end: the real server, and push services that speak the real protocols. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../push/delivery_world.js';
import { type PushingServer, pushingServer } from './pushing_server.js';

let world: PushingServer;
beforeAll(async () => {
  world = await pushingServer();
});
afterAll(() => world.close());

const parts = [{ body: 'Hi', mime_type: 'text/plain' }];

function send(conversation: string, user_id: string, more: object = {}) {
  const body = { sender: { user_id }, parts, ...more };
  return world.inApp('POST', `/conversations/${conversation}/messages`, body);
}

describe('a message with a notification', () => {
  test('reaches APNs, FCM and a browser, with the badge as the API says it', async () => {
    const phone = await world.apnsDevice('bob', 'bob-phone');
    const android = await world.fcmDevice('bob', 'bob-android');
    const browser = await world.browser('bob', 'bob-browser');
    await world.inApp('PUT', '/users/bob/badge', { external_unread_count: 3 });
    const conversation = await world.conversation(['alice', 'bob']);
    await send(conversation, 'alice', { notification: { title: 'Alice', text: 'Hi' } });
    expect(await world.badge('bob')).toBe(4);
    const { apns, fcm, webPush } = world.providers;
    const alerts = (accepted: readonly { payload: string }[]) =>
      accepted
        .map(({ payload }) => JSON.parse(payload))
        .filter((each) => JSON.stringify(each).includes('Alice'));
    await eventually(() => {
      expect(alerts(apns.accepted.of(phone))).toEqual([
        { aps: { alert: { title: 'Alice', body: 'Hi' }, badge: 4 } },
      ]);
      expect(alerts(fcm.accepted.of(android))).toMatchObject([
        { message: { notification: { title: 'Alice', body: 'Hi' }, data: { badge: '4' } } },
      ]);
      // What was decrypted with the keys of the subscription.
      expect(alerts(webPush.accepted.of(browser))).toMatchObject([
        { notification: { title: 'Alice', body: 'Hi', app_badge: '4' }, app_badge: '4' },
      ]);
    });
  });

  test('without one, the number alone goes out, and nothing to browsers', async () => {
    const phone = await world.apnsDevice('carol', 'carol-phone');
    const browser = await world.browser('carol', 'carol-browser');
    const conversation = await world.conversation(['alice', 'carol']);
    await send(conversation, 'alice');
    await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(1));
    const last = world.providers.apns.accepted.of(phone).at(-1);
    expect(last?.payload).toBe('{"aps":{"badge":1}}');
    expect(world.providers.webPush.accepted.of(browser)).toEqual([]);
  });
});

test('a message to 500 recipients with 1,000 devices: each push carries its own recipient’s badge', async () => {
  const users = Array.from({ length: 500 }, (_, n) => `member${n}`);
  const numbers = Object.fromEntries(users.map((user, n) => [user, n % 97]));
  await world.inApp('POST', '/users/badge', { users: numbers });
  const devices = users.flatMap((user) => [
    { user, device_id: `${user}-phone`, token: randomBytes(32).toString('hex') },
    { user, device_id: `${user}-tablet`, token: randomBytes(32).toString('hex') },
  ]);
  await world.apnsDevices(devices);
  const conversation = await world.conversation(['sender', ...users]);
  await send(conversation, 'sender', { notification: { title: 'To all', text: 'of you' } });
  const said = await world.inApp('POST', '/users/badge', { user_ids: users });
  const truth = new Map(users.map((user) => [user, badgeIn(said.json, user)]));
  expect(truth.get('member96')).toBe(97);
  const { accepted } = world.providers.apns;
  await eventually(() => {
    const shown = devices.map(({ user, device_id, token }) => {
      const alerts = accepted.of(token).filter(({ payload }) => payload.includes('To all'));
      return { user, device_id, badges: alerts.map(({ badge }) => badge) };
    });
    // `expect` for each device would take a processor while the pushes are sent.
    const isRight = ({ user, badges }: (typeof shown)[number]) =>
      badges.length === 1 && badges[0] === truth.get(user);
    expect(shown.filter((each) => !isRight(each)).slice(0, 3), 'devices with another badge').toEqual([]);
  }, 50_000);
});

describe('read on one device', () => {
  test("the other's badge is corrected within a second", async () => {
    const phone = await world.apnsDevice('dave', 'dave-phone');
    const conversation = await world.conversation(['alice', 'dave']);
    for (let n = 0; n < 3; n += 1) await send(conversation, 'alice');
    await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(3));
    const readAt = Date.now();
    await world.inApp('POST', `/users/dave/conversations/${conversation}/mark_all_read`, {});
    await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(0));
    const corrected = world.providers.apns.accepted.of(phone).find(({ badge }) => badge === 0);
    // The promise is a second. A machine that is busy with other tests gets another one.
    expect((corrected?.atMs ?? Number.NaN) - readAt).toBeLessThan(2_000);
  });

  test('50 messages one by one are a handful of pushes, and the last one is right', async () => {
    const phone = await world.apnsDevice('erin', 'erin-phone');
    const conversation = await world.conversation(['alice', 'erin']);
    const messages: string[] = [];
    for (let n = 0; n < 50; n += 1)
      messages.push(String((await send(conversation, 'alice')).json.id).replace('layer:///messages/', ''));
    await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(50));
    const before = world.providers.apns.accepted.of(phone).length;
    const responseMs = 200;
    world.providers.apns.script.add({ device: phone, delayMs: responseMs, times: Number.POSITIVE_INFINITY });
    const startedAt = performance.now();
    for (const message of messages)
      await world.inApp('POST', `/users/erin/messages/${message}/receipts`, { type: 'read' });
    await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(0));
    world.providers.apns.script.clear();
    // One push is in flight at a time, and the next has the newest number: on a busy machine the receipts outlast more of them.
    const responses = Math.ceil((performance.now() - startedAt) / responseMs);
    expect(world.providers.apns.accepted.of(phone).length - before).toBeLessThanOrEqual(1 + responses);
  });
});

test('promise 7: after kill -9, what was accepted before is still delivered', async () => {
  const phone = await world.apnsDevice('fay', 'fay-phone');
  await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(0));
  world.providers.apns.script.add({ device: phone, hold: 'request' });
  const conversation = await world.conversation(['alice', 'fay']);
  await send(conversation, 'alice', { notification: { title: 'Before the crash', text: 'x' } });
  await world.server.kill();
  world.providers.apns.script.clear();
  await world.start();
  await eventually(() => {
    const last = world.providers.apns.accepted.of(phone).findLast(({ payload }) => payload.includes('crash'));
    expect(last).toMatchObject({ badge: 1 });
  });
  expect(world.providers.apns.accepted.badge(phone)).toBe(1);
});

test('metrics count pushes by platform and verdict, and name nobody', async () => {
  const metrics = await (await fetch(`${world.server.url}/metrics`)).text();
  expect(metrics).toMatch(/badged_pushes_total\{platform="apns",verdict="delivered"\} [1-9]/);
  expect(metrics).toMatch(/badged_push_outbox_alerts \d/);
  expect(metrics).toContain('badged_push_resting_transports{platform="webpush",kind="misconfigured"} 0');
  expect(metrics).not.toMatch(/fay|bob/);
  expect(metrics).not.toContain(world.app);
});

test('with another secret key it says so, keeps everything, and goes on with the right one', async () => {
  const phone = await world.apnsDevice('gus', 'gus-phone');
  await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(0));
  await world.server.stop();
  await world.start({ BADGED_SECRET_KEY: 'ab'.repeat(32) });
  expect(world.server.logged()).toContain('sealed with another secret key');
  await world.inApp('PUT', '/users/gus/badge', { external_unread_count: 9 });
  const refused = await world.admin('GET', '/push/apns');
  expect([refused.status, refused.json.id]).toEqual([422, 'invalid_operation']);
  await eventually(async () => {
    const ready = await (await fetch(`${world.server.url}/readyz`)).text();
    expect(ready).toMatch(/"resting_push_transports":[1-9]/);
  });
  await world.server.stop();
  await world.start();
  await eventually(() => expect(world.providers.apns.accepted.badge(phone)).toBe(9));
});

function badgeIn(json: Record<string, unknown>, user: string): unknown {
  const users = 'users' in json ? json.users : json;
  const badge: unknown = typeof users === 'object' && users !== null ? Reflect.get(users, user) : undefined;
  return typeof badge === 'object' && badge !== null && 'badge' in badge ? badge.badge : undefined;
}
