/** The log writes what would be sent, and no secret. */
import { expect, test } from 'vitest';
import { type LogRequest, LogTransport } from '../../../src/push/transport/log/log_transport.js';
import { deliver, type PushTarget } from '../../../src/push/transport/port.js';

const token = 'f3a9c1d27b4e5f60718293a4b5c6d7e8f3a9c1d27b4e5f60718293a4b5c6d7e8';
const targets: PushTarget[] = [
  { platform: 'apns', token, bundleId: 'com.example.chat', environment: 'production' },
  { platform: 'fcm', token },
  {
    platform: 'webpush',
    endpoint: `https://web.push.apple.com/${token}`,
    keys: { p256dh: token, auth: 'secret!' },
  },
];

test.each(targets)('a device on $platform can be recognised, and not be pushed to', async (target) => {
  const written: LogRequest[] = [];
  const transport = new LogTransport(target.platform, (line) => written.push(line));
  const alert = { title: 'Ada', text: 'Hi' };
  expect((await deliver(transport, { target, alert, badge: 0 }, 0)).verdict.kind).toBe('delivered');
  expect(written).toMatchObject([{ platform: target.platform, badge: 0, alert }]);
  const text = JSON.stringify(written);
  expect(text).toContain('f3a9c1d2…');
  expect(text).not.toContain(token.slice(0, 12));
  expect(text).not.toContain('secret!');
});

test('a short token is not written whole', async () => {
  const written: LogRequest[] = [];
  const transport = new LogTransport('fcm', (line) => written.push(line));
  await deliver(transport, { target: { platform: 'fcm', token: 'abcd' }, badge: 1 }, 0);
  expect(written[0]?.device).toBe('a…');
});
