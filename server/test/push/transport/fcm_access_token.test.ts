/** The access token of FCM, against the local token endpoint, which verifies what it is given. */

import { FcmService } from '@badged/dev-push';
import { afterEach, expect, test } from 'vitest';
import { FcmTransport } from '../../../src/push/transport/fcm/fcm_transport.js';
import { deliver } from '../../../src/push/transport/port.js';
import { type FcmRig, fcmRig } from './rigs.js';

const minuteMs = 60_000;
const open: { close(): Promise<void> }[] = [];

async function start(now?: () => number): Promise<FcmRig> {
  const rig = await fcmRig(now === undefined ? {} : { now });
  open.push(rig);
  return rig;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const send = (rig: Pick<FcmRig, 'transport' | 'newDevice'>) =>
  deliver(rig.transport, { target: rig.newDevice(), badge: 1 }, Date.now());

test('one is asked for, however many deliveries wait for it', async () => {
  const rig = await start();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(rig)));
  expect(outcomes.every(({ verdict }) => verdict.kind === 'delivered')).toBe(true);
  expect(rig.service.granted).toBe(1);
});

test('it is replaced before it runs out', async () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const rig = await start(() => nowMs);
  await send(rig);
  nowMs += 54 * minuteMs;
  await send(rig);
  expect(rig.service.granted).toBe(1);
  nowMs += 2 * minuteMs;
  expect((await send(rig)).verdict.kind).toBe('delivered');
  expect(rig.service.granted).toBe(2);
});

test.each([-120, 120])(
  'the time of day is set by %i minutes: it lasts as long as FCM says',
  async (minutes) => {
    let [nowMs, clockMs] = [Date.UTC(2026, 0, 1), 0];
    const rig = await fcmRig({ now: () => nowMs, clock: () => clockMs });
    open.push(rig);
    await send(rig);
    nowMs += minutes * minuteMs;
    clockMs += 54 * minuteMs;
    rig.service.script.add({ reply: { status: 200 } });
    expect((await send(rig)).verdict.kind).toBe('delivered');
    expect(rig.service.granted).toBe(1);
    clockMs += 2 * minuteMs;
    expect((await send(rig)).verdict.kind).toBe('delivered');
    expect(rig.service.granted).toBe(2);
  },
);

test('refused by FCM, it is replaced once for all, and the deliveries go out', async () => {
  const rig = await start();
  await send(rig);
  rig.service.revokeAccessTokens();
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => send(rig)));
  expect(outcomes.every(({ verdict }) => verdict.kind === 'delivered')).toBe(true);
  expect(rig.service.granted).toBe(2);
});

test('refused twice, it is misconfigured', async () => {
  const rig = await start();
  rig.service.script.add({
    reply: { status: 401, body: '{"error":{"status":"UNAUTHENTICATED"}}' },
    times: 2,
  });
  expect((await send(rig)).verdict).toEqual({
    kind: 'misconfigured',
    about: 'credentials',
    reason: 'UNAUTHENTICATED',
  });
});

test('THIRD_PARTY_AUTH_ERROR is not about the access token: nothing is replaced', async () => {
  const rig = await start();
  const body = '{"error":{"details":[{"errorCode":"THIRD_PARTY_AUTH_ERROR"}]}}';
  rig.service.script.add({ reply: { status: 401, body } });
  expect((await send(rig)).verdict).toEqual({
    kind: 'misconfigured',
    about: 'credentials',
    reason: 'THIRD_PARTY_AUTH_ERROR',
  });
  expect(rig.service.granted).toBe(1);
});

test('a service account whose key is another, or none, is misconfigured, and the key is not quoted', async () => {
  const [rig, other] = [await start(), await FcmService.listen()];
  open.push(other);
  const { origin, tokenUrl, serviceAccount } = rig.service;
  for (const private_key of [other.serviceAccount.private_key, 'c2VjcmV0']) {
    const transport = new FcmTransport({
      serviceAccount: { ...serviceAccount, private_key },
      origin,
      tokenUrl,
    });
    const outcome = await send({ transport, newDevice: rig.newDevice });
    expect(outcome.verdict.kind).toBe('misconfigured');
    expect(JSON.stringify(outcome)).not.toContain('c2VjcmV0');
    await transport.close();
  }
  expect(rig.service.accepted.total).toBe(0);
});

test('a token endpoint that is overloaded, breaks off or says nonsense is a value, and is asked again', async () => {
  const rig = await start();
  rig.service.tokenScript.add(
    { reply: { status: 503, headers: { 'retry-after': '9' } } },
    { cut: 'before' },
    { reply: { status: 200, body: 'not JSON' } },
  );
  expect((await send(rig)).verdict).toEqual({
    kind: 'retry',
    about: 'provider',
    reason: 'access token: status 503',
    afterMs: 9000,
  });
  expect((await send(rig)).verdict.kind).toBe('retry');
  expect((await send(rig)).verdict.kind).toBe('misconfigured');
  expect((await send(rig)).verdict.kind).toBe('delivered');
});
