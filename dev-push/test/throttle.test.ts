/** The local push services throttle a device as the real ones say they do. The clock is the test's. */
import { connect } from 'node:http2';
import { importPKCS8, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { generateApnsKey } from '../src/apns_provider_tokens.js';
import { ApnsService } from '../src/apns_service.js';
import { FcmService, type FcmServiceSettings } from '../src/fcm_service.js';
import { fcmCollapsibleLimit, fcmDeviceLimit } from '../src/throttle.js';

const minute = 60_000;

async function fcm(limits: Pick<FcmServiceSettings, 'deviceLimit' | 'collapsibleLimit'>) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const service = await FcmService.listen({ ...limits, now: () => clock.now });
  onTestFinished(() => service.close());
  const { serviceAccount: account, origin, tokenUrl } = service;
  const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/firebase.messaging' })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(account.client_email)
    .setAudience(tokenUrl)
    .setIssuedAt(clock.now / 1_000)
    .setExpirationTime(clock.now / 1_000 + 3_600)
    .sign(await importPKCS8(account.private_key, 'RS256'));
  const grant = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const granted = await (await fetch(tokenUrl, { method: 'POST', body: grant })).text();
  const accessToken = String(JSON.parse(granted).access_token);
  const send = (token: string, badge: number, android: object = { collapse_key: 'badge' }) =>
    fetch(`${origin}/v1/projects/${account.project_id}/messages:send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ message: { token, data: { badge: String(badge) }, android } }),
    });
  return { service, clock, send };
}

test('FCM: collapsible messages beyond 20, and one in 3 minutes, are accepted, and the newest is delivered later', async () => {
  const { service, clock, send } = await fcm({ collapsibleLimit: fcmCollapsibleLimit });
  const statuses: number[] = [];
  for (let badge = 1; badge <= 30; badge += 1) statuses.push((await send('chatty', badge)).status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(service.accepted.badge('chatty')).toBe(30);
  expect([service.shown('chatty'), service.isDelayed('chatty')]).toEqual([20, true]);
  clock.now += 3 * minute - 1;
  expect(service.shown('chatty')).toBe(20);
  clock.now += 1;
  expect([service.shown('chatty'), service.isDelayed('chatty')]).toEqual([30, false]);
  await send('chatty', 31);
  await send('quiet', 1);
  expect([service.shown('chatty'), service.shown('quiet')]).toEqual([30, 1]);
  await send('chatty', 32, {});
  expect([service.shown('chatty'), service.isDelayed('chatty')]).toEqual([32, false]);
});

test('FCM: beyond 240 messages a minute to one device, 429 says whose quota it is, and when to come back', async () => {
  const { clock, send } = await fcm({ deviceLimit: fcmDeviceLimit });
  for (let badge = 1; badge <= 240; badge += 1) expect((await send('chatty', badge)).status).toBe(200);
  const refused = await send('chatty', 241);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  const details = [{ errorCode: 'QUOTA_EXCEEDED' }, { violations: [{ subject: 'device' }] }];
  expect(await refused.json()).toMatchObject({ error: { details } });
  expect((await send('quiet', 1)).status).toBe(200);
  clock.now += 250;
  expect([(await send('chatty', 242)).status, (await send('chatty', 243)).status]).toEqual([200, 429]);
});

test('APNs: beyond its limit a device is refused with TooManyRequests, and no other', async () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const { key, trust } = generateApnsKey();
  const service = await ApnsService.listen({
    trust,
    now: () => nowMs,
    deviceLimit: { burst: 2, refillMs: 1_000 },
  });
  const session = connect(service.origin);
  onTestFinished(async () => {
    session.close();
    await service.close();
  });
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: key.keyId })
    .setIssuer(key.teamId)
    .setIssuedAt(nowMs / 1_000)
    .sign(await importPKCS8(key.privateKey, 'ES256'));
  const send = (device: string) =>
    new Promise<string>((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': `/3/device/${device}`,
        authorization: `bearer ${token}`,
        'apns-topic': 'com.example.chat',
        'apns-push-type': 'alert',
      });
      let [status, text] = ['', ''];
      stream.setEncoding('utf8');
      stream.on('response', (headers) => {
        status = String(headers[':status']);
      });
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('error', reject).on('close', () => resolve(status + text));
      stream.end('{"aps":{"badge":1}}');
    });
  const refused = '429{"reason":"TooManyRequests"}';
  expect([await send('a'), await send('a'), await send('a'), await send('b')]).toEqual([
    '200',
    '200',
    refused,
    '200',
  ]);
});
