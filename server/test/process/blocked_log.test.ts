/** A standard error that is not read stops the log, and nothing else. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from './server_process.js';

/** More lines than a pipe and the buffer hold. */
const requests = 10_000;

test('the server goes on while its log is not read, and the log then says how many lines are missing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'badged-log-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const server = await startServer(dataDir, { BADGED_LOG_LEVEL: 'info' });
  server.stderr.pause();

  expect(await healthy(server.url, requests)).toBe(requests);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const dropped = Number(/^badged_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1]);
  expect(dropped).toBeGreaterThan(0);

  const read = once(server.stderr, 'end');
  server.stderr.resume();
  await server.stop();
  await read;
  const lines = server.logged().trim().split('\n');
  const entries = lines.map((line): Record<string, unknown> => JSON.parse(line));
  const missing = entries.map((entry) => Number(entry.dropped ?? 0)).reduce((sum, each) => sum + each, 0);
  expect(missing).toBeGreaterThanOrEqual(dropped);
  const logged = entries.filter(({ route, msg }) => msg === 'request' && route === '/healthz');
  // The request for the metrics may be among those that are missing.
  const metricsLogged = entries.filter(({ route, msg }) => msg === 'request' && route === '/metrics').length;
  expect(logged.length + missing).toBe(requests + 1 - metricsLogged);
});

test('a server whose log is not read stops all the same', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'badged-log-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const server = await startServer(dataDir, { BADGED_LOG_LEVEL: 'info' });
  server.stderr.pause();
  await healthy(server.url, requests);
  expect(await server.stop()).toBe(0);
});

/** Sends this many requests over one connection. Resolves with the number of responses with 200 when all have arrived. */
async function healthy(url: string, count: number): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const request = `GET /healthz HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
  const lastRequest = `GET /healthz HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`;
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write(request.repeat(count - 1) + lastRequest);
  await once(socket, 'end');
  return received.split('HTTP/1.1 200 ').length - 1;
}
