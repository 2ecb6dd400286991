/** Push credentials: set, shown without secrets, tried out, and what a provider makes of wrong ones. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { DevProviders, generateApnsKey } from '@badged/dev-push';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../push/delivery_world.js';
import { expectError } from './expect_error.js';
import { type Method, openWorld, type World } from './world.js';

let world: World;
let providers: DevProviders;

beforeAll(async () => {
  providers = await DevProviders.listen();
  const { apns, apnsSandbox, fcm, webPush } = providers;
  world = await openWorld({
    providers: {
      apnsOrigins: { production: apns.origin, development: apnsSandbox.origin },
      fcmOrigin: fcm.origin,
      fcmTokenUrl: fcm.tokenUrl,
      webPushLocalOrigin: webPush.origin,
    },
  });
});
afterAll(async () => {
  await world.close();
  await providers.close();
});

const admin = (method: Method, path: string, body?: unknown) =>
  world.send(method, `/admin/apps/${world.app}/push/${path}`, {
    token: world.adminToken,
    ...(body !== undefined && { body }),
  });

const apnsBody = () => {
  const { keyId, teamId, privateKey } = providers.apnsKey;
  return { key_id: keyId, team_id: teamId, private_key: privateKey };
};
const webPushBody = { subject: 'mailto:push@example.com', navigate: 'https://chat.example.com/' };
const healthy = { state: 'ok', reason: null, since: null, next_try_at: null };

async function register(user: string, body: object): Promise<void> {
  const answer = await world.inApp('POST', `/users/${user}/push_tokens`, { body });
  expect(answer.statusCode).toBe(202);
}

async function registerApns(user: string, device_id: string): Promise<string> {
  const token = randomBytes(32).toString('hex');
  await register(user, { device_id, type: 'apns', token, apns_bundle_id: 'com.example.chat' });
  return token;
}

describe('setting and showing', () => {
  test('an APNs key is shown by its ids', async () => {
    const put = await admin('PUT', 'apns', apnsBody());
    const shown = {
      key_id: 'KEY1234567',
      team_id: 'TEAM123456',
      updated_at: new Date(world.clock.now).toISOString(),
      health: healthy,
    };
    expect([put.statusCode, put.json()]).toEqual([200, shown]);
    const get = await admin('GET', 'apns');
    expect([get.statusCode, get.json()]).toEqual([200, shown]);
  });

  test('the file of a service account is put as it is, and shown by project and address', async () => {
    const account = {
      ...providers.fcm.serviceAccount,
      token_uri: 'https://elsewhere.example/',
      client_id: '1',
    };
    expect((await admin('PUT', 'fcm', account)).statusCode).toBe(200);
    expect((await admin('GET', 'fcm')).json()).toMatchObject({
      project_id: 'local-project',
      client_email: 'badged@local-project.iam.gserviceaccount.com',
      health: healthy,
    });
  });

  test('VAPID keys are made where none are given, and stay when the rest changes', async () => {
    const made = (await admin('PUT', 'webpush', webPushBody)).json();
    expect(Buffer.from(made.public_key, 'base64url')).toHaveLength(65);
    const changed = await admin('PUT', 'webpush', { ...webPushBody, subject: 'https://example.com/push' });
    expect(changed.json()).toMatchObject({
      public_key: made.public_key,
      subject: 'https://example.com/push',
    });
    await admin('DELETE', 'webpush');
    expect((await admin('PUT', 'webpush', webPushBody)).json().public_key).not.toBe(made.public_key);
  });

  test('VAPID keys of an app that moves here are kept', async () => {
    const { publicKey: public_key, privateKey: private_key } = providers.vapidKeys;
    const put = await admin('PUT', 'webpush', { ...webPushBody, public_key, private_key });
    expect(put.json()).toMatchObject({ public_key });
    expect(put.body).not.toContain(private_key);
  });

  test('the setup of an app says what there is to read', async () => {
    const other = (method: Method, path: string, body?: object) =>
      world.send(method, `/admin/apps/${world.otherApp}/${path}`, {
        token: world.adminToken,
        ...(body && { body }),
      });
    expect((await other('GET', 'setup')).json()).toEqual({ login: false, push: [] });
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    await other('PUT', 'login', { url: 'https://app.example.com/login', keys: [key] });
    await other('PUT', 'push/webpush', webPushBody);
    expect((await other('GET', 'setup')).json()).toEqual({ login: true, push: ['webpush'] });
    await other('DELETE', 'login');
    await other('DELETE', 'push/webpush');
    expect((await other('GET', 'setup')).json()).toEqual({ login: false, push: [] });
  });

  test('what is deleted is gone, and every app has its own', async () => {
    expect((await admin('DELETE', 'fcm')).statusCode).toBe(204);
    expectError(await admin('GET', 'fcm'), 'not_found');
    expectError(await admin('DELETE', 'fcm'), 'not_found');
    const other = `/admin/apps/${world.otherApp}/push/apns`;
    expectError(await world.send('GET', other, { token: world.adminToken }), 'not_found');
    const none = `/admin/apps/00000000-0000-4000-8000-000000000000/push/apns`;
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', apnsBody()],
      ['DELETE', undefined],
    ] as const) {
      expectError(
        await world.send(method, none, { token: world.adminToken, ...(body && { body }) }),
        'not_found',
      );
    }
  });
});

describe('credentials are parsed when they are set', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const sec1 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'sec1', format: 'pem' })
    .toString();
  const key = { key_id: 'ABCDE12345', team_id: 'ABCDE12345', private_key: generateApnsKey().key.privateKey };
  const account = { project_id: 'p', client_email: 'a@p.example', private_key: rsa };
  const scalar = randomBytes(32).toString('base64url');

  test.each([
    ['apns', 'private_key', { ...key, private_key: 'distinctive-secret' }],
    ['apns', 'private_key', { ...key, private_key: rsa }],
    ['apns', 'private_key', { ...key, private_key: otherCurve }],
    ['apns', 'private_key', { ...key, private_key: sec1 }],
    ['apns', 'private_key', { ...key, private_key: key.private_key.slice(0, 90) }],
    ['apns', 'key_id', { ...key, key_id: 'short' }],
    ['apns', 'team_id', { ...key, team_id: '' }],
    ['fcm', 'private_key', { ...account, private_key: key.private_key }],
    ['fcm', 'private_key', { ...account, private_key: 'distinctive-secret' }],
    ['fcm', 'project_id', { ...account, project_id: '../x' }],
    ['fcm', 'client_email', { ...account, client_email: 'nobody' }],
    ['webpush', 'subject', { ...webPushBody, subject: 'me' }],
    ['webpush', 'subject', { ...webPushBody, subject: 'https://localhost/' }],
    ['webpush', 'subject', { ...webPushBody, subject: 'mailto:me@localhost' }],
    ['webpush', 'navigate', { ...webPushBody, navigate: '/chat' }],
    ['webpush', 'navigate', { ...webPushBody, navigate: 'javascript:alert(1)' }],
    ['webpush', 'private_key', { ...webPushBody, public_key: 'x', private_key: 'distinctive-secret' }],
    ['webpush', 'private_key', { ...webPushBody, public_key: scalar, private_key: scalar }],
  ])('%s with a wrong %s is refused, without quoting it', async (platform, property, body) => {
    const before = (await admin('GET', platform)).body;
    const answer = await admin('PUT', platform, body);
    expectError(answer, 'invalid_property', { property });
    expect(answer.body).not.toContain('distinctive-secret');
    expect((await admin('GET', platform)).body).toBe(before);
  });

  test.each([
    ['apns', 'private_key', { key_id: 'ABCDE12345', team_id: 'ABCDE12345' }],
    ['fcm', 'project_id', {}],
    ['webpush', 'subject', {}],
    ['webpush', 'public_key', { ...webPushBody, private_key: scalar }],
    ['webpush', 'private_key', { ...webPushBody, public_key: scalar }],
  ])('%s without %s is refused', async (platform, property, body) => {
    expectError(await admin('PUT', platform, body), 'missing_property', { property });
  });
});

describe('a test push', () => {
  beforeAll(async () => {
    await admin('PUT', 'apns', apnsBody());
    await admin('PUT', 'fcm', providers.fcm.serviceAccount);
    const { publicKey: public_key, privateKey: private_key } = providers.vapidKeys;
    await admin('PUT', 'webpush', { ...webPushBody, public_key, private_key });
    await world.inApp('PUT', '/users/tester/badge', { body: { external_unread_count: 6 } });
  });
  const tryOut = (platform: string, device_id: string, more: object = {}) =>
    admin('POST', `${platform}/test`, { user_id: 'tester', device_id, ...more });

  test('reaches one device on each platform, with the badge and what it was told to say', async () => {
    const apnsToken = await registerApns('tester', 'phone');
    const fcmToken = randomBytes(40).toString('base64url');
    await register('tester', { device_id: 'android', type: 'fcm', token: fcmToken });
    const subscription = providers.webPush.subscribe(providers.vapidKeys.publicKey);
    await register('tester', { device_id: 'browser', type: 'webpush', subscription });
    for (const [platform, device, accepted] of [
      ['apns', 'phone', () => providers.apns.accepted.of(apnsToken)],
      ['fcm', 'android', () => providers.fcm.accepted.of(fcmToken)],
      ['webpush', 'browser', () => providers.webPush.accepted.of(subscription.endpoint)],
    ] as const) {
      const answer = await tryOut(platform, device, { title: 'Tried', text: 'out' });
      expect([answer.statusCode, answer.json()]).toEqual([
        200,
        { verdict: 'delivered', reason: null, badge: 6 },
      ]);
      const last = accepted().find(({ payload }) => payload.includes('Tried'));
      expect(last).toMatchObject({ badge: 6 });
    }
  });

  test('says what the provider answered', async () => {
    const token = await registerApns('tester', 'removed');
    await eventually(() => expect(providers.apns.accepted.badge(token)).toBe(6));
    providers.apns.script.add({
      device: token,
      reply: { status: 400, body: '{"reason":"TopicDisallowed"}' },
    });
    const answer = (await tryOut('apns', 'removed')).json();
    expect(answer).toMatchObject({
      verdict: 'misconfigured',
      reason: expect.stringContaining('TopicDisallowed'),
    });
  });

  test('of an unknown device, or one of another user or platform, is refused', async () => {
    await registerApns('somebody', 'theirs');
    expectError(await tryOut('apns', 'nothing'), 'not_found');
    expectError(await tryOut('apns', 'theirs'), 'not_found');
    expectError(await tryOut('fcm', 'phone'), 'not_found');
    expectError(await admin('POST', 'apns/test', { user_id: 'tester' }), 'missing_property');
    await admin('DELETE', 'fcm');
    expectError(await tryOut('fcm', 'android'), 'not_found');
  });
});

test('a key that the provider refuses pauses the transport, keeps every device, and is shown', async () => {
  const wrong = generateApnsKey().key;
  await admin('PUT', 'apns', { ...apnsBody(), private_key: wrong.privateKey });
  await world.inApp('PUT', '/users/paused/badge', { body: { external_unread_count: 1 } });
  const tokens = await Promise.all(['p1', 'p2', 'p3', 'p4'].map((device) => registerApns('paused', device)));
  await eventually(async () => {
    expect((await admin('GET', 'apns')).json().health).toMatchObject({
      state: 'misconfigured',
      reason: expect.stringContaining('InvalidProviderToken'),
      since: expect.any(String),
      next_try_at: expect.any(String),
    });
  });
  const ready = await world.send('GET', '/readyz');
  expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ok', resting_push_transports: 1 }]);
  expect((await world.inApp('GET', '/users/paused/push_tokens')).json()).toHaveLength(4);
  await admin('PUT', 'apns', apnsBody());
  await eventually(() => {
    for (const token of tokens) expect(providers.apns.accepted.badge(token)).toBe(1);
  });
  expect((await admin('GET', 'apns')).json().health).toEqual(healthy);
});
