/** Web Push against the local service, which verifies who sends and decrypts what arrives. */
import { decodeJwt } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { deliver } from '../../../src/push/transport/port.js';
import { generateVapidKeys, Vapid } from '../../../src/push/transport/webpush/vapid.js';
import { WebPushTransport } from '../../../src/push/transport/webpush/web_push_transport.js';
import { type WebPushRig, webPushRig } from './rigs.js';

const hourMs = 60 * 60 * 1000;
const alert = { title: 'Ada', text: 'Hi' };
const open: WebPushRig[] = [];

async function start(now?: () => number): Promise<WebPushRig> {
  const rig = await webPushRig(now === undefined ? {} : { now });
  open.push(rig);
  return rig;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((rig) => rig.close()));
});

test('the browser reads the declarative body, and the service the headers', async () => {
  const rig = await start();
  const target = rig.newDevice();
  const delivery = { target, alert, badge: 3, collapseId: 'room', urgency: 'low' } as const;
  expect(await deliver(rig.transport, delivery, Date.now())).toEqual({ verdict: { kind: 'delivered' } });
  const [accepted] = rig.service.accepted.of(target.endpoint);
  expect(JSON.parse(accepted?.payload ?? '')).toEqual({
    web_push: 8030,
    notification: {
      ...{ title: 'Ada', body: 'Hi' },
      navigate: 'https://chat.example/',
      tag: 'room',
      app_badge: '3',
    },
    app_badge: '3',
    mutable: true,
  });
  expect(accepted?.headers).toMatchObject({ ttl: '2419200', urgency: 'low', topic: 'room' });
});

test('a subscription made for another key is that device’s trouble; one that ended is gone', async () => {
  const rig = await start();
  const foreign = { platform: 'webpush', ...rig.service.subscribe(generateVapidKeys().publicKey) } as const;
  expect((await deliver(rig.transport, { target: foreign, alert }, Date.now())).verdict).toEqual({
    kind: 'misconfigured',
    about: 'device',
    reason: 'VAPID: VapidPkHashMismatch',
  });
  const ended = rig.newDevice();
  rig.service.unsubscribe(ended.endpoint);
  expect((await deliver(rig.transport, { target: ended, alert }, Date.now())).verdict.kind).toBe('gone');
});

test('VAPID keys that do not belong together are misconfigured', async () => {
  const rig = await start();
  const mixed = { publicKey: rig.serverKey, privateKey: generateVapidKeys().privateKey };
  const vapid = { ...mixed, subject: 'mailto:a@example.com' };
  const transport = new WebPushTransport({
    vapid,
    navigate: 'https://a.example/',
    localOrigin: rig.service.origin,
  });
  const outcome = await deliver(transport, { target: rig.newDevice(), alert }, Date.now());
  expect(outcome.verdict.kind).toBe('misconfigured');
  expect(JSON.stringify(outcome)).not.toContain(mixed.privateKey);
  await transport.close();
});

test('a redirect is not followed', async () => {
  const rig = await start();
  const [target, other] = [rig.newDevice(), rig.newDevice()];
  rig.service.script.add({ reply: { status: 307, headers: { location: other.endpoint } } });
  expect((await deliver(rig.transport, { target, alert }, Date.now())).verdict.kind).toBe('rejected');
  expect(rig.service.accepted.total).toBe(0);
});

test('RFC 8292: one token per push service, for at most a day, renewed in time', async () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const vapid = new Vapid(
    { ...generateVapidKeys(), subject: 'mailto:a@example.com' },
    { now: () => nowMs, clock: () => nowMs },
  );
  const origin = 'https://web.push.apple.com';
  const first = await vapid.authorization(origin);
  const claims = decodeJwt(first.slice('vapid t='.length, first.indexOf(',')));
  expect(claims).toMatchObject({ aud: origin, sub: 'mailto:a@example.com' });
  expect((claims.exp ?? 0) * 1000 - nowMs).toBeLessThanOrEqual(24 * hourMs);
  nowMs += 5 * hourMs;
  expect(await vapid.authorization(origin)).toBe(first);
  expect(await vapid.authorization('https://fcm.googleapis.com')).not.toBe(first);
  nowMs += 2 * hourMs;
  expect(await vapid.authorization(origin)).not.toBe(first);
});

test('the time of day is set: the token is signed anew, since what it says of its time may be wrong', async () => {
  let [nowMs, clockMs] = [Date.UTC(2026, 0, 1), 0];
  const time = { now: () => nowMs, clock: () => clockMs };
  const vapid = new Vapid({ ...generateVapidKeys(), subject: 'mailto:a@example.com' }, time);
  const first = await vapid.authorization('https://web.push.apple.com');
  for (const step of [-2 * hourMs, 2 * hourMs]) {
    const before = await vapid.authorization('https://web.push.apple.com');
    nowMs += step;
    expect(await vapid.authorization('https://web.push.apple.com')).not.toBe(before);
  }
  clockMs += 7 * hourMs;
  nowMs += 7 * hourMs;
  expect(await vapid.authorization('https://web.push.apple.com')).not.toBe(first);
});

test('made keys are of full width, and sign what the service accepts, days apart', async () => {
  for (let count = 0; count < 300; count += 1) {
    const { publicKey, privateKey } = generateVapidKeys();
    expect(
      [Buffer.from(publicKey, 'base64url'), Buffer.from(privateKey, 'base64url')].map((key) => key.length),
    ).toEqual([65, 32]);
  }
  let nowMs = Date.UTC(2026, 0, 1);
  const rig = await start(() => nowMs);
  for (let day = 0; day < 3; day += 1) {
    expect((await deliver(rig.transport, { target: rig.newDevice(), alert }, nowMs)).verdict.kind).toBe(
      'delivered',
    );
    nowMs += 24 * hourMs;
  }
});
