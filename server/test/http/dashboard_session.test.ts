/** The session of the dashboard: how it begins, what it opens, and how it ends. */
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { buildHttp } from '../../src/http/http.js';
import { SnapshotStreams } from '../../src/live/snapshot_streams.js';
import { DashboardSessions } from '../../src/service/dashboard_sessions.js';
import { SecretKey } from '../../src/service/sealing.js';
import { hashSecret } from '../../src/service/secrets.js';
import { anonymous, openWorld, type Request, signedIn, type World, type WorldOptions } from './world.js';

const minute = 60_000;
const hour = 60 * minute;
const requested = { 'x-requested-with': 'badged' };
const url = '/admin/session';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** For one test, in place of the world of the others. */
async function openOther(options: WorldOptions): Promise<void> {
  const usual = world;
  world = await openWorld(options);
  onTestFinished(async () => {
    await world.close();
    world = usual;
  });
}

type Headers = Readonly<Record<string, string>>;

function signIn(body: unknown, headers: Headers = {}): Promise<LightMyRequestResponse> {
  return world.send('POST', url, { token: anonymous, body, headers });
}

/** As the browser sends it back. */
function cookieOf(answer: LightMyRequestResponse): string {
  return `${answer.headers['set-cookie']}`.split(';')[0] ?? '';
}

async function read(headers: Headers, path = url): Promise<number> {
  return (await world.send('GET', path, { token: anonymous, headers })).statusCode;
}

describe('a session begins', () => {
  test('with the admin token, in a cookie that no script reads and no other site sends', async () => {
    const answer = await signIn({ token: world.adminToken });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers['set-cookie']).toMatch(
      /^badged_dashboard=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    const session = await world.send('GET', url, {
      token: anonymous,
      headers: { ...requested, cookie: cookieOf(answer) },
    });
    const expires_at = new Date(world.clock.now + 12 * hour).toISOString();
    expect(session.json()).toEqual({ expires_at, version: '0.0.0' });
  });

  test.each([
    ['the address that the service is known by', { publicUrl: 'https://badges.example.com' }, {}],
    ['that address in capitals', { publicUrl: 'HTTPS://BADGES.EXAMPLE.COM' }, {}],
    ['a trusted proxy', { trustProxy: true }, { 'x-forwarded-proto': 'https' }],
  ])('over TLS, as %s says, in a cookie that no other host sets', async (_, config, headers) => {
    await openOther({ config });
    const answer = await signIn({ token: world.adminToken }, headers);
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-badged_dashboard=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    const cookie = cookieOf(answer);
    expect(await read({ ...headers, ...requested, cookie })).toBe(200);
    expect(await read({ ...headers, ...requested, cookie: cookie.replace('__Host-', '') })).toBe(401);
  });

  test('with nothing else: not with a token of an app or a user, nor with nothing', async () => {
    for (const token of ['', 'x', `${world.adminToken}x`, world.token, await world.userToken('a')]) {
      const answer = await signIn({ token });
      expect([answer.statusCode, answer.json().id]).toEqual([401, 'authentication_required']);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect((await signIn({})).json().data).toEqual({ property: 'token' });
    expect((await signIn({ token: 5 })).json().data).toEqual({ property: 'token' });
    expect((await signIn({ token: null, code: null })).statusCode).toBe(422);
    expect((await world.send('POST', url, { token: anonymous })).statusCode).toBe(422);
    for (const body of [[], 5]) {
      const answer = await signIn(body);
      expect(answer.json(), JSON.stringify(body)).toMatchObject({
        id: 'invalid_request',
        message: 'The body must be a JSON object.',
      });
    }
  });

  test('promise 8: with no more than a token takes, since anybody may send it', async () => {
    const padded = (blanks: number) =>
      signIn(`${JSON.stringify({ token: world.adminToken })}${' '.repeat(blanks)}`);
    const answer = await padded(20_000);
    expect([answer.statusCode, answer.json().id]).toEqual([400, 'invalid_request']);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await padded(10_000)).statusCode).toBe(204);
  });

  test('from a page of this server, where the browser says whose page it is', async () => {
    const body = { token: world.adminToken };
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const answer = await signIn(body, headers);
      expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([403, undefined]);
    }
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])
      expect((await signIn(body, { 'content-type': type })).statusCode).toBe(400);
  });
});

