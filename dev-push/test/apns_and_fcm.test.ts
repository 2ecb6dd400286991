/** The local push services refuse what the real ones refuse, so a test against them proves something. */
import { connect } from 'node:http2';
import { importPKCS8, SignJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { type ApnsSigningKey, generateApnsKey } from '../src/apns_provider_tokens.js';
import { ApnsService } from '../src/apns_service.js';
import { FcmService } from '../src/fcm_service.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

describe('APNs', () => {
  const nowMs = Date.UTC(2026, 0, 1);

  async function start() {
    const { key, trust } = generateApnsKey();
    const service = await ApnsService.listen({ trust, topics: ['com.example.chat'], now: () => nowMs });
    open.push(service);
    const good = {
      ':method': 'POST',
      ':path': '/3/device/ab01',
      authorization: `bearer ${await providerToken(key, nowMs)}`,
      'apns-topic': 'com.example.chat',
      'apns-push-type': 'alert',
    };
    const ask = (headers: Record<string, string>, body = '{"aps":{}}') =>
      post(service.origin, { ...good, ...headers }, body);
    return { service, key, ask };
  }

  test('a valid request is accepted; any other is refused with the reason of APNs', async () => {
    const { service, ask } = await start();
    expect(await ask({})).toBe('200 ');
    expect(await ask({ authorization: '' })).toContain('MissingProviderToken');
    expect(await ask({ authorization: 'bearer nonsense' })).toContain('InvalidProviderToken');
    expect(await ask({ 'apns-topic': 'com.example.other' })).toContain('DeviceTokenNotForTopic');
    expect(await ask({ 'apns-topic': '' })).toContain('MissingTopic');
    expect(await ask({ 'apns-push-type': 'loud' })).toContain('InvalidPushType');
    expect(await ask({ 'apns-priority': '11' })).toContain('BadPriority');
    expect(await ask({ 'apns-expiration': 'soon' })).toContain('BadExpirationDate');
    expect(await ask({ 'apns-collapse-id': 'x'.repeat(65) })).toContain('BadCollapseId');
    expect(await ask({ ':path': '/3/device/' })).toContain('BadPath');
    expect(await ask({}, '')).toContain('PayloadEmpty');
    expect(await ask({}, JSON.stringify({ aps: {}, x: 'x'.repeat(4096) }))).toContain('PayloadTooLarge');
    expect(service.accepted.total).toBe(1);
  });

  test('a provider token of another team, of another key, or older than an hour is refused', async () => {
    const { key, ask } = await start();
    const token = async (changed: object, atMs = nowMs) =>
      `bearer ${await providerToken({ ...key, ...changed }, atMs)}`;
    expect(await ask({ authorization: await token({}) })).toBe('200 ');
    expect(await ask({ authorization: await token({ teamId: 'OTHER' }) })).toContain('InvalidProviderToken');
    expect(await ask({ authorization: await token({ keyId: 'OTHER' }) })).toContain('InvalidProviderToken');
    const other = generateApnsKey().key.privateKey;
    expect(await ask({ authorization: await token({ privateKey: other }) })).toContain(
      'InvalidProviderToken',
    );
    expect(await ask({ authorization: await token({}, nowMs - 61 * 60_000) })).toContain(
      'ExpiredProviderToken',
    );
  });

  test('the badge is the last number accepted; a push without one does not change it', async () => {
    const { service, ask } = await start();
    for (const body of ['{"aps":{"badge":3}}', '{"aps":{"badge":0}}', '{"aps":{}}']) await ask({}, body);
    expect(service.accepted.badge('ab01')).toBe(0);
    expect(service.accepted.of('ab01').map(({ badge }) => badge)).toEqual([3, 0, undefined]);
    expect(JSON.stringify(service.accepted.of('ab01'))).not.toContain('bearer');
  });
});

test('FCM: an invalid assertion or access token is refused', async () => {
  const service = await FcmService.listen();
  open.push(service);
  const form = (assertion: string) => ({
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  });
  const forged = await new SignJWT({ scope: 'https://www.googleapis.com/auth/firebase.messaging' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(service.serviceAccount.client_email)
    .setAudience(service.tokenUrl)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(service.serviceAccount.private_key));
  for (const assertion of ['', 'nonsense', forged]) {
    const response = await fetch(service.tokenUrl, form(assertion));
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  }
  const url = `${service.origin}/v1/projects/${service.serviceAccount.project_id}/messages:send`;
  const body = JSON.stringify({ message: { token: 't', data: { badge: '1' } } });
  for (const authorization of ['', 'Bearer nonsense']) {
    expect((await fetch(url, { method: 'POST', headers: { authorization }, body })).status).toBe(401);
  }
  expect([service.granted, service.accepted.total]).toEqual([0, 0]);
});

async function providerToken({ privateKey, keyId, teamId }: ApnsSigningKey, atMs: number): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setIssuedAt(atMs / 1000)
    .sign(await importPKCS8(privateKey, 'ES256'));
}

/** One request on a connection of its own. */
function post(origin: string, headers: Record<string, string>, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = connect(origin);
    const stream = session.request(headers);
    let status = 0;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', (received) => {
      status = received[':status'] ?? 0;
    });
    stream.on('data', (chunk) => {
      text += chunk;
    });
    stream.on('error', reject).on('close', () => {
      session.destroy();
      resolve(`${status} ${text}`);
    });
    stream.end(body);
  });
}
