/** The process that makes the load of wire.ts. */

import { connect, type Socket } from 'node:net';
import { answer, input, listIn, numberIn, textIn } from '../measure/child.js';
import { quantile } from '../measure/quantile.js';

const load = await input();
const { hostname, port, host } = new URL(textIn(load, 'url'));
const endsAt = performance.now() + numberIn(load, 'seconds') * 1000;
const cpuBefore = process.cpuUsage();
const begun = performance.now();
const groups = await Promise.all(listIn(load, 'groups').map(runGroup));
const { user, system } = process.cpuUsage(cpuBefore);
await answer({ groups, clientCpu: (user + system) / 1000 / (performance.now() - begun) });
process.exit();

/** Calls back with the time from which a response is waited for, or with undefined if no request is left. */
type Next = (send: (at: number | undefined) => void) => void;

async function runGroup(group: unknown) {
  const requests = listIn(group, 'requests').map(bytesOf);
  const times: number[] = [];
  let taken = 0;
  const nextRequest = () => {
    taken += 1;
    return requests[taken % requests.length] ?? Buffer.alloc(0);
  };
  const rate = numberIn(group, 'rate');
  const next = rate === 0 ? closedLoop : openLoop(rate);
  const startedAt = performance.now();
  const clients = Array.from({ length: numberIn(group, 'clients') }, () =>
    runClient(next, nextRequest, times),
  );
  await Promise.all(clients);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    responses: times.length,
    rate: times.length / seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    p999Ms: quantile(times, 0.999),
  };
}

function closedLoop(send: (at: number | undefined) => void): void {
  const now = performance.now();
  send(now < endsAt ? now : undefined);
}

/** Requests become due in each millisecond, as many as the rate says. */
function openLoop(rate: number): Next {
  const due: number[] = [];
  const idle: ((at: number | undefined) => void)[] = [];
  const begun = performance.now();
  let made = 0;
  const serve = () => {
    const isOver = performance.now() >= endsAt;
    while (idle.length > 0 && (due.length > 0 || isOver)) idle.shift()?.(due.shift());
    return isOver;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (; begun + (made * 1000) / rate < Math.min(now, endsAt); made += 1) due.push(now);
    if (serve()) clearInterval(timer);
  }, 1);
  return (send) => {
    idle.push(send);
    serve();
  };
}

/** Resolves when there is no next request. */
async function runClient(next: Next, nextRequest: () => Buffer, times: number[]): Promise<void> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    let sentAt = 0;
    /** Bytes of the response that have not arrived; its head first, of which the length is not known. */
    let body = -1;
    let head = '';
    const send = () =>
      next((at) => {
        if (at === undefined) return end(socket, resolve);
        sentAt = at;
        socket.write(nextRequest());
      });
    socket.on('data', (chunk) => {
      if (body < 0) {
        head += chunk.toString('latin1');
        const endOfHead = head.indexOf('\r\n\r\n');
        if (endOfHead < 0) return;
        if (!head.startsWith('HTTP/1.1 2')) return reject(new Error(head));
        body = bodyBytes(head) - (head.length - endOfHead - 4);
      } else body -= chunk.length;
      if (body > 0) return;
      body = -1;
      head = '';
      times.push(performance.now() - sentAt);
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    socket.on('connect', send);
  });
}

function end(socket: Socket, resolve: () => void): void {
  socket.destroy();
  resolve();
}

function bodyBytes(head: string): number {
  return Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

function bytesOf(request: unknown): Buffer {
  const method = textIn(request, 'method');
  const lines = [
    `${method} ${textIn(request, 'path')} HTTP/1.1`,
    `host: ${host}`,
    `authorization: Bearer ${textIn(load, 'token')}`,
  ];
  if (method === 'GET') return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  const body = textIn(request, 'body');
  lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
