/** Devices: registered, listed, moved and unregistered, over both forms of the address. */
import { randomBytes } from 'node:crypto';
import { limits } from '@badged/core';
import { ApnsService, generateApnsKey } from '@badged/dev-push';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../push/delivery_world.js';
import { expectError } from './expect_error.js';
import { openWorld, type World } from './world.js';

let world: World;
let apns: ApnsService;
let sandbox: ApnsService;

beforeAll(async () => {
  const { key, trust } = generateApnsKey();
  apns = await ApnsService.listen({ trust });
  sandbox = await ApnsService.listen({ trust });
  const apnsOrigins = { production: apns.origin, development: sandbox.origin };
  world = await openWorld({ providers: { apnsOrigins } });
  const body = { key_id: key.keyId, team_id: key.teamId, private_key: key.privateKey };
  const set = await world.send('PUT', `/admin/apps/${world.app}/push/apns`, {
    token: world.adminToken,
    body,
  });
  expect(set.statusCode).toBe(200);
});
afterAll(async () => {
  await world.close();
  await apns.close();
  await sandbox.close();
});

const newToken = () => randomBytes(32).toString('hex');
const apnsDevice = (device_id: string, token = newToken()) => ({
  device_id,
  type: 'apns',
  token,
  apns_bundle_id: 'com.example.chat',
});
const register = (user: string, body: object) =>
  world.inApp('POST', `/users/${encodeURIComponent(user)}/push_tokens`, { body });
const list = async (user: string) =>
  (await world.inApp('GET', `/users/${encodeURIComponent(user)}/push_tokens`)).json();

/** What a browser's subscription looks like: the key is a point of the curve. */
const subscription = {
  endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/abc',
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
};

