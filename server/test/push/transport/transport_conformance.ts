/**
 * The conformance suite that every transport passes: a function of a factory, which starts a transport beside
 * a local provider that speaks the real protocol. What a transport cannot be asked is skipped with a reason.
 */

import type { Reply, Script } from '@badged/dev-push';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  Delivery,
  Outcome,
  ProviderResponse,
  PushTarget,
  Transport,
} from '../../../src/push/transport/port.js';
import { deliver } from '../../../src/push/transport/port.js';

export interface Rig<A extends PushTarget, R> {
  readonly transport: Transport<A, R>;
  /** A device that the provider knows and that nothing was sent to yet. */
  newDevice(): A;
  /** What the device's icon shows; undefined if no push has set it. */
  badge(device: A): number | undefined;
  /** Everything the device has accepted, readable. */
  accepted(device: A): readonly string[];
  readonly provider: Provider | undefined;
  close(): Promise<void>;
}

/** The local provider, where there is one. */
export interface Provider {
  readonly script: Script;
  readonly answers: Readonly<Record<'retry' | 'gone' | 'rejected' | 'misconfigured', Reply>>;
  /** Nothing listens any more. */
  stop(): Promise<void>;
}

const nowMs = Date.UTC(2026, 0, 1);
const alert = { title: 'Ada', text: 'See you at eight' };
const noProvider = 'nothing is asked of a provider: the log is local';

export function transportConformance<A extends PushTarget, R>(
  name: string,
  start: (settings?: { readonly limits: { readonly requestTimeoutMs: number } }) => Promise<Rig<A, R>>,
): void {
  describe(`the ${name} transport`, () => {
    let rig: Rig<A, R>;
    beforeAll(async () => {
      rig = await start();
      if (!rig.provider) console.info(`${name}: tests with a provider are skipped: ${noProvider}`);
    });
    afterAll(() => rig.close());

    const send = (delivery: Omit<Delivery<A>, 'target'>, target: A): Promise<Outcome> =>
      deliver(rig.transport, { ...delivery, target }, nowMs);

    badgeTests(() => rig, send);
    payloadTests(() => rig, send);
    describe('and its provider', () => providerTests(() => rig, send));

    test('a response that does not come is retry', async (context) => {
      const own = await start({ limits: { requestTimeoutMs: 200 } });
      try {
        if (!own.provider) return context.skip(noProvider);
        own.provider.script.decide = () => ({ hold: 'reply' });
        const delivery = { target: own.newDevice(), alert, badge: 2 };
        expect((await deliver(own.transport, delivery, nowMs)).verdict.kind).toBe('retry');
        own.provider.script.release();
      } finally {
        await own.close();
      }
    });

    test('closed, it answers retry', async () => {
      const own = await start();
      const target = own.newDevice();
      await own.transport.close();
      expect((await deliver(own.transport, { target, alert, badge: 1 }, nowMs)).verdict.kind).toBe('retry');
      await own.close();
    });
  });
}

type Send<A extends PushTarget> = (delivery: Omit<Delivery<A>, 'target'>, target: A) => Promise<Outcome>;

function badgeTests<A extends PushTarget, R>(rig: () => Rig<A, R>, send: Send<A>): void {
  test('a badge omitted, 0 and N are three different payloads', async () => {
    const target = rig().newDevice();
    for (const badge of [{}, { badge: 0 }, { badge: 7 }]) await send({ alert, ...badge }, target);
    expect(new Set(rig().accepted(target)).size).toBe(3);
  });

  test('with an alert: N sets the icon, omitted leaves it as it is, 0 clears it', async () => {
    const target = rig().newDevice();
    await send({ alert }, target);
    expect(rig().badge(target)).toBeUndefined();
    await send({ alert, badge: 4 }, target);
    expect(rig().badge(target)).toBe(4);
    await send({ alert }, target);
    expect(rig().badge(target)).toBe(4);
    await send({ alert, badge: 0 }, target);
    expect(rig().badge(target)).toBe(0);
  });

  test('badge-only: the number arrives alone, or is refused where the platform cannot do it', async () => {
    const target = rig().newDevice();
    const outcomes = [await send({ badge: 5 }, target), await send({ badge: 0 }, target)];
    const kinds = outcomes.map(({ verdict }) => verdict.kind);
    if (rig().transport.capabilities.badgeOnly) {
      expect(kinds).toEqual(['delivered', 'delivered']);
      expect(rig().badge(target)).toBe(0);
      expect(rig().accepted(target)).toHaveLength(2);
    } else {
      expect(kinds).toEqual(['rejected', 'rejected']);
      expect(rig().accepted(target)).toHaveLength(0);
    }
  });

  test('a delivery with neither badge nor alert, or with a badge that is no count, is not sent', async () => {
    const target = rig().newDevice();
    for (const delivery of [{}, { alert, badge: -1 }, { alert, badge: 1.5 }, { alert, badge: Number.NaN }]) {
      expect((await send(delivery, target)).verdict.kind).toBe('rejected');
    }
    expect(rig().accepted(target)).toHaveLength(0);
  });
}

