/** Which provider serves a target: each has a queue of its own, so that one that does not respond holds up no other. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultBreakerLimits } from '../../src/push/breaker.js';
import { LaneDevice } from '../../src/push/lane_device.js';
import { LaneQueue, providerOf } from '../../src/push/lane_queue.js';
import { delivered } from '../../src/push/transport/verdict.js';
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

/** Of a class by its name: chatty, bulk, or else prompt. */
function device(name: string): LaneDevice {
  const made = new LaneDevice(name, 'fcm');
  made.isBulk = name.startsWith('bulk');
  return made;
}

/** A queue with room for so many pushes, and the devices that it sent to, in order. */
function queueWith(concurrency: number) {
  const sent: LaneDevice[] = [];
  const work: Promise<void>[] = [];
  const claims: (() => void)[] = [];
  let ended = 0;
  let responded = 0;
  let isClaimedAtOnce = true;
  const queue = new LaneQueue({
    breaker: { ...defaultBreakerLimits, concurrency },
    clock: new TestClock(),
    isChatty: ({ id }) => id.startsWith('chatty'),
    admit: () => true,
    send: (batch, onClaimed) => {
      sent.push(...batch);
      if (isClaimedAtOnce) onClaimed();
      else claims.push(onClaimed);
    },
    track: (running) => work.push(running),
  });
  const settled = async () => {
    for (const running of work.splice(0)) await running;
  };
  return {
    add: async (kind: string, count: number) => {
      for (let n = 0; n < count; n += 1) queue.add(device(`${kind} ${n}`));
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
    /** The provider responds to the oldest so many, and their results are not stored yet. */
    respond: async (count: number) => {
      for (const last = responded + count; responded < last; responded += 1) {
        const device = sent[responded];
        if (device !== undefined) queue.responded(device, delivered);
        await settled();
      }
    },
    /** From now on a claim takes until `claimed`. */
    holdClaims: () => {
      isClaimedAtOnce = false;
    },
    claimed: async () => {
      claims.shift()?.();
      await settled();
    },
    claimsHeld: () => claims.length,
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

test('a place is free once the provider responded, and pushes whose result is not stored are at most twice the places', async () => {
  const { add, respond, end, sent } = queueWith(4);
  await add('quiet', 20);
  expect(sent()).toHaveLength(4);
  await respond(3);
  expect(sent()).toHaveLength(7);
  await respond(4);
  expect(sent(), 'of these, 7 have a response').toHaveLength(8);
  await end(5);
  expect(sent()).toHaveLength(11);
});

test('places that come free while devices are claimed share the next claim, and a device that becomes ready is claimed at once', async () => {
  const { add, respond, holdClaims, claimed, claimsHeld, sent } = queueWith(10);
  await add('bulk', 30);
  expect(sent()).toHaveLength(8);
  holdClaims();
  await respond(5);
  expect([sent().length, claimsHeld()]).toEqual([9, 1]);
  await claimed();
  expect([sent().length, claimsHeld()]).toEqual([13, 1]);
  await add('quiet', 1);
  expect([sent().at(-1), claimsHeld()]).toEqual(['quiet 0', 2]);
});

test('devices that changed together with many others leave places free, and one in four is theirs meanwhile', async () => {
  const { add, end, sent } = queueWith(12);
  await add('bulk', 400);
  expect(sent()).toHaveLength(9);
  await add('quiet', 30);
  expect(sent().slice(9)).toEqual(['quiet 0', 'quiet 1', 'quiet 2']);
  await end(40);
  expect(sent().indexOf('quiet 29')).toBeLessThan(12 + 40);
  expect(
    sent()
      .slice(12, 52)
      .filter((id) => id.startsWith('bulk')).length,
  ).toBeGreaterThanOrEqual(10);
});

test('a device of a burst goes first once it changes alone', async () => {
  const sent: LaneDevice[] = [];
  const queue = new LaneQueue({
    breaker: { ...defaultBreakerLimits, concurrency: 1 },
    clock: new TestClock(),
    isChatty: () => false,
    admit: () => true,
    send: (batch) => sent.push(...batch),
    track: () => {},
  });
  const burst = Array.from({ length: 10 }, (_, n) => device(`bulk ${n}`));
  for (const each of burst) queue.add(each);
  const [last] = burst.slice(-1);
  if (last === undefined) throw new Error('there is none');
  last.isBulk = false;
  queue.add(last);
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent.map(({ id }) => id)).toEqual(['bulk 9']);
});

test('no device waits for ever, whatever else comes: each place of its class comes again after so many others', async () => {
  const kinds = fc.constantFrom('quiet', 'bulk', 'chatty');
  const step = fc.record({
    kind: kinds,
    count: fc.integer({ min: 0, max: 20 }),
    ended: fc.integer({ min: 1, max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      kinds,
      fc.array(step, { maxLength: 40 }),
      async (room, kind, steps) => {
        const { add, end, sent } = queueWith(room);
        await add(`${kind} before`, 5);
        await add(`${kind} watched`, 1);
        for (const [index, { kind: other, count, ended }] of steps.entries()) {
          await add(`${other} ${index}`, count);
          await end(ended);
        }
        // Places that come free from now on, while quiet ones never cease to come.
        for (let n = 0; n < 16 * (6 + 20 * steps.length) && !sent().includes(`${kind} watched 0`); n += 1) {
          await add(`quiet later ${n}`, 1);
          await end(1);
        }
        expect(sent()).toContain(`${kind} watched 0`);
        const ahead = sent().indexOf(`${kind} watched 0`);
        expect(ahead, 'at most fifteen of sixteen places are of another class').toBeLessThanOrEqual(
          16 * 7 + 2 * room,
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('while only one kind waits, quiet devices have all places, others three quarters, and chatty ones half of them', async () => {
  for (const [kind, places] of [
    ['quiet', 10],
    ['bulk', 8],
    ['chatty', 5],
  ] as const) {
    const { add, end, sent } = queueWith(10);
    await add(kind, 30);
    expect(sent()).toEqual(Array.from({ length: places }, (_, n) => `${kind} ${n}`));
    await end(30);
    expect(sent(), 'all are sent in the end').toHaveLength(30);
  }
});
