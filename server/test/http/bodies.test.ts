/**
 * Bodies over real connections: "A body needs a time limit and a share of memory." Everything here is decided by lengths
 * and limits that the tests set; no assertion depends on how fast the machine is.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { limits } from '@badged/core';
import fc from 'fast-check';
import { type Logger, pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BodyBudget } from '../../src/http/foundation/body_budget.js';
import { BodyReader, defaultBodyLimits } from '../../src/http/foundation/request_body.js';
import { openWorld, type World } from './world.js';

const day = 86_400_000;
/** Small, so that a few connections fill it; and no time limit that a busy machine could reach. */
const roomy = { unfinishedBytes: 1_000, unfinishedOwnBytes: 400, timeoutMs: day, pauseMs: day };

const bodies = new BodyReader(roomy);
let logged: string[] = [];
const sockets: Socket[] = [];
let world: World;
let port: number;
let hasty: World;
let hastyPort: number;

beforeAll(async () => {
  world = await openWorld({ bodies, logger: collectingLogger() });
  port = await listen(world);
  hasty = await openWorld({
    bodies: new BodyReader({ ...defaultBodyLimits, timeoutMs: 300, pauseMs: 150 }),
  });
  hastyPort = await listen(hasty);
});
afterEach(async () => {
  const closed = sockets.splice(0).filter((socket) => !socket.destroyed);
  for (const socket of closed) socket.destroy();
  await expect.poll(() => bodies.unfinishedBytes).toBe(0);
});
afterAll(async () => {
  await world.close();
  await hasty.close();
});

test('a user token sends at most 64 KiB on every route that accepts it, and an app token more', async () => {
  const { http, app, token } = hasty;
  const url = `/apps/${app}/users/a/push_tokens`;
  const payload = `{"device_id":"${'x'.repeat(limits.ownBodyBytes)}"}`;
  const send = (bearer: string) =>
    http.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      payload,
    });
  expect((await send(await hasty.userToken('a'))).json().message).toBe(
    'The body is too large: at most 64 KiB are allowed with this token. Send it in several requests.',
  );
  // Read, and refused for what it says.
  expect((await send(token)).json()).toMatchObject({ id: 'missing_property', data: { property: 'type' } });
});

test('a declared length that is too large is refused before any of the body is sent', async () => {
  const socket = await begin(port, { token: world.token, bytes: limits.bodyBytes + 1 });
  expect(await response(socket)).toMatch(/^HTTP\/1\.1 400 .*The body is too large: at most 2 MiB/s);
});

test('a caller holds at most half of the memory in unfinished bodies; others are served meanwhile', async () => {
  for (let n = 0; n < 5; n += 1) await begin(port, { token: world.token, bytes: 100, sent: '[' });
  await expect.poll(() => bodies.unfinishedBytes).toBe(500);
  const sixth = await begin(port, { token: world.token, bytes: 100 });
  const refusal = await response(sixth);
  expect(refusal).toMatch(/^HTTP\/1\.1 429 .*retry-after: 1\r\n.*still arriving/is);

  const served = await world.send('PUT', `/apps/${world.otherApp}/users/a/badge`, {
    token: world.otherToken,
    body: { external_unread_count: 1 },
  });
  expect(served.statusCode).toBe(204);
});

test('a caller who holds nothing gets a Retry-After when the memory is full', async () => {
  await begin(port, { token: world.token, bytes: 500, sent: '[' });
  const path = `/apps/${world.otherApp}/conversations`;
  await begin(port, { token: world.otherToken, path, bytes: 250, sent: '[' });
  await expect.poll(() => bodies.unfinishedBytes).toBe(750);
  const third = await begin(port, { token: world.adminToken, path: '/admin/apps', bytes: 200 });
  expect(await response(third)).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1\r\n/is);
});

test('memory is given back when a body is complete, refused or broken off', async () => {
  const complete = await begin(port, { token: world.token, bytes: 100, sent: '[' });
  await expect.poll(() => bodies.unfinishedBytes).toBe(100);
  complete.write(' '.repeat(99));
  expect(await response(complete)).toMatch(/^HTTP\/1\.1 400 .*is not JSON/s);
  expect(bodies.unfinishedBytes).toBe(0);

  const broken = await begin(port, { token: world.token, bytes: 100, sent: '[' });
  await expect.poll(() => bodies.unfinishedBytes).toBe(100);
  broken.destroy();
  await expect.poll(() => bodies.unfinishedBytes).toBe(0);
});