function payloadTests<A extends PushTarget, R>(rig: () => Rig<A, R>, send: Send<A>): void {
  test('the request is pure: the same delivery at the same time is the same request', () => {
    const delivery = {
      target: rig().newDevice(),
      alert,
      badge: 3,
      collapseId: 'c',
      expiresAtMs: nowMs + 1000,
    };
    expect(rig().transport.request(delivery, nowMs)).toEqual(rig().transport.request(delivery, nowMs));
  });

  test('a text of any length is delivered, and the badge with it', async () => {
    const anyText = fc.string({ unit: 'grapheme', minLength: 2, maxLength: 40 });
    const property = fc.asyncProperty(anyText, fc.integer({ min: 0 }), async (unit, badge) => {
      const target = rig().newDevice();
      const { verdict } = await send({ alert: { title: 'Ada', text: unit.repeat(900) }, badge }, target);
      expect(verdict.kind).toBe('delivered');
      expect(rig().badge(target)).toBe(badge);
      expect(rig().accepted(target)[0]).not.toContain('\\ud');
    });
    await fc.assert(property, { numRuns: 25 });
  });

  test('what is too large without its texts is rejected, and the provider is not asked', async (context) => {
    if (!rig().provider) return context.skip(noProvider);
    const target = rig().newDevice();
    const { verdict } = await send(
      { alert: { ...alert, data: { blob: 'x'.repeat(5000) } }, badge: 1 },
      target,
    );
    expect(verdict.kind).toBe('rejected');
    expect(rig().accepted(target)).toHaveLength(0);
  });
}

function providerTests<A extends PushTarget, R>(rig: () => Rig<A, R>, send: Send<A>): void {
  const message = { alert, badge: 2 };

  for (const kind of ['retry', 'gone', 'rejected', 'misconfigured'] as const) {
    test(`an answer that means ${kind} is a value, and the next delivery goes out`, async (context) => {
      const { provider } = rig();
      if (!provider) return context.skip(noProvider);
      const target = rig().newDevice();
      provider.script.add({ reply: provider.answers[kind], times: kind === 'gone' ? 2 : 1 });
      expect((await send(message, target)).verdict.kind).toBe(kind);
      provider.script.clear();
      expect((await send(message, target)).verdict).toEqual({ kind: 'delivered' });
    });
  }

  for (const cut of ['before', 'after'] as const) {
    test(`a connection that breaks ${cut} the request was processed is retry, and the next one works`, async (context) => {
      const { provider } = rig();
      if (!provider) return context.skip(noProvider);
      const target = rig().newDevice();
      provider.script.add({ cut });
      expect((await send(message, target)).verdict.kind).toBe('retry');
      expect(rig().accepted(target)).toHaveLength(cut === 'after' ? 1 : 0);
      expect((await send(message, target)).verdict.kind).toBe('delivered');
    });
  }

  test('an answer that makes no sense is a value too', (context) => {
    if (!rig().provider) return context.skip(noProvider);
    const status = fc.integer({ min: 100, max: 599 });
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant('{"error":{"details":[null,{"fieldViolations":3}]}}'),
    );
    const headers = fc.record({ 'retry-after': fc.option(fc.string(), { nil: undefined }) });
    fc.assert(
      fc.property(status, headers, body, (status, headers, body) => {
        const answer: ProviderResponse = { status, headers, body, receivedAtMs: nowMs };
        const verdict = rig().transport.classify(answer);
        if (status >= 300) expect(verdict.kind).not.toBe('delivered');
      }),
    );
  });

  test('answers that come back in another order reach their own deliveries', async (context) => {
    const { provider } = rig();
    if (!provider) return context.skip(noProvider);
    const devices = Array.from({ length: 20 }, () => rig().newDevice());
    provider.script.add({ hold: 'reply', times: 20 });
    const outcomes = Promise.all(devices.map((target, badge) => send({ alert, badge }, target)));
    await expect.poll(() => provider.script.held).toBe(20);
    provider.script.release('newest first');
    expect((await outcomes).every(({ verdict }) => verdict.kind === 'delivered')).toBe(true);
    expect(devices.map((target) => rig().badge(target))).toEqual(devices.map((_, badge) => badge));
  });

  test('a provider out of reach is retry', async (context) => {
    const { provider } = rig();
    if (!provider) return context.skip(noProvider);
    await provider.stop();
    expect((await send(message, rig().newDevice())).verdict.kind).toBe('retry');
  });
}
