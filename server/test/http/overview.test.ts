/** The overview: the last hour of the process, for people to look at. */
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { History } from '../../src/history/history.js';
import { buildHttp } from '../../src/http/http.js';
import { type CountPush, pushCounter, reportDelivery } from '../../src/push/metrics.js';
import { noDelivery, type PausedTransport } from '../../src/service/push_delivery.js';
import { hashSecret } from '../../src/service/secrets.js';
import type { Service } from '../../src/service/service.js';
import { ReferenceStore } from '../../src/store/reference/store.js';
import { Reader } from './badge_stream_reader.js';
import { openApiCheck } from './openapi_check.js';
import { openWorld, storeWith, type World } from './world.js';

const intervalMs = 10_000;
const paused: PausedTransport[] = [];

let world: World;
let registry: Registry;
let history: History;
let http: FastifyInstance;
let countPush: CountPush;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** An application of its own for each test, over the same apps: what was counted before is not to be seen. */
beforeEach(async () => {
  registry = new Registry();
  countPush = pushCounter(registry);
  reportDelivery(world.service.store, { paused: [], heldBack: () => 0 }, registry);
  await open({ ...world.service, push: { ...noDelivery, paused } });
});
afterEach(() => http.close());

const bound = { timeout: 30_000 };

describe('GET /admin/overview', () => {
  test('has no samples at first, and says since when there could be some', async () => {
    const overview = await read();
    expect(overview).toMatchObject({
      started_at: new Date(world.clock.now).toISOString(),
      apps: 2,
      resting_push_transports: 0,
      resting: [],
      interval_seconds: 10,
      samples: [],
    });
  });

  test('tells requests, refusals and latencies per second of each interval, and null where nothing was served', async () => {
    const startedAt = world.clock.now;
    for (let n = 0; n < 17; n += 1) await listApps(world.adminToken);
    for (let n = 0; n < 3; n += 1) await listApps('not-the-admin-token');
    await passed();
    await passed();
    const { samples } = await read();
    expect(samples).toHaveLength(2);
    expect(samples[0]).toMatchObject({
      at: new Date(startedAt + intervalMs).toISOString(),
      requests_per_second: 2,
      refused_per_second: 0.3,
      errors_per_second: 0,
    });
    const { latency_p50_ms: p50, latency_p99_ms: p99 } = samples[0] ?? {};
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(samples[1]).toMatchObject({
      at: new Date(startedAt + 2 * intervalMs).toISOString(),
      requests_per_second: 0,
      refused_per_second: 0,
      latency_p50_ms: null,
      latency_p99_ms: null,
    });
  });

  test('tells errors of our own apart from refusals', async () => {
    await http.close();
    registry = new Registry();
    const ready = async () => {
      throw new Error('not now');
    };
    await open({ ...world.service, store: storeWith(world.service.store, { ready }) });
    for (let n = 0; n < 5; n += 1) await http.inject({ method: 'GET', url: '/readyz' });
    await passed();
    const { samples } = await read();
    expect(samples[0]).toMatchObject({
      requests_per_second: 0.5,
      errors_per_second: 0.5,
      refused_per_second: 0,
    });
  });

  test('tells pushes by outcome, and the alerts of all apps in the outbox', async () => {
    countPush('apns', 'delivered');
    for (let n = 0; n < 4; n += 1) countPush('webpush', 'delivered');
    countPush('fcm', 'misconfigured');
    const content = { notification: '{}', expiresAt: world.clock.now + 60_000 };
    for (const [app, id] of [
      [world.app, 'one'],
      [world.app, 'two'],
      [world.otherApp, 'one'],
    ] as const)
      await world.service.store.push.enqueue(app, { id, users: ['ann'], content });
    await passed();
    const { samples } = await read();
    expect(samples.at(-1)).toMatchObject({
      outbox_depth: 3,
      pushes_per_second: {
        delivered: 0.5,
        logged: 0,
        retry: 0,
        gone: 0,
        rejected: 0,
        misconfigured: 0.1,
      },
    });
  });

  test('tells open streams, which are no requests however long they last', async () => {
    await world.inApp('PUT', '/users/ann/badge', { body: { external_unread_count: 1 } });
    const { port } = new URL(await http.listen({ host: '127.0.0.1', port: 0 }));
    const headers = { authorization: `Bearer ${world.token}`, accept: 'text/event-stream' };
    const path = `/apps/${world.app}/users/ann/badge`;
    const stream = await Reader.request(Number(port), path, headers);
    await passed();
    stream.read().leave();
    await vi.waitFor(async () => {
      await passed();
      expect(history.samples.at(-1)?.openStreams).toBe(0);
    }, bound);
    const { samples } = await read();
    expect(samples[0]).toMatchObject({ open_streams: 1, requests_per_second: 0 });
    expect(samples.at(-1)).toMatchObject({ requests_per_second: 0 });
  });

  test('names the app whose pushes wait the longest first, and ten at most', async () => {
    for (let n = 0; n < 12; n += 1)
      paused.push({
        app: n === 11 ? world.otherApp : world.app,
        platform: 'apns',
        kind: 'misconfigured',
        reason: 'InvalidProviderToken',
        since: world.clock.now - n * 1000,
        pausedUntil: world.clock.now + 1000,
      });
    const overview = await read();
    paused.length = 0;
    expect(overview.resting_push_transports).toBe(12);
    expect(overview.resting).toHaveLength(10);
    expect(overview.resting[0]).toEqual({
      app_id: world.otherApp,
      app_name: 'second',
      platform: 'apns',
      kind: 'misconfigured',
      reason: 'InvalidProviderToken',
      since: new Date(world.clock.now - 11_000).toISOString(),
    });
  });

  test('goes back an hour and no further', async () => {
    for (let n = 0; n < 365; n += 1) await passed();
    const { samples } = await read();
    expect(samples).toHaveLength(360);
    expect(samples.at(-1)?.at).toBe(new Date(world.clock.now).toISOString());
    expect(samples[0]?.at).toBe(new Date(world.clock.now - 359 * intervalMs).toISOString());
  });

  test('leaves out an interval in which the clock was set back, and goes on from there', async () => {
    await passed();
    world.clock.now -= 3_600_000;
    await history.sample();
    expect(history.samples).toHaveLength(1);
    await passed();
    expect(history.samples).toHaveLength(2);
    world.clock.now += 3_600_000;
  });

  test('is for the admin alone', async () => {
    const url = '/admin/overview';
    expect((await http.inject({ method: 'GET', url })).statusCode).toBe(401);
    const headers = { authorization: `Bearer ${world.token}` };
    expect((await http.inject({ method: 'GET', url, headers })).statusCode).toBe(403);
  });
});

