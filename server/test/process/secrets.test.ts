/** No secret appears in the data directory, the logs, the metrics or any answer, whatever is done and goes wrong. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateApnsKey } from '@badged/dev-push';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../push/delivery_world.js';
import { byteSecret, found, pemSecret, type Secret, textSecret } from './distinctive.js';
import { type PushingServer, pushingServer } from './pushing_server.js';
import { startServer } from './server_process.js';

const adminToken = `distinctive-admin-${randomBytes(16).toString('hex')}`;

describe('the search finds what it looks for', () => {
  test('in every form, wherever it begins', () => {
    const bytes = randomBytes(32);
    const secret = [byteSecret('it', bytes)];
    for (let before = 0; before < 7; before += 1) {
      const around = Buffer.concat([randomBytes(before), bytes, randomBytes(5)]);
      const hidden = [
        around.toString('base64'),
        around.toString('base64url'),
        around.toString('hex'),
        around,
      ];
      for (const one of hidden) expect(found(secret, Buffer.from(one))).toEqual(['it']);
    }
    expect(found(secret, randomBytes(10_000))).toEqual([]);
    const { privateKey } = generateApnsKey().key;
    const escaped = Buffer.from(JSON.stringify({ privateKey }));
    expect(found([pemSecret('key', privateKey)], escaped)).toEqual(['key']);
  });
});

describe.each([
  ['given by the environment', randomBytes(32).toString('hex')],
  ['made at the first start', undefined],
])('with a secret key %s', (_, secretKey) => {
  test('no secret appears in the database, logs, errors or answers', async () => {
    const world = await pushingServer({
      BADGED_ADMIN_TOKEN: adminToken,
      BADGED_LOG_LEVEL: 'trace',
      ...(secretKey !== undefined && { BADGED_SECRET_KEY: secretKey }),
    });
    onTestFinished(() => world.close());
    expect(existsSync(join(world.dataDir, 'secret.key'))).toBe(secretKey === undefined);
    const { answers, secrets, addresses } = await doEverything(world);
    const key = secretKey ?? readFileSync(join(world.dataDir, 'secret.key'), 'utf8').trim();
    const all = [...secrets, byteSecret('the secret key', Buffer.from(key, 'hex'))];

    expect(found(all, data(world.dataDir))).toEqual([]);
    const said = Buffer.from([...answers, world.server.logged()].join('\n'));
    expect(said.toString()).toContain('InvalidProviderToken');
    expect(found([...all, ...addresses], said)).toEqual([]);
    expect(said.toString()).not.toMatch(/ya29\.|eyJhbGciOi/);

    // What was in the write-ahead log is now in the database, and what was deleted is overwritten or free.
    await world.server.stop();
    expect(found(all, data(world.dataDir))).toEqual([]);
    expect(found([textSecret('a file that is searched', 'ann')], data(world.dataDir))).toHaveLength(1);
  });
});

test('a secret key that is none is refused by a sentence that does not quote it', async () => {
  const wrong = 'distinctive-but-no-key';
  const directory = mkdtempSync(join(tmpdir(), 'badged-secret-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const failed = await startServer(directory, { BADGED_SECRET_KEY: wrong }).then(
    () => 'started',
    (error: Error) => error.message,
  );
  expect(failed).toMatch(/must be 32 bytes in hexadecimal or base64/);
  expect(failed).not.toContain(wrong);
  expect(failed).not.toMatch(/\bat .*\.js:/);
});

interface Done {
  /** Bodies and headers of all answers but those whose purpose is to show a token once. */
  readonly answers: readonly string[];
  readonly secrets: readonly Secret[];
  /** What pushes go to: kept, but never shown. */
  readonly addresses: readonly Secret[];
}

