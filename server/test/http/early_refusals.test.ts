/** What is refused early: upgrades where nothing is a WebSocket, whose connections are closed, and bodies for nobody. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { limits } from '@badged/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from './world.js';

let world: World;
let port: number;
beforeAll(async () => {
  world = await openWorld();
  await world.http.listen({ host: '127.0.0.1', port: 0 });
  const address = world.http.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => world.close());

const addresses = ['/admin/apps', '/nowhere', '/healthz', '/', '/?tok=secret'];

test.each(addresses)('an upgrade of %s is answered, and its connection ends', async (path) => {
  for (const protocol of ['websocket', 'h2c']) {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    const upgrade = `Connection: Upgrade\r\nUpgrade: ${protocol}\r\nSec-WebSocket-Version: 13\r\n`;
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${upgrade}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await once(socket, 'end', { signal: AbortSignal.timeout(5_000) });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('"message"');
    socket.destroy();
  }
});

test('a request that names another protocol, but does not ask for it, is answered as ever', async () => {
  const answer = await world.http.inject({ url: '/healthz', headers: { upgrade: 'h2c' } });
  expect(answer.statusCode).toBe(200);
});

test('what has no endpoint is refused before its body is read', async () => {
  for (const [method, url, status] of [
    ['POST', '/nope', 404],
    ['DELETE', '/metrics', 405],
    ['POST', '/api/v2/nope', 404],
  ] as const) {
    const headers = { 'content-type': 'application/json' };
    // Read, it would be no JSON, and too large besides.
    const answer = await world.http.inject({
      method,
      url,
      headers,
      payload: '['.repeat(limits.bodyBytes + 1),
    });
    expect(answer.statusCode, url).toBe(status);
  }
});

test('what asks for itself, or for nobody yet, sends little: more is refused unread', async () => {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${await world.userToken('a')}`,
  };
  for (const url of ['/oauth/token', '/push_tokens', `/messages/${randomUUID()}/receipts`]) {
    const payload = '['.repeat(limits.ownBodyBytes + 1);
    const answer = await world.http.inject({ method: 'POST', url, headers, payload });
    expect(answer.statusCode, url).toBe(400);
    expect(answer.body, url).toMatch(/too large|must be a form/);
  }
});