test('the history looks every ten seconds by itself, from when the application is ready until it closes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    await http.close();
    registry = new Registry();
    await open(world.service);
    const timePasses = async () => {
      world.clock.now += intervalMs;
      vi.advanceTimersByTime(intervalMs);
      await nextTurn();
    };
    await timePasses();
    await timePasses();
    expect(history.samples).toHaveLength(2);
    await http.close();
    await timePasses();
    expect(history.samples).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});

test('requests come in between while the outbox of many apps is counted, and whoever asks meanwhile gets the same count', async () => {
  const store = new ReferenceStore();
  const settings = { mode: 'unread_messages', includeAnnouncements: false } as const;
  const content = { notification: '{}', expiresAt: world.clock.now + 60_000 };
  for (let n = 0; n < 120; n += 1) {
    const id = randomUUID();
    await store.apps.create({ id, name: 'one of many', settings, jabberDomain: id, createdAt: 0 });
    await store.push.enqueue(id, { id: 'one', users: ['ann'], content });
  }
  const depth = vi.spyOn(store.push, 'depth');
  const metrics = new Registry();
  reportDelivery(store, { paused: [], heldBack: () => 0 }, metrics);
  const gauge = metrics.getSingleMetric('badged_push_outbox_alerts');
  const read = async () => (await gauge?.get())?.values[0]?.value;

  let countedBefore = 120;
  setImmediate(() => {
    countedBefore = depth.mock.calls.length;
  });
  expect(await Promise.all([read(), read()])).toEqual([120, 120]);
  expect(countedBefore).toBeLessThan(120);
  expect(depth).toHaveBeenCalledTimes(120);
  await read();
  expect(depth).toHaveBeenCalledTimes(240);
});

async function open(service: Service): Promise<void> {
  history = new History({ registry, now: () => world.clock.now });
  http = buildHttp({ service, adminTokenHash: hashSecret(world.adminToken), metrics: registry, history });
  await http.ready();
  // The first look began with the application.
  await nextTurn();
}

async function passed(): Promise<void> {
  world.clock.now += intervalMs;
  await history.sample();
}

function listApps(token: string) {
  const headers = { authorization: `Bearer ${token}` };
  return http.inject({ method: 'GET', url: '/admin/apps', headers });
}

/** Held against the OpenAPI document. */
async function read() {
  const headers = { authorization: `Bearer ${world.adminToken}` };
  const answer = await http.inject({ method: 'GET', url: '/admin/overview', headers });
  expect(answer.statusCode).toBe(200);
  const payload = answer.json();
  const problem = openApiCheck(http)({ method: 'GET', route: '/admin/overview', status: 200, payload });
  expect(problem).toBeUndefined();
  return payload;
}