async function doEverything(world: PushingServer): Promise<Done> {
  const answers: string[] = [];
  const send = async (token: string, method: string, path: string, body?: unknown) => {
    const answer = await fetch(new URL(path, world.server.url), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    answers.push(`${JSON.stringify([...answer.headers])} ${await answer.text()}`);
    return answer.status;
  };
  const { app, token, providers, inApp } = world;
  const { apns, apnsKey, fcm, vapidKeys } = providers;
  const wrongKey = generateApnsKey().key.privateKey;
  const userToken = String((await inApp('POST', '/users/ann/tokens', {})).json.access_token);

  const phone = await world.apnsDevice('ann', 'phone');
  const android = await world.fcmDevice('ann', 'android');
  const subscription = providers.webPush.subscribe(vapidKeys.publicKey);
  const users = `/apps/${app}/users/ann`;
  const push = `/admin/apps/${app}/push`;
  await send(userToken, 'POST', '/push_tokens', { device_id: 'web', type: 'webpush', subscription });
  await send(token, 'PUT', `${users}/badge`, { external_unread_count: 5 });
  await send(token, 'POST', `/apps/${app}/notifications`, {
    recipients: ['ann'],
    notification: { text: 'Hello' },
  });
  await eventually(() => expect(apns.accepted.badge(phone)).toBe(5));
  for (const platform of ['apns', 'fcm', 'webpush']) await send(adminToken, 'GET', `${push}/${platform}`);
  for (const [platform, device_id] of Object.entries({ apns: 'phone', fcm: 'android', webpush: 'web' }))
    expect(await send(adminToken, 'POST', `${push}/${platform}/test`, { user_id: 'ann', device_id })).toBe(
      200,
    );
  for (const path of [`${users}/push_tokens`, `${users}/badge/explain`]) await send(token, 'GET', path);
  await send(userToken, 'GET', '/push_tokens');
  for (const path of ['/admin/apps', `/admin/apps/${app}/tokens`]) await send(adminToken, 'GET', path);
  for (const path of ['/readyz', '/metrics', '/openapi.json']) await send(token, 'GET', path);

  // What goes wrong quotes nothing either.
  const account = fcm.serviceAccount;
  const { privateKey } = apnsKey;
  const ids = { key_id: apnsKey.keyId, team_id: apnsKey.teamId };
  await send(adminToken, 'PUT', `${push}/apns`, {
    ...ids,
    private_key: `${privateKey}x`,
    key_id: privateKey,
  });
  await send(adminToken, 'PUT', `${push}/fcm`, { ...account, private_key: privateKey });
  await send(adminToken, 'PUT', `${push}/apns`, `{"private_key": ${JSON.stringify(privateKey)}`);
  await send(adminToken, 'PUT', `${push}/apns`, [privateKey]);
  await send(adminToken, 'PUT', `${push}/webpush`, {
    subject: vapidKeys.privateKey,
    navigate: 'x',
    private_key: vapidKeys.privateKey,
  });
  await send(token, 'POST', `${users}/push_tokens`, { device_id: 'x', type: 'apns', token: `${phone}!` });
  await send(`${token}x`, 'GET', `${users}/badge`);
  await send(token, 'GET', `/admin/apps?${adminToken}`);
  await send(token, 'DELETE', `${users}/push_tokens/android`);
  fcm.script.add({ device: android, reply: { status: 500, body: android } });
  await send(adminToken, 'PUT', `${push}/apns`, { ...ids, private_key: wrongKey });
  await send(token, 'PUT', `${users}/badge`, { external_unread_count: 6 });
  await send(adminToken, 'POST', `${push}/apns/test`, { user_id: 'ann', device_id: 'phone' });
  await eventually(() => expect(world.server.logged()).toContain('InvalidProviderToken'));
  await send(adminToken, 'DELETE', `${push}/fcm`);
  return {
    answers,
    secrets: [
      textSecret('the admin token', adminToken),
      textSecret("the app token's secret", token.slice(-43)),
      textSecret("the user token's signature", userToken.slice(userToken.lastIndexOf('.') + 1)),
      pemSecret('the APNs key', privateKey),
      pemSecret('the wrong APNs key', wrongKey),
      pemSecret('the FCM key', account.private_key),
      byteSecret('the VAPID key', Buffer.from(vapidKeys.privateKey, 'base64url')),
    ],
    addresses: [
      textSecret('the APNs token', phone),
      textSecret('the FCM token', android),
      textSecret('the endpoint', new URL(subscription.endpoint).pathname.split('/').at(-1) ?? ''),
      textSecret("the subscription's secret", subscription.keys.auth),
    ],
  };
}

/** Every file of the data directory but the one that is the secret. */
function data(directory: string): Buffer {
  const names = readdirSync(directory).filter((name) => name !== 'secret.key');
  expect(names).toContain('badged.db');
  return Buffer.concat(names.map((name) => readFileSync(join(directory, name))));
}
