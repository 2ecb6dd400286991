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
  const sent: LaneDevice[] = [];
  const work: Promise<void>[] = [];
  let ended = 0;
  const queue = new LaneQueue({
    breaker: { ...defaultBreakerLimits, concurrency },
    clock: new TestClock(),
    isChatty: ({ id }) => id.startsWith('chatty'),
    admit: () => true,
    send: (batch) => sent.push(...batch),
    track: (running) => work.push(running),
  });
  const settled = async () => {
    for (const running of work.splice(0)) await running;
  };
  return {
    add: async (kind: string, count: number) => {
      for (let n = 0; n < count; n += 1) queue.add(new LaneDevice(`${kind} ${n}`, 'fcm'));
      await settled();
    },
    /** The oldest so many of the pushes in flight are over, one after the other. */
    end: async (count: number) => {
      for (const last = ended + count; ended < last; ended += 1) {
        const device = sent[ended];
        if (device !== undefined) queue.ended(device);
        await settled();
      }
    },
    sent: () => sent.map(({ id }) => id),
  };
}

test('quiet devices find places free beside hundreds of chatty ones, and these get some of the places meanwhile', async () => {
  const { add, end, sent } = queueWith(10);
  await add('chatty', 400);
  expect(sent()).toHaveLength(5);
  await add('quiet', 30);
  expect(sent().slice(5)).toEqual(expect.arrayContaining(['quiet 0', 'quiet 1', 'quiet 2', 'quiet 3']));
  await end(40);
  const all = sent();
  expect(all.filter((id) => id.startsWith('quiet'))).toHaveLength(30);
  expect(all.indexOf('quiet 29')).toBeLessThan(5 + 40 + 1);
  expect(all.slice(5, 45).filter((id) => id.startsWith('chatty')).length).toBeGreaterThanOrEqual(5);
});

test('while only one kind waits, quiet devices have all places, and chatty ones half of them', async () => {
  for (const [kind, places] of [
    ['quiet', 10],
    ['chatty', 5],
  ] as const) {
    const { add, end, sent } = queueWith(10);
    await add(kind, 30);
    expect(sent()).toEqual(Array.from({ length: places }, (_, n) => `${kind} ${n}`));
    await end(30);
    expect(sent(), 'all are sent in the end').toHaveLength(30);
  }
});
