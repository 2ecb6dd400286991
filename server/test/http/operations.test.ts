/** For those who run it: health, metrics, logs, the API reference, and shutting down. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from './openapi_check.js';
import { anonymous, conversationOf, messageFrom, openWorld, storeWith, text, type World } from './world.js';

const lines: string[] = [];
const sink = new Writable({
  write: (chunk, _encoding, done) => {
    lines.push(String(chunk));
    done();
  },
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ logger: pino({ level: 'trace' }, sink) });
});
afterAll(() => world.close());

describe('logs', () => {
  test('say route, method, status, time and request id, and nothing of users, tokens, queries or contents', async () => {
    const id = await conversationOf(world, 'secret-user', 'other-secret');
    const user = await world.userToken('secret-user');
    await messageFrom(world, id, 'secret-user');
    const send = (path: string, token: string | typeof anonymous, body?: unknown) =>
      world.inApp(body === undefined ? 'GET' : 'POST', path, { token, body });
    await send('/users/secret-user/conversations?page_size=7&from_id=secret-query', user);
    await send('/users/secret-user/badge', 'secret-token');
    await send('/users/secret-user/nothing', anonymous);
    await send('/users/secret-user/%ZZ', anonymous);
    await send(`/conversations/${id}/messages`, world.token, {
      sender: { name: 'secret-name' },
      parts: text('secret-text'),
    });
    await send(`/conversations/${id}/messages`, world.token, '{"secret-json');
    await world.send('GET', '/admin/apps', { token: world.adminToken });

    const log = lines.join('');
    expect(log).not.toMatch(/secret-|page_size/);
    for (const token of [world.token, world.adminToken, user]) expect(log).not.toContain(token);
    const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
    expect(requests[0]).toMatchObject({
      reqId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      route: '/apps/:app_uuid/conversations',
      method: 'POST',
      status: 201,
      ms: expect.any(Number),
    });
    expect(requests.map(({ route, status }) => [route, status])).toContainEqual(['unmatched', 404]);
  });

  test('name the operation, the app and the id of its token, and why a token was refused', async () => {
    const path = '/users/alice/badge';
    const idOf = (token: string) => token.split('_')[1];
    const revoked = world.token.replace(/_[^_]{36}_/, `_${world.app}_`);
    const expired = await world.userToken('alice');
    world.clock.now += 86_400_000;
    const user = await world.userToken('alice');
    const oauth = `badged_access_${'x'.repeat(10)}`;
    const sent: [string | typeof anonymous, object][] = [
      [world.token, { principal: 'app', app: world.app, token: idOf(world.token) }],
      [user, { principal: 'user', app: world.app }],
      [world.adminToken, { error: 'access_denied' }],
      [anonymous, { error: 'authentication_required', reason: 'no_token' }],
      [revoked, { reason: 'unknown_token', token: world.app }],
      [`${world.token.slice(0, -3)}AAA`, { reason: 'wrong_secret', token: idOf(world.token) }],
      [expired, { reason: 'expired_user_token' }],
      [`${user.slice(0, -3)}AAA`, { reason: 'invalid_user_token' }],
      [oauth, { reason: 'other' }],
    ];
    for (const [token, expected] of sent) {
      const { headers } = await world.inApp('GET', path, { token });
      const logged = lines
        .map((line) => JSON.parse(line))
        .find(({ reqId }) => reqId === headers['x-request-id']);
      expect(logged).toMatchObject({ msg: 'request', operation: 'get_badge', ...expected });
      expect(JSON.stringify(logged)).not.toMatch(/alice|_AAA/);
      if (typeof token === 'string') expect(JSON.stringify(logged)).not.toContain(token);
    }
  });

  test('know an unforeseen failure by the request id that the answer carries', async () => {
    const failing = await openWorld({
      logger: pino({ level: 'error' }, sink),
      around: (store) =>
        storeWith(store, {
          ask: async () => {
            throw new Error('what went wrong');
          },
        }),
    });
    const answer = await failing.inApp('GET', `/conversations/${world.app}`);
    const logged = lines
      .map((line) => JSON.parse(line))
      .find(({ err }) => err?.message === 'what went wrong');
    expect(logged.reqId).toBe(answer.headers['x-request-id']);
    await failing.close();
  });
});

describe('metrics', () => {
  test('are by route template, method and status, and name no user', async () => {
    await world.inApp('GET', '/users/metric-user/badge');
    await world.inApp('GET', '/users/metric-user/unknown');
    const answer = await world.send('GET', '/metrics', { token: anonymous });
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toContain(
      'badged_http_request_duration_seconds_count{route="/apps/:app_uuid/users/:user_id/badge",method="GET",status="404"}',
    );
    expect(answer.body).toContain('route="unmatched",method="GET",status="404"');
    expect(answer.body).not.toContain('metric-user');
    expect(answer.body).not.toContain(world.app);
  });
});

test('health is for anyone to see', async () => {
  const live = await world.send('GET', '/healthz', { token: anonymous });
  expect([live.statusCode, live.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await world.send('GET', '/readyz', { token: anonymous });
  expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ok', resting_push_transports: 0 }]);
});

describe('the API reference', () => {
  test('is OpenAPI 3.1, with a name, a summary, an answer and errors for every operation', async () => {
    const document: unknown = (await world.send('GET', '/openapi.json', { token: anonymous })).json();
    expect(at(document, ['openapi'])).toBe('3.1.0');
    const operations = Object.values(at(document, ['paths']) ?? {}).flatMap((path: object) =>
      Object.values(path),
    );
    expect(operations.length).toBeGreaterThan(35);
    for (const operation of operations) {
      expect(operation).toMatchObject({
        operationId: expect.any(String),
        summary: expect.stringMatching(/\.$/),
      });
      if (operation.operationId !== 'metrics') expect(operation.responses).toHaveProperty('4XX');
    }
    const creating = at(document, ['paths', '/apps/{app_uuid}/announcements', 'post', 'parameters']);
    expect(creating).toContainEqual(expect.objectContaining({ name: 'if-none-match', in: 'header' }));
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test('asks no other host for anything', async () => {
    const page = await world.send('GET', '/docs/', { token: anonymous });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).not.toMatch(/https?:|\*|swagger\.io/);
    const linked = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(linked.length).toBeGreaterThan(3);
    for (const url of linked) {
      expect(url).toMatch(/^\.\/static\//);
      const asset = await world.send('GET', `/docs/${url.slice(2)}`, { token: anonymous });
      expect(asset.statusCode, url).toBe(200);
    }
    for (const path of ['/docs/json', '/docs/yaml']) {
      const { headers } = await world.send('GET', path, { token: anonymous });
      expect(new URL(headers.location ?? '', `http://host${path}`).pathname).toBe('/openapi.json');
    }
    const start = await world.send('GET', '/docs/static/swagger-initializer.js', { token: anonymous });
    expect(start.body).toContain('validatorUrl: null');
  });
});

describe('over a real connection', () => {
  test('a request is answered as an injected one is', async () => {
    const real = await openWorld();
    const base = await real.http.listen({ host: '127.0.0.1', port: 0 });
    const headers = { authorization: `Bearer ${real.token}`, 'content-type': 'application/json' };
    const url = `${base}/apps/${real.app}/users/namespace%2F12345/badge`;
    const put = await fetch(url, { method: 'PUT', headers, body: '{"external_unread_count":13}' });
    expect([put.status, await put.text()]).toEqual([204, '']);
    const read = await fetch(url, { headers });
    expect(await read.json()).toMatchObject({ external_unread_count: 13 });
    const tag = read.headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { ...headers, 'if-none-match': tag } })).status).toBe(304);
    const head = await fetch(url, { method: 'HEAD', headers });
    expect([head.status, head.headers.get('etag')]).toEqual([200, tag]);
    const over = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'x-http-method-override': 'PUT' },
      body: '{}',
    });
    expect(await over.json()).toMatchObject({ code: 104 });
    await real.close();
  });

  test('shutting down finishes what was accepted and refuses what comes after', async () => {
    const accepted = signal();
    const closing = signal();
    const released = signal();
    const world = await openWorld({
      beforeReady: (http) => http.addHook('preClose', async () => closing.raise()),
      around: (store) =>
        storeWith(store, {
          ask: async (app, query) => {
            accepted.raise();
            await released.raised;
            return store.ask(app, query);
          },
        }),
    });
    await world.http.listen({ host: '127.0.0.1', port: 0 });
    const { port } = world.http.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const get = (path: string) =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: badges.test\r\nauthorization: Bearer ${world.token}\r\n\r\n`,
      );
    get(`/apps/${world.app}/users/nobody/badge`);
    await accepted.raised;
    const closed = world.close();
    await closing.raised;
    // On the same connection, since every idle one is closed at once.
    const received = once(world.http.server, 'request');
    get('/healthz');
    await received;
    released.raise();
    let answers = '';
    for await (const chunk of socket) answers += chunk;
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 503']);
    expect(answers).toContain('"id":"service_unavailable","code":1');
    await closed;
  });
});

function signal(): { raise: () => void; raised: Promise<void> } {
  let raise = () => {};
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return { raise: () => raise(), raised };
}
