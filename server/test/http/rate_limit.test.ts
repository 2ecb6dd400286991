/** Rate limits over HTTP: who shares a limit, what a request counts, and what the response says. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { defaultRateLimits } from '../../src/http/admission/rate_limit.js';
import { expectError } from './expect_error.js';
import { anonymous, openWorld, storeWith, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const limit = { requests: 50, perSeconds: 3_600 };
const open = async (options: WorldOptions = {}) => {
  world = await openWorld({ config: { rateLimits: { clients: limit } }, ...options });
};

/** Sends until the limit is reached. The number of requests that were served. */
async function sendAll(send: () => Promise<{ statusCode: number }>): Promise<number> {
  for (let served = 0; served <= limit.requests; served += 1)
    if ((await send()).statusCode === 429) return served;
  throw new Error('the limit was never reached');
}

test('the tokens of one user share a limit. Other users, and tokens of the app, are not concerned', async () => {
  await open();
  const tokens = [await world.userToken('ann'), await world.userToken('ann')];
  let n = 0;
  const read = (token: string, user = 'ann') => world.inApp('GET', `/users/${user}/badge`, { token });
  const served = await sendAll(() => read(tokens[n++ % 2] ?? ''));
  expect(served).toBeGreaterThan(0);
  for (const token of tokens) expectError(await read(token), 'rate_limit_exceeded');
  expect((await read(await world.userToken('bob'), 'bob')).statusCode).toBe(200);
  expect(
    (await world.inApp('PUT', '/users/ann/badge', { body: { external_unread_count: 1 } })).statusCode,
  ).toBeLessThan(300);
});

test('the response says how much is left, and a refusal when to try again', async () => {
  await open();
  const token = await world.userToken('ann');
  const read = () => world.inApp('GET', '/users/ann/badge', { token });
  const { headers } = await read();
  expect(headers['ratelimit-policy']).toBe('"user";q=50;w=3600');
  const [, left, seconds] = /^"user";r=(\d+);t=(\d+)$/.exec(`${headers.ratelimit}`) ?? [];
  expect(Number(left)).toBe(49);
  expect(Number(seconds)).toBeGreaterThan(0);
  await sendAll(read);
  const refused = await read();
  expectError(refused, 'rate_limit_exceeded');
  const wait = Number(refused.headers['retry-after']);
  expect(wait).toBeGreaterThan(0);
  expect(refused.json().message).toContain(`Try again in ${wait} s.`);
  expect(refused.headers.ratelimit).toMatch(/^"user";r=0;t=\d+$/);
});

test('a costly request counts as several, and those that are sent at the same time do not get past the limit', async () => {
  const executed: string[] = [];
  await open({
    around: (store) =>
      storeWith(store, {
        ask: (app, query) => {
          const began = performance.now();
          while (query.type === 'badge' && performance.now() - began < 20);
          executed.push(query.type);
          return store.ask(app, query);
        },
      }),
  });
  const token = await world.userToken('ann');
  const all = await Promise.all(
    Array.from({ length: 40 }, () => world.inApp('GET', '/users/ann/badge', { token })),
  );
  const served = all.filter(({ statusCode }) => statusCode === 200).length;
  expect(served).toBeGreaterThan(0);
  // 20 ms each, of 50 units.
  expect(served).toBeLessThanOrEqual(4);
  expect(executed).toHaveLength(served);
});

test('requests without a valid token are limited by address. A valid token from there is served, and so is /healthz', async () => {
  await open();
  const token = await world.userToken('ann');
  const guesses = () => world.inApp('GET', '/users/ann/badge', { token: randomUUID() });
  await sendAll(guesses);
  const refused = await guesses();
  expectError(refused, 'rate_limit_exceeded');
  expect(refused.json().message).toContain('Your address');
  const page = await world.send('GET', '/openapi.json', { token: anonymous });
  expect(page.statusCode).toBe(429);
  expect((await world.inApp('GET', '/users/ann/badge', { token })).statusCode).toBe(200);
  expect((await world.inApp('GET', '/users/ann/badge')).statusCode).toBe(404);
  for (const url of ['/healthz', '/readyz']) expect((await world.send('GET', url)).statusCode).toBe(200);
});

test.each([
  [true, '198.51.100.7', '198.51.100.8', 401],
  [true, '2001:db8::1', '2001:db8::2', 429],
  [false, '198.51.100.7', '198.51.100.8', 429],
])('with trustProxy %s, %s and %s: %i', async (trustProxy, first, second, status) => {
  await open({ config: { rateLimits: { clients: limit }, trustProxy } });
  const from = (address: string) =>
    world.inApp('GET', '/users/ann/badge', { token: anonymous, headers: { 'x-forwarded-for': address } });
  await sendAll(() => from(first));
  expect((await from(second)).statusCode).toBe(status);
});

test('limits are on by default, for users and addresses. They can be turned off', async () => {
  await open({ config: { rateLimits: defaultRateLimits } });
  const token = await world.userToken('ann');
  const policy = async (request: { token?: string | typeof anonymous }) =>
    (await world.inApp('GET', '/users/ann/badge', request)).headers['ratelimit-policy'];
  expect(await policy({ token })).toBe('"user";q=1000;w=10');
  expect(await policy({ token: anonymous })).toBe('"address";q=1000;w=10');
  expect(await policy({})).toBeUndefined();
  await world.close();
  await open({ config: { rateLimits: { clients: 'off', apps: limit } } });
  expect(await policy({ token: await world.userToken('ann') })).toBeUndefined();
  expect(await policy({})).toBe('"token";q=50;w=3600');
});
