/** Token buckets and the clients that they belong to. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOf } from '../../src/http/admission/client_address.js';
import { Bucket, TokenBuckets } from '../../src/http/admission/token_buckets.js';

const size = { capacity: 100, fillSeconds: 10 };

test('in any stretch of time, a client spends no more than a full bucket and what is refilled meanwhile', () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 2_000 }),
    tokens: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const bucket = new Bucket(size, 0);
      const spent: { at: number; tokens: number }[] = [];
      let now = 0;
      for (const { waitMs, tokens } of steps) {
        now += waitMs;
        if (bucket.level(now) < tokens) continue;
        bucket.spend(tokens);
        spent.push({ at: now, tokens });
      }
      for (const [first, { at: from }] of spent.entries()) {
        let sum = 0;
        for (const { at, tokens } of spent.slice(first)) {
          sum += tokens;
          expect(sum).toBeLessThanOrEqual(size.capacity + ((at - from) / 1000) * 10 + 1e-6);
        }
      }
    }),
  );
});

test('secondsUntil says when tokens are there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 100 }), (spent, wanted) => {
      const bucket = new Bucket(size, 0);
      bucket.spend(spent);
      const seconds = bucket.secondsUntil(wanted, 0);
      expect(bucket.level(seconds * 1000)).toBeGreaterThanOrEqual(wanted - 1e-6);
    }),
  );
});

test('a debt is no longer than a full bucket', () => {
  const bucket = new Bucket(size, 0);
  bucket.spend(1_000_000);
  expect(bucket.level(0)).toBe(-100);
  expect(bucket.level(20_000)).toBe(100);
});

test('the number of buckets is bounded, and a bucket in use is not forgotten', () => {
  const buckets = new TokenBuckets(size, 50);
  buckets.bucket('busy', 0).spend(90);
  for (let n = 0; n < 10_000; n += 1) {
    buckets.bucket(`client ${n}`, 0);
    expect(buckets.bucket('busy', 0).level(0)).toBe(10);
    expect(buckets.count).toBeLessThanOrEqual(101);
  }
});

test('a bucket that is forgotten was full', () => {
  const buckets = new TokenBuckets(size);
  buckets.bucket('one', 0).spend(100);
  expect(buckets.bucket('one', 5_000).level(5_000)).toBe(50);
  buckets.bucket('another', 25_000);
  buckets.bucket('another', 46_000);
  expect(buckets.count).toBe(1);
  expect(buckets.bucket('one', 46_000).level(46_000)).toBe(100);
});

test('IPv4 addresses are clients, also as IPv6 writes them', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(clientOf(address)).toBe(address);
      expect(clientOf(`::ffff:${address}`)).toBe(address);
    }),
  );
});

test('addresses of one /64 are one client, however they are written, and other addresses are others', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const groups = fc.tuple(...Array.from({ length: 8 }, () => group));
  const written = (all: readonly number[]) => all.map((each) => each.toString(16)).join(':');
  fc.assert(
    fc.property(groups, fc.array(group, { minLength: 4, maxLength: 4 }), (one, rest) => {
      const network = one.slice(0, 4);
      fc.pre(written(one.slice(0, 6)) !== '0:0:0:0:0:ffff');
      expect(clientOf(written(one))).toBe(`${written(network)}::/64`);
      expect(clientOf(written([...network, ...rest]))).toBe(clientOf(written(one)));
      expect(clientOf(`${written(network)}::`)).toBe(clientOf(written(one)));
      expect(clientOf(written(one).toUpperCase())).toBe(clientOf(written(one)));
      const [first = 0, ...others] = one;
      expect(clientOf(written([first ^ 1, ...others]))).not.toBe(clientOf(written(one)));
    }),
  );
});

test.each([
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:db8::192.0.2.1', '2001:db8:0:0::/64'],
])('%s is of %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});
