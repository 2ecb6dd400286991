/** The senders that an app's credentials open, and what is logged and counted of their pushes. */
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { DevProviders } from '@badged/dev-push';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openProviders } from '../../src/push/providers.js';
import type { PushCredentials } from '../../src/push_credentials.js';
import type { PushTarget } from '../../src/push_target.js';

const token = randomBytes(32).toString('hex');
const target: PushTarget = {
  platform: 'apns',
  token,
  bundleId: 'com.example.chat',
  environment: 'production',
};

async function opened(credentials: (dev: DevProviders) => PushCredentials | 'unreadable' | undefined) {
  const dev = await DevProviders.listen();
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const counted: string[] = [];
  const providers = openProviders({
    settings: { apnsOrigins: { production: dev.apns.origin, development: dev.apnsSandbox.origin } },
    credentials: async () => credentials(dev),
    log: pino({ level: 'trace' }, sink),
    onOutcome: (platform, outcome) => counted.push(`${platform} ${outcome}`),
  });
  const sender = await providers.openTransport('an-app', 'apns');
  onTestFinished(async () => {
    await sender.close();
    await dev.close();
  });
  const logged = () => lines.map((line) => JSON.parse(line));
  return { dev, sender, counted, logged, log: () => lines.join('') };
}

test('without credentials a push is written to the log, without what one could push with', async () => {
  const { dev, sender, counted, logged, log } = await opened(() => undefined);
  const { verdict } = await sender.deliver({ target, badge: 0, alert: { title: 'Ada' } }, Date.now());
  expect(verdict.kind).toBe('delivered');
  expect(logged()).toMatchObject([
    { level: 30, msg: 'would push', app: 'an-app', platform: 'apns', badge: 0, alert: { title: 'Ada' } },
  ]);
  expect(log()).not.toContain(token.slice(0, 12));
  expect(counted).toEqual(['apns logged']);
  expect(dev.apns.accepted.total).toBe(0);
});

test('with credentials it is sent and counted, and what goes well is no line', async () => {
  const { dev, sender, counted, log } = await opened(({ apnsKey }) => ({ platform: 'apns', key: apnsKey }));
  await sender.deliver({ target, badge: 4 }, Date.now());
  expect(dev.apns.accepted.badge(token)).toBe(4);
  expect(counted).toEqual(['apns delivered']);
  expect(log()).toBe('');
});

test.each([
  ['gone', 30, 410, 'Unregistered'],
  ['rejected', 40, 400, 'BadCollapseId'],
  ['misconfigured', 50, 403, 'InvalidProviderToken'],
  ['retry', 20, 503, 'ServiceUnavailable'],
])(
  'what is %s is a line of its level with the reason, and not with the device',
  async (kind, level, status, reason) => {
    const { dev, sender, counted, logged, log } = await opened(({ apnsKey }) => ({
      platform: 'apns',
      key: apnsKey,
    }));
    dev.apns.script.add({ reply: { status, body: JSON.stringify({ reason }) } });
    expect((await sender.deliver({ target, badge: 4 }, Date.now())).verdict.kind).toBe(kind);
    expect(logged()).toMatchObject([{ level, app: 'an-app', platform: 'apns', reason }]);
    expect(log()).not.toContain(token.slice(0, 8));
    expect(counted).toEqual([`apns ${kind}`]);
  },
);

test('credentials that cannot be opened are a misconfiguration, which drops no device', async () => {
  const { dev, sender } = await opened(() => 'unreadable');
  const { verdict } = await sender.deliver({ target, badge: 4 }, Date.now());
  expect(verdict).toEqual({
    kind: 'misconfigured',
    about: 'credentials',
    reason: 'the credentials were sealed with another secret key',
  });
  expect(dev.apns.accepted.total).toBe(0);
});
