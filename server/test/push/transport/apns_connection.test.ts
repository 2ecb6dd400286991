/** APNs connections: GOAWAY, limits and the provider token, against the local HTTP/2 service. */

import { ApnsService, generateApnsKey } from '@badged/dev-push';
import { afterEach, describe, expect, test } from 'vitest';
import { ApnsTransport } from '../../../src/push/transport/apns/apns_transport.js';
import { deliver } from '../../../src/push/transport/port.js';
import { type ApnsRig, type ApnsRigSettings, apnsRig } from './rigs.js';

const minuteMs = 60_000;
const open: Pick<ApnsRig, 'close'>[] = [];

async function start(settings: ApnsRigSettings = {}): Promise<ApnsRig> {
  const rig = await apnsRig(settings);
  open.push(rig);
  return rig;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((rig) => rig.close()));
});

const send = (rig: ApnsRig, target = rig.newDevice(), badge = 1) =>
  deliver(rig.transport, { target, badge }, Date.now());

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('GOAWAY', () => {
  test('under load, graceful ones lose nothing and send nothing twice', async () => {
    const rig = await start({ maxConcurrentStreams: 25, limits: { sessions: 2, requestTimeoutMs: 10_000 } });
    let requests = 0;
    rig.production.script.decide = () => {
      requests += 1;
      if (requests % 90 === 0) return { goaway: { processed: requests % 180 === 0 }, delayMs: 1 };
      return requests % 3 === 0 ? { delayMs: 3 } : {};
    };
    const devices = Array.from({ length: 600 }, () => rig.newDevice());
    const outcomes = await Promise.all(devices.map((target, badge) => send(rig, target, badge)));
    expect(outcomes.filter(({ verdict }) => verdict.kind !== 'delivered')).toEqual([]);
    expect(devices.map((device) => rig.accepted(device))).toEqual(
      devices.map((_, badge) => [JSON.stringify({ aps: { badge } })]),
    );
    expect(rig.production.connectionsOpened).toBeGreaterThan(4);
  });

  test('with an error, what may have been processed is retry, and nothing is called delivered that is not', async () => {
    const rig = await start({ maxConcurrentStreams: 25, limits: { requestTimeoutMs: 10_000 } });
    let requests = 0;
    rig.production.script.decide = () => {
      requests += 1;
      return requests % 50 === 0 ? { goaway: { processed: true, code: 11 } } : { delayMs: requests % 4 };
    };
    const devices = Array.from({ length: 300 }, () => rig.newDevice());
    const outcomes = await Promise.all(devices.map((device) => send(rig, device)));
    const kinds = outcomes.map(({ verdict }) => verdict.kind);
    expect(new Set(kinds)).toEqual(new Set(['delivered', 'retry']));
    for (const [index, device] of devices.entries()) {
      if (kinds[index] === 'delivered') expect(rig.accepted(device)).toHaveLength(1);
    }
  });

  test('with an error, what it says was not processed is sent again on a fresh connection', async () => {
    const rig = await start();
    rig.production.script.add({ hold: 'reply' }, { goaway: { processed: false, code: 2 } });
    const outcomes = await Promise.all([send(rig), send(rig), send(rig)]);
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(['retry', 'delivered', 'delivered']);
    expect(rig.production.connectionsOpened).toBe(2);
  });

  test('a host that turns every request away ends in retry, not in a loop', async () => {
    const rig = await start();
    rig.production.script.decide = () => ({ goaway: { processed: false } });
    expect((await send(rig)).verdict.kind).toBe('retry');
    expect(rig.production.connectionsOpened).toBeLessThan(10);
  });
});

