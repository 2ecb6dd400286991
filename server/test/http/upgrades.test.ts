/** An Upgrade header that offers what the service does not speak is ignored: the request is served as HTTP/1.1. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
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

/** As Java 17's java.net.http.HttpClient sends a request when its version is the default, HTTP/2. */
function fromJava(method: string, path: string, body: string): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Connection: Upgrade, HTTP2-Settings',
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    'Host: localhost',
    'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    'Upgrade: h2c',
    'User-Agent: Java-http-client/17.0.9',
    `Authorization: Bearer ${world.token}`,
    'Content-Type: application/json',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Reads responses from the socket until this many have arrived whole. */
async function responses(socket: Socket, count: number): Promise<{ status: number; body: string }[]> {
  const whole = /^HTTP\/1\.1 (\d+).*?\r\n\r\n/s;
  let received = '';
  const found: { status: number; body: string }[] = [];
  while (found.length < count) {
    const [chunk] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
    received += chunk;
    for (let head = whole.exec(received); head !== null; head = whole.exec(received)) {
      const length = Number(/content-length: (\d+)/i.exec(head[0])?.[1] ?? 0);
      const end = head[0].length + length;
      if (received.length < end) break;
      found.push({ status: Number(head[1]), body: received.slice(head[0].length, end) });
      received = received.slice(end);
    }
  }
  return found;
}

test('a POST as Java sends it is served, body included, and the connection goes on', async () => {
  const socket = connect(port, '127.0.0.1');
  const path = `/apps/${world.app}/conversations`;
  for (const room of ['java-1', 'java-2']) {
    socket.write(fromJava('POST', path, JSON.stringify({ id: room, participants: ['a', 'b'] })));
    const [response] = await responses(socket, 1);
    expect(response?.status).toBe(201);
    expect(JSON.parse(response?.body ?? '')).toMatchObject({ participants: ['a', 'b'] });
  }
  socket.write(fromJava('GET', `/apps/${world.app}/users/a/badge`, ''));
  const [badge] = await responses(socket, 1);
  expect(badge).toMatchObject({ status: 200 });
  socket.destroy();
});

test('a body that arrives after its headers, in pieces, is served whole', async () => {
  const socket = connect(port, '127.0.0.1');
  const body = JSON.stringify({ id: 'in-pieces', participants: ['a', 'b'] });
  const request = fromJava('POST', `/apps/${world.app}/conversations`, body);
  const head = request.slice(0, -body.length);
  for (const piece of [head, body.slice(0, 10), body.slice(10)])
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  const [response] = await responses(socket, 1);
  expect(response?.status).toBe(201);
  socket.destroy();
});

test.each(['websocket', 'h2c', 'TLS/1.0', ''])(
  'an offer of "%s" where it is not spoken changes nothing',
  async (protocol) => {
    for (const path of ['/healthz', '/nowhere', '/admin/apps', '/channels/a/b', '/?tok=secret']) {
      const socket = connect(port, '127.0.0.1');
      const request = (headers: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
      socket.write(request(''));
      const [expected] = await responses(socket, 1);
      socket.write(request(`Connection: Upgrade\r\nUpgrade: ${protocol}\r\nSec-WebSocket-Version: 13\r\n`));
      const [offered] = await responses(socket, 1);
      expect(offered?.status, path).toBe(expected?.status);
      socket.destroy();
    }
  },
);

test('closing the server does not wait for connections that offered another protocol', async () => {
  const own = await openWorld();
  const url = new URL(await own.http.listen({ host: '127.0.0.1', port: 0 }));
  const socket = connect(Number(url.port), '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  await responses(socket, 1);
  const closed = once(socket, 'close');
  await own.close();
  await closed;
});

test('an upgrade to a channel that is refused ends the connection', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.resume();
  const handshake = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
  // No Sec-WebSocket-Key.
  socket.write(`GET /channels/a/b/c HTTP/1.1\r\nHost: localhost\r\n${handshake}\r\n`);
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
});
