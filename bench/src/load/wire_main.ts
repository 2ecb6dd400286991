/** The process that makes the load of wire.ts. */
import { connect, type Socket } from 'node:net';
import { answer, input, listIn, numberIn, textIn } from '../measure/child.js';

const load = await input();
const { hostname, port, host } = new URL(textIn(load, 'url'));
const endsAt = performance.now() + numberIn(load, 'seconds') * 1000;
const cpuBefore = process.cpuUsage();
const begun = performance.now();
const groups = await Promise.all(listIn(load, 'groups').map(runGroup));
const { user, system } = process.cpuUsage(cpuBefore);
await answer({ groups, clientCpu: (user + system) / 1000 / (performance.now() - begun) });
process.exit();

async function runGroup(group: unknown) {
  const requests = listIn(group, 'requests').map(bytesOf);
  const times: number[] = [];
  let next = 0;
  const nextRequest = () => {
    const request = requests[next % requests.length] ?? Buffer.alloc(0);
    next += 1;
    return performance.now() < endsAt ? request : undefined;
  };
  const startedAt = performance.now();
  const clients = Array.from({ length: numberIn(group, 'clients') }, () => runClient(nextRequest, times));
  await Promise.all(clients);
  const seconds = (performance.now() - startedAt) / 1000;
  times.sort((a, b) => a - b);
  const quantile = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return {
    responses: times.length,
    rate: times.length / seconds,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

/** Resolves when there is no next request. */
async function runClient(nextRequest: () => Buffer | undefined, times: number[]): Promise<void> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    let sentAt = 0;
    /** Bytes of the response that have not arrived; its head first, of which the length is not known. */
    let body = -1;
    let head = '';
    const send = () => {
      const request = nextRequest();
      if (request === undefined) return end(socket, resolve);
      sentAt = performance.now();
      socket.write(request);
    };
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