describe('the one-time code of the printed link', () => {
  test('begins one session', async () => {
    const code = world.sessions.makeCode();
    const first = await signIn({ code });
    expect(first.statusCode).toBe(204);
    expect(await read({ ...requested, cookie: cookieOf(first) }, '/admin/apps')).toBe(200);
    const second = await signIn({ code });
    expect([second.statusCode, second.json().message]).toEqual([401, expect.stringMatching(/used before/)]);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('is good for one of two who use it at the same time', async () => {
    const code = world.sessions.makeCode();
    const answers = await Promise.all([signIn({ code }), signIn({ code })]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 401]);
  });

  test('is good for fifteen minutes, and a wrong one does not use it up', async () => {
    const code = world.sessions.makeCode();
    for (const wrong of ['', 'x', `${code}x`, code.slice(1), world.adminToken])
      expect((await signIn({ code: wrong })).statusCode).toBe(401);
    world.clock.now += 15 * minute - 1;
    expect((await signIn({ code })).statusCode).toBe(204);
    const late = world.sessions.makeCode();
    world.clock.now += 15 * minute;
    expect((await signIn({ code: late })).statusCode).toBe(401);
  });

  test('is no token, and there is none unless one was made', async () => {
    expect((await signIn({ code: '' })).statusCode).toBe(401);
    const code = world.sessions.makeCode();
    expect((await signIn({ token: code })).statusCode).toBe(401);
    expect((await world.send('GET', '/admin/apps', { token: code })).statusCode).toBe(401);
    expect((await signIn({ code })).statusCode).toBe(204);
  });
});

describe('what a session opens', () => {
  test('acts as the app in the address, and not for one that is not there', async () => {
    const headers = await signedIn(world);
    const put: Request = { token: anonymous, headers, body: { external_unread_count: 3 } };
    for (const app of [world.app, world.otherApp]) {
      expect((await world.send('PUT', `/apps/${app}/users/ann/badge`, put)).statusCode).toBe(204);
      const badge = await world.send('GET', `/apps/${app}/users/ann/badge`, { token: anonymous, headers });
      expect(badge.json()).toMatchObject({ badge: 3 });
    }
    for (const unknown of ['00000000-0000-4000-8000-000000000000', 'x']) {
      const answer = await world.send('PUT', `/apps/${unknown}/users/ann/badge`, put);
      expect([answer.statusCode, answer.json().id]).toEqual([403, 'invalid_app_id']);
    }
  });

  test('an Authorization header wins, whether it is good or not', async () => {
    const headers = await signedIn(world);
    const path = `/apps/${world.otherApp}/users/ann/badge`;
    expect((await world.send('GET', path, { headers })).json().id).toBe('invalid_app_id');
    expect((await world.send('GET', '/admin/apps', { headers, token: 'x' })).statusCode).toBe(401);
    expect((await world.send('GET', path, { headers, token: world.adminToken })).statusCode).toBe(403);
  });
});

describe('a session ends', () => {
  test('after twelve hours', async () => {
    const headers = await signedIn(world);
    world.clock.now += 12 * hour - 1_000;
    expect(await read(headers)).toBe(200);
    world.clock.now += 1_000;
    expect(await read(headers)).toBe(401);
    expect(await read(headers, '/admin/apps')).toBe(401);
  });

  test('when it is signed out of, also for a copy of the cookie, and no other with it', async () => {
    const [headers, other] = [await signedIn(world), await signedIn(world)];
    const answer = await world.send('DELETE', url, { token: anonymous, headers });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['set-cookie']).toBe(
      'badged_dashboard=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    );
    expect(await read(headers)).toBe(401);
    expect(await read(other)).toBe(200);
  });

  test('when the admin token or the secret key is changed; another node with the same ones knows it', async () => {
    const { cookie = '' } = await signedIn(world);
    const text = cookie.replace(/^[^=]*=/, '');
    const sameToken = new DashboardSessions(world.service, hashSecret(world.adminToken));
    const newToken = new DashboardSessions(world.service, hashSecret('another admin token'));
    expect(await sameToken.find(text)).toBeDefined();
    expect(await newToken.find(text)).toBeUndefined();
    const otherKey = { ...world.service, secretKey: SecretKey.random() };
    const newKey = new DashboardSessions(otherKey, hashSecret(world.adminToken));
    expect(await newKey.find(text)).toBeUndefined();
  });

  test('and what is signed otherwise is none', async () => {
    const { cookie = '' } = await signedIn(world);
    const user = await world.userToken('dashboard');
    const unsigned = `${cookie.split('.').slice(0, 2).join('.')}.`;
    for (const forged of [`badged_dashboard=${user}`, `${cookie}x`, unsigned, 'badged_dashboard='])
      expect(await read({ ...requested, cookie: forged })).toBe(401);
  });
});

describe('a live stream that a session opened', () => {
  let http: FastifyInstance;
  let streams: SnapshotStreams;
  beforeEach(async () => {
    await world.inApp('PUT', '/users/ann/badge', { body: { external_unread_count: 1 } });
    streams = new SnapshotStreams(world.service, { coalesceMs: 1, heartbeatMs: 10 });
    const { service, sessions } = world;
    http = buildHttp({ service, adminTokenHash: hashSecret(world.adminToken), sessions, streams });
    await http.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => http.close());

  test.each<[string, (headers: Headers) => unknown]>([
    ['is signed out of', (headers) => world.send('DELETE', url, { token: anonymous, headers })],
    [
      'expires',
      () => {
        world.clock.now += 12 * hour;
      },
    ],
  ])('ends once the session %s', async (_, end) => {
    const headers = await signedIn(world);
    const { port } = http.server.address() as AddressInfo;
    const path = `/apps/${world.app}/users/ann/badge`;
    const opening = request({ port, path, headers: { ...headers, accept: 'text/event-stream' } }).end();
    const [response] = await once(opening, 'response');
    const [first] = await once(response.setEncoding('utf8'), 'data');
    expect([response.statusCode, first]).toEqual([200, expect.stringContaining('retry:')]);
    await end(headers);
    await once(response.resume(), 'end');
  });
});

test('neither the code, the token nor the cookie is logged', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  await openOther({ logger: pino({ level: 'trace' }, sink) });
  const code = world.sessions.makeCode();
  const cookies = [cookieOf(await signIn({ code })), cookieOf(await signIn({ token: world.adminToken }))];
  await signIn({ code });
  for (const cookie of cookies) {
    expect(await read({ cookie })).toBe(401);
    expect(await read({ ...requested, cookie })).toBe(200);
    expect(await read({ ...requested, cookie: `${cookie}x` })).toBe(401);
  }
  const log = lines.join('');
  expect(log).toContain('"/admin/session"');
  const values = cookies.map((cookie) => cookie.replace(/^[^=]*=/, ''));
  for (const secret of [code, world.adminToken, ...values]) expect(log).not.toContain(secret);
});
