/** Which provider serves a target: each has a queue of its own, so that one that does not respond holds up no other. */
import { expect, test } from 'vitest';
import { defaultBreakerLimits } from '../../src/push/breaker.js';
import { LaneDevice } from '../../src/push/lane_device.js';
import { LaneQueue, providerOf } from '../../src/push/lane_queue.js';
import { TestClock } from './test_clock.js';

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

/** A queue with room for so many pushes, and the devices that it sent to, in order. */
function queueWith(concurrency: number) {
  const sent: string[] = [];
  const work: Promise<void>[] = [];
  const queue = new LaneQueue({
    breaker: { ...defaultBreakerLimits, concurrency },
    clock: new TestClock(),
    isChatty: ({ id }) => id.startsWith('chatty'),
    admit: () => true,
    send: (batch) => sent.push(...batch.map(({ id }) => id)),
    track: (running) => work.push(running),
  });
  const add = (kind: string, count: number) => {
    for (let n = 0; n < count; n += 1) queue.add(new LaneDevice(`${kind} ${n}`, 'fcm'));
  };
  const settled = async () => {
    for (const running of work.splice(0)) await running;
  };
  return { queue, sent, add, settled };
}

test('quiet devices do not wait behind hundreds of chatty ones, and these get one place in four meanwhile', async () => {
  const { queue, sent, add, settled } = queueWith(10);
  add('chatty', 400);
  await settled();
  add('quiet', 30);
  for (let n = 0; n < 40; n += 1) {
    queue.ended();
    await settled();
  }
  expect(sent).toHaveLength(50);
  expect(sent.slice(10).filter((id) => id.startsWith('quiet'))).toHaveLength(30);
  expect(sent.indexOf('quiet 29')).toBeLessThan(10 + 40);
  expect(sent.indexOf('quiet 0')).toBeLessThanOrEqual(11);
});

test('while only one kind waits, it has all places', async () => {
  for (const kind of ['chatty', 'quiet']) {
    const { sent, add, settled } = queueWith(10);
    add(kind, 30);
    await settled();
    expect(sent).toEqual(Array.from({ length: 10 }, (_, n) => `${kind} ${n}`));
  }
});
