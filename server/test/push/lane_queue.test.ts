/** Which provider serves a target: each has a queue of its own, so that one that does not respond holds up no other. */
import { expect, test } from 'vitest';
import { providerOf } from '../../src/push/lane_queue.js';

const keys = { p256dh: '', auth: '' };

test.each([
  ['https://web.push.apple.com/abc', 'web.push.apple.com'],
  ['https://made-up.push.apple.com/abc', 'made-up.push.apple.com'],
  ['https://updates.push.services.mozilla.com/wpush/v2/abc', 'updates.push.services.mozilla.com'],
  ['not a URL', ''],
])('a browser is served by the host of its endpoint: %s', (endpoint, host) => {
  expect(providerOf({ platform: 'webpush', endpoint, keys })).toBe(host);
});

test('an Apple device is served by its environment, an Android device by FCM', () => {
  const apple = { platform: 'apns', token: 'ab', bundleId: 'com.example' } as const;
  expect(providerOf({ ...apple, environment: 'production' })).toBe('production');
  expect(providerOf({ ...apple, environment: 'development' })).toBe('development');
  expect(providerOf({ platform: 'fcm', token: 'a' })).toBe('fcm');
});