describe('registering a device', () => {
  test('is 202, and the list shows it without what one could push to it with', async () => {
    const token = newToken();
    const answer = await register('ann', { ...apnsDevice('phone', token), apns_environment: 'development' });
    expect([answer.statusCode, answer.body]).toEqual([202, '']);
    const listed = await world.inApp('GET', '/users/ann/push_tokens');
    expect(listed.json()).toMatchObject([
      {
        device_id: 'phone',
        type: 'apns',
        apns_bundle_id: 'com.example.chat',
        apns_environment: 'development',
        registered_at: new Date(world.clock.now).toISOString(),
      },
    ]);
    expect(listed.body).not.toContain(token);
  });

  test('brings it up to date at once, and the list says what it accepted', async () => {
    await world.inApp('PUT', '/users/bea/badge', { body: { external_unread_count: 7 } });
    const token = newToken();
    await register('bea', apnsDevice('bea-phone', token));
    await eventually(() => expect(apns.accepted.badge(token)).toBe(7));
    await eventually(async () =>
      expect(await list('bea')).toMatchObject([{ badge: 7, badge_accepted_at: expect.any(String) }]),
    );
  });

  test('on Android beyond the pace of FCM, the list says until when the newest number is held back', async () => {
    const android = { device_id: 'hal-phone', type: 'fcm', token: 'of-hal' };
    const show = async (count: number) => {
      await world.inApp('PUT', '/users/hal/badge', { body: { external_unread_count: count } });
      await register('hal', android);
    };
    for (let count = 1; count <= 20; count += 1) {
      await show(count);
      await eventually(async () => expect(await list('hal')).toMatchObject([{ badge: count }]));
    }
    expect((await list('hal'))[0]).not.toHaveProperty('badge_held_back_until');
    await show(21);
    await eventually(async () =>
      expect(await list('hal')).toMatchObject([
        { badge: 20, badge_held_back_until: expect.stringMatching(/^\d{4}-.*Z$/) },
      ]),
    );
  });

  test('for another user moves it, and the icon shows their number', async () => {
    const token = newToken();
    await world.inApp('PUT', '/users/first/badge', { body: { external_unread_count: 3 } });
    await world.inApp('PUT', '/users/second/badge', { body: { external_unread_count: 5 } });
    await register('first', apnsDevice('shared', token));
    await eventually(() => expect(apns.accepted.badge(token)).toBe(3));
    await register('second', apnsDevice('shared', token));
    await eventually(() => expect(apns.accepted.badge(token)).toBe(5));
    expect(await list('first')).toEqual([]);
    expect(await list('second')).toMatchObject([{ device_id: 'shared' }]);
  });

  test("promise 8: with a user token, the id of another user's device is not enough to move it", async () => {
    const token = newToken();
    await register('victim', apnsDevice('known-id', token));
    const thief = await world.userToken('thief');
    const asThief = (path: string, body: object) => world.send('POST', path, { token: thief, body });
    const ownPath = '/push_tokens';
    for (const path of [`/apps/${world.app}/users/thief/push_tokens`, ownPath]) {
      const refused = await asThief(path, apnsDevice('known-id'));
      expect(refused.json()).toMatchObject({ code: 111 });
      expect(refused.statusCode).toBe(409);
    }
    expect(await list('victim')).toMatchObject([{ device_id: 'known-id' }]);
    expect(await list('thief')).toEqual([]);
    const shown = apnsDevice('known-id', token);
    expect((await asThief(ownPath, shown)).statusCode).toBe(202);
    expect([await list('victim'), (await list('thief')).length]).toEqual([[], 1]);
    expect((await register('victim', apnsDevice('known-id'))).statusCode).toBe(202);
    expect((await list('victim')).length).toBe(1);
  });

  test('gcm is fcm, and takes the sender id of old clients', async () => {
    await register('old', { device_id: 'android', type: 'gcm', token: 'a:b_c-d', gcm_sender_id: '1234' });
    expect(await list('old')).toMatchObject([{ device_id: 'android', type: 'fcm' }]);
  });

  test('a browser registers its subscription as it got it', async () => {
    const body = { device_id: 'b', type: 'webpush', subscription: { ...subscription, expirationTime: null } };
    expect((await register('web', body)).statusCode).toBe(202);
    const listed = await world.inApp('GET', '/users/web/push_tokens');
    expect(listed.json()).toMatchObject([{ device_id: 'b', type: 'webpush' }]);
    for (const secret of [subscription.endpoint, subscription.keys.p256dh, subscription.keys.auth])
      expect(listed.body).not.toContain(secret);
  });

  test('a token in capital letters is the same device', async () => {
    const token = newToken();
    await register('caps', apnsDevice('one', token));
    await register('caps', apnsDevice('two', token.toUpperCase()));
    expect(await list('caps')).toMatchObject([{ device_id: 'two' }]);
  });

  test(`beyond ${limits.devicesPerUser}, the least recently used makes room and is sent 0`, async () => {
    await world.inApp('PUT', '/users/many/badge', { body: { external_unread_count: 2 } });
    const oldest = newToken();
    await register('many', apnsDevice('many-0', oldest));
    await eventually(() => expect(apns.accepted.badge(oldest)).toBe(2));
    for (let n = 1; n <= limits.devicesPerUser; n += 1) {
      world.clock.now += 1_000;
      await register('many', apnsDevice(`many-${n}`));
    }
    const devices: { device_id: string }[] = await list('many');
    expect(devices).toHaveLength(limits.devicesPerUser);
    expect(devices.map(({ device_id }) => device_id)).not.toContain('many-0');
    await eventually(() => expect(apns.accepted.badge(oldest)).toBe(0));
  });
});

describe('unregistering', () => {
  test('sends 0, forgets the device, and is the same once more', async () => {
    const token = newToken();
    await world.inApp('PUT', '/users/leaver/badge', { body: { external_unread_count: 4 } });
    await register('leaver', apnsDevice('left', token));
    await eventually(() => expect(apns.accepted.badge(token)).toBe(4));
    const answer = await world.inApp('DELETE', '/users/leaver/push_tokens/left');
    expect([answer.statusCode, answer.body]).toEqual([202, '']);
    expect(await list('leaver')).toEqual([]);
    await eventually(() => expect(apns.accepted.badge(token)).toBe(0));
    await eventually(async () =>
      expect(await world.service.store.push.device(world.app, 'left')).toBeUndefined(),
    );
    expect((await world.inApp('DELETE', '/users/leaver/push_tokens/left')).statusCode).toBe(202);
  });

  test("of another user's device does nothing", async () => {
    await register('owner', apnsDevice('owned'));
    await world.inApp('DELETE', '/users/other/push_tokens/owned');
    expect(await list('owner')).toMatchObject([{ device_id: 'owned' }]);
  });
});