describe('limits', () => {
  test('no more streams are open than the host allows, on no more sessions than configured', async () => {
    const rig = await start({ maxConcurrentStreams: 3, limits: { sessions: 2, requestTimeoutMs: 10_000 } });
    const { script } = rig.production;
    let arrived = 0;
    let answered = 0;
    let most = 0;
    script.decide = () => {
      arrived += 1;
      most = Math.max(most, arrived - answered);
      return { hold: 'reply' };
    };
    const outcomes = Promise.all(Array.from({ length: 20 }, () => send(rig)));
    while (answered < 20) {
      await until(() => script.held >= Math.min(6, 20 - answered));
      answered += script.held;
      script.release();
    }
    expect([arrived, most]).toEqual([20, 6]);
    expect((await outcomes).every(({ verdict }) => verdict.kind === 'delivered')).toBe(true);
    expect(rig.production.connectionsOpened).toBe(2);
  });

  test('a line that is too long turns deliveries away', async () => {
    const rig = await start({ maxConcurrentStreams: 1, limits: { sessions: 1, waiting: 2 } });
    rig.production.script.add({ hold: 'reply', times: 3 });
    const outcomes = Array.from({ length: 5 }, () => send(rig));
    expect((await Promise.race(outcomes.slice(2))).verdict.kind).toBe('retry');
    for (let answered = 0; answered < 2; answered += 1) {
      await until(() => rig.production.script.held > 0);
      rig.production.script.release();
    }
    const kinds = (await Promise.all(outcomes)).map(({ verdict }) => verdict.kind);
    expect(kinds.filter((kind) => kind === 'retry')).toHaveLength(3);
  });

  test('a session that does not answer gets no further requests', async () => {
    const rig = await start({ limits: { requestTimeoutMs: 100 } });
    rig.production.script.add({ hold: 'reply' });
    expect((await send(rig)).verdict).toEqual({
      kind: 'retry',
      about: 'provider',
      reason: 'no response: ETIMEDOUT',
      isUncertain: true,
    });
    expect((await send(rig)).verdict.kind).toBe('delivered');
    expect(rig.production.connectionsOpened).toBe(2);
  });

  test('a host that is not there is learnt of at once, and found again when it is back', async () => {
    const rig = await start();
    await rig.production.close();
    const outcomes = await Promise.all([send(rig), send(rig)]);
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(
      Array(2).fill({ kind: 'retry', about: 'provider', reason: 'no response: ECONNREFUSED' }),
    );
    const port = Number(new URL(rig.production.origin).port);
    const back = await ApnsService.listen({ trust: generateApnsKey().trust, port });
    back.script.add({ reply: { status: 200 } });
    expect((await send(rig)).verdict.kind).toBe('delivered');
    await back.close();
  });

  test('deliveries one after the other share one session', async () => {
    const rig = await start();
    for (let count = 0; count < 10; count += 1) await send(rig);
    expect(rig.production.connectionsOpened).toBe(1);
  });
});