test.each([
  ['body', 'application/json', 'conversations', '["'],
  ['batch of lines', 'application/x-ndjson', 'events', '{"'],
])(
  'a client that aborts its %s is no error in the log, and no 5xx in the metrics',
  async (_, type, of, sent) => {
    logged = [];
    const path = `/apps/${world.app}/${of}`;
    const socket = await begin(port, { token: world.token, path, type, bytes: 100, sent });
    await expect.poll(() => bodies.unfinishedBytes).toBeGreaterThan(0);
    socket.destroy();
    await expect.poll(() => bodies.unfinishedBytes).toBe(0);
    // What the end of the request logs and counts is there before the next request has its response.
    const metrics = await world.http.inject('/metrics');
    expect(metrics.body).not.toMatch(/^badged_http_request_duration.*status="500"/m);
    const levels = logged.map((line) => JSON.parse(line).level);
    expect(levels).toEqual(levels.filter((level) => level <= 30));
  },
);

test('a body that takes too long is refused, and so is one of which nothing more comes', async () => {
  const stalled = await begin(hastyPort, {
    token: hasty.token,
    path: conversations(hasty),
    bytes: 100,
    sent: '[',
  });
  expect(await response(stalled)).toMatch(/^HTTP\/1\.1 400 .*No part of the body arrived for 0\.15 s/s);

  const slow = await begin(hastyPort, {
    token: hasty.token,
    path: conversations(hasty),
    bytes: 100_000,
    sent: '[',
  });
  const drip = setInterval(() => slow.write(' '), 10);
  try {
    expect(await response(slow)).toMatch(/^HTTP\/1\.1 400 .*(did not arrive within 0\.3 s|No part)/s);
  } finally {
    clearInterval(drip);
  }
});

test('a request that is refused unread is answered, and its connection ends if the body never does', async () => {
  const socket = await begin(port, { token: 'wrong', bytes: 100, sent: '[' });
  expect(await response(socket)).toMatch(/^HTTP\/1\.1 401 /);
  await once(socket, 'close', { signal: AbortSignal.timeout(20_000) });
});

test('a connection that is kept open accumulates nothing with each body', async () => {
  const accepted = new Promise<Socket>((resolve) => hasty.http.server.once('connection', resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = JSON.stringify({ external_unread_count: 1 });
  const headers = {
    authorization: `Bearer ${hasty.token}`,
    'content-type': 'application/json',
    'content-length': body.length,
  };
  const put = async () => {
    const options = {
      agent,
      method: 'PUT',
      port: hastyPort,
      path: `/apps/${hasty.app}/users/a/badge`,
      headers,
    };
    const sent = request(options).end(body);
    const [response] = await once(sent, 'response');
    await once(response.resume(), 'end');
  };
  await put();
  const socket = await accepted;
  const before = socket.listenerCount('close');
  for (let n = 0; n < 20; n += 1) await put();
  expect(socket.listenerCount('close')).toBeLessThanOrEqual(before + 1);
  agent.destroy();
});

test('whatever is taken and released, a caller without anything can take half of what is free', () => {
  const takes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(600), fc.boolean()), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(takes, (steps) => {
      const budget = new BodyBudget(1_000);
      const held = new Map<string, number[]>();
      for (const [caller, bytes, isRelease] of steps) {
        const own = held.get(caller) ?? [];
        if (isRelease) {
          const released = own.pop();
          if (released !== undefined) budget.release(caller, released);
        } else if (budget.take(caller, bytes)) held.set(caller, [...own, bytes]);
        const sums = [...held].map(
          ([name, list]) => [name, list.reduce((sum, one) => sum + one, 0)] as const,
        );
        for (const [name, sum] of sums) expect(budget.heldBy(name)).toBe(sum);
        expect(budget.used).toBe(sums.reduce((all, [, sum]) => all + sum, 0));
        const half = Math.floor((1_000 - budget.used) / 2);
        expect(budget.take('new', half)).toBe(true);
        budget.release('new', half);
      }
    }),
  );
});

interface Begun {
  readonly token: string;
  readonly path?: string;
  readonly type?: string;
  /** The declared length; chunked without it. */
  readonly bytes?: number;
  /** The part of the body that is sent. */
  readonly sent?: string;
}

/** Sends the head of a request, and a part of its body. */
async function begin(
  at: number,
  { token, path = conversations(world), type = 'application/json', bytes, sent = '' }: Begun,
): Promise<Socket> {
  const socket = connect(at, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  const length = bytes === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`;
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\n${length}\r\n\r\n${sent}`,
  );
  return socket;
}

/** Everything up to the end of the JSON error that the response is. */
async function response(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes;
  });
  await expect.poll(() => text).toMatch(/\}$/);
  return text;
}

function conversations({ app }: World): string {
  return `/apps/${app}/conversations`;
}

async function listen({ http }: World): Promise<number> {
  await http.listen({ host: '127.0.0.1', port: 0 });
  const address = http.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function collectingLogger(): Logger {
  const lines = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  return pino({ level: 'info' }, lines);
}