test('the client form does all of it for the user of the token', async () => {
  const token = await world.userToken('self');
  const body = { device_id: 'own', type: 'fcm', token: 'abc' };
  expect((await world.send('POST', '/push_tokens', { token, body })).statusCode).toBe(202);
  expect((await world.send('GET', '/push_tokens', { token })).json()).toMatchObject([{ device_id: 'own' }]);
  expect(await list('self')).toMatchObject([{ device_id: 'own' }]);
  expect((await world.send('DELETE', '/push_tokens/own', { token })).statusCode).toBe(202);
  expect(await list('self')).toEqual([]);
});

test('in a batch, registering and unregistering take effect in order', async () => {
  const device = { user_id: 'batch', device_id: 'x', type: 'fcm', token: 'of-x' };
  const answers = await world.inApp('POST', '/events', {
    body: [
      { operation: 'register_push_token', ...device },
      { operation: 'unregister_push_token', user_id: 'batch', device_id: 'x' },
      { operation: 'register_push_token', ...device, device_id: 'y', token: 'of-y' },
    ],
  });
  expect(answers.json()).toEqual([{ status: 202 }, { status: 202 }, { status: 202 }]);
  expect(await list('batch')).toMatchObject([{ device_id: 'y' }]);
});

describe('what cannot be pushed to is refused, and nothing changes', () => {
  const good = { device_id: 'd', type: 'apns', token: 'ab'.repeat(32), apns_bundle_id: 'com.example.chat' };
  const web = { device_id: 'd', type: 'webpush', subscription };
  const endpoint = (url: string) => ({ ...web, subscription: { ...subscription, endpoint: url } });
  const without = (name: string) =>
    Object.fromEntries(Object.entries(good).filter(([property]) => property !== name));

  test.each([
    ['device_id', without('device_id')],
    ['type', without('type')],
    ['token', without('token')],
    ['apns_bundle_id', without('apns_bundle_id')],
    ['token', { device_id: 'd', type: 'fcm' }],
    ['subscription', { device_id: 'd', type: 'webpush' }],
    ['subscription.keys', { ...web, subscription: { endpoint: subscription.endpoint } }],
  ])('without %s', async (property, body) => {
    expectError(await register('refused', body), 'missing_property', { property });
  });

  test.each([
    ['device_id', { ...good, device_id: '' }],
    ['device_id', { ...good, device_id: 'x'.repeat(limits.deviceIdBytes + 1) }],
    ['device_id', { ...good, device_id: 7 }],
    ['type', { ...good, type: 'mpns' }],
    ['token', { ...good, token: 'not hexadecimal' }],
    ['token', { ...good, token: 'abc' }],
    ['token', { ...good, token: '' }],
    ['token', { ...good, token: `<${'ab'.repeat(32)}>` }],
    ['token', { device_id: 'd', type: 'fcm', token: '' }],
    ['token', { device_id: 'd', type: 'fcm', token: 'with a space' }],
    ['token', { device_id: 'd', type: 'fcm', token: 'x'.repeat(limits.pushTokenBytes + 1) }],
    ['apns_bundle_id', { ...good, apns_bundle_id: 'com.example/chat' }],
    ['apns_environment', { ...good, apns_environment: 'staging' }],
    ['subscription', { ...web, subscription: 'https://push.example' }],
    ['subscription', { ...web, subscription: { ...subscription, keys: { p256dh: 'AAAA', auth: 'AAAA' } } }],
    ['subscription', endpoint('http://updates.push.services.mozilla.com/wpush/v2/abc')],
    ['subscription', endpoint('https://attacker.example/fcm.googleapis.com')],
    ['subscription', endpoint('https://fcm.googleapis.com@attacker.example/')],
    ['subscription', endpoint('https://169.254.169.254/latest')],
    ['subscription', endpoint('https://[::1]/')],
    ['subscription', endpoint('http://127.0.0.1:8025/push')],
  ])('a wrong %s', async (property, body) => {
    const answer = await register('refused', body);
    expectError(answer, 'invalid_property', { property });
    expect(await list('refused')).toEqual([]);
  });
});