describe('the provider token', () => {
  test('is kept for 40 minutes and then renewed, before Apple calls it expired', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const rig = await start({ now: () => nowMs });
    const seen = () => rig.production.providerTokens.seen;
    await Promise.all(Array.from({ length: 10 }, () => send(rig)));
    nowMs += 39 * minuteMs;
    await send(rig);
    expect(seen()).toBe(1);
    nowMs += 2 * minuteMs;
    expect((await send(rig)).verdict.kind).toBe('delivered');
    expect(seen()).toBe(2);
    nowMs += 24 * 60 * minuteMs;
    expect((await send(rig)).verdict.kind).toBe('delivered');
  });

  test('called expired all the same, it is renewed once for all, and the deliveries go out', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const rig = await start({ now: () => nowMs });
    await send(rig);
    nowMs += 30 * minuteMs;
    const expired = { status: 403, body: '{"reason":"ExpiredProviderToken"}' };
    rig.production.script.add({ reply: expired, times: 5 });
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => send(rig)));
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(Array(5).fill('delivered'));
    expect(rig.production.providerTokens.seen).toBe(2);

    // Apple refuses more than one renewal in 20 minutes, and a clock that is wrong would want one each time.
    rig.production.script.add({ reply: expired });
    expect((await send(rig)).verdict).toEqual({
      kind: 'misconfigured',
      about: 'credentials',
      reason: 'ExpiredProviderToken',
    });
    nowMs += 21 * minuteMs;
    rig.production.script.add({ reply: expired });
    expect((await send(rig)).verdict.kind).toBe('delivered');
  });

  test.each([-120, 120])(
    'the time of day is set by %i minutes: a token that APNs accepts stays, for 40 minutes, and none is refused',
    async (minutes) => {
      const provider = { now: Date.UTC(2026, 0, 1) };
      let [offsetMs, clockMs] = [0, 0];
      const { key, trust } = generateApnsKey();
      const service = await ApnsService.listen({ trust, now: () => provider.now });
      const transport = new ApnsTransport({
        key,
        origins: { production: service.origin, development: service.origin },
        now: () => provider.now + offsetMs,
        clock: () => clockMs,
      });
      open.push(transport, service);
      const target = {
        platform: 'apns',
        token: 'ab01',
        bundleId: 'com.example',
        environment: 'production',
      } as const;
      const verdict = async () => (await deliver(transport, { target, badge: 1 }, Date.now())).verdict.kind;
      const pass = (ms: number) => {
        provider.now += ms;
        clockMs += ms;
      };
      expect(await verdict()).toBe('delivered');
      offsetMs = minutes * minuteMs;
      pass(39 * minuteMs);
      expect([await verdict(), service.providerTokens.seen]).toEqual(['delivered', 1]);
      // While the time of day is wrong no token can be signed that APNs takes …
      pass(2 * minuteMs);
      expect(await verdict()).toBe('misconfigured');
      // … and once it is right again, the next push is delivered, without the 20 minutes between renewals.
      offsetMs = 0;
      expect(await verdict()).toBe('delivered');
    },
  );

  test('signed by another key, it is misconfigured; a key that is none is too, and is not quoted', async () => {
    const [rig, other] = [await start(), await start()];
    const origins = { production: other.production.origin, development: other.development.origin };
    const secret = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
    const broken = new ApnsTransport({ key: { privateKey: secret, keyId: 'K', teamId: 'T' }, origins });
    const outcome = await deliver(broken, { target: rig.newDevice(), badge: 1 }, Date.now());
    expect(outcome.verdict.kind).toBe('misconfigured');
    expect(JSON.stringify(outcome)).not.toContain('c2VjcmV0');
    await broken.close();
    rig.production.script.add({ reply: { status: 403, body: '{"reason":"InvalidProviderToken"}' } });
    expect((await send(rig)).verdict).toEqual({
      kind: 'misconfigured',
      about: 'credentials',
      reason: 'InvalidProviderToken',
    });
  });
});

describe('devices', () => {
  test('BadDeviceToken: the other environment is tried once, and the one that worked is reported', async () => {
    const rig = await start();
    const device = rig.newDevice();
    rig.production.disown(device.token);
    expect(await send(rig, device, 3)).toEqual({
      verdict: { kind: 'delivered' },
      environment: 'development',
    });
    expect(rig.development.accepted.badge(device.token)).toBe(3);
    const remembered = { ...device, environment: 'development' } as const;
    expect(await send(rig, remembered, 4)).toEqual({ verdict: { kind: 'delivered' } });
  });

  test('BadDeviceToken: gone only if neither environment knows the device', async () => {
    const rig = await start();
    const device = rig.newDevice();
    rig.production.disown(device.token);
    rig.development.script.add({ reply: { status: 503, body: '{"reason":"ServiceUnavailable"}' } });
    expect((await send(rig, device)).verdict.kind).toBe('retry');
    rig.development.script.add({ reply: { status: 403, body: '{"reason":"BadEnvironmentKeyIdInToken"}' } });
    expect((await send(rig, device)).verdict.kind).toBe('rejected');
    rig.development.disown(device.token);
    expect(await send(rig, device)).toEqual({ verdict: { kind: 'gone', reason: 'BadDeviceToken' } });
  });

  test('410 says since when the device is gone', async () => {
    const rig = await start();
    const device = rig.newDevice();
    rig.production.unregister(device.token, 1_700_000_000_000);
    expect((await send(rig, device)).verdict).toEqual({
      kind: 'gone',
      reason: 'Unregistered',
      sinceMs: 1_700_000_000_000,
    });
  });

  test('a topic that is not the key’s is what the device registered: it stays, and stops no other', async () => {
    const rig = await start({ topics: ['com.example.other'] });
    expect((await send(rig)).verdict).toEqual({
      kind: 'misconfigured',
      about: 'device',
      reason: 'DeviceTokenNotForTopic',
    });
  });
});
