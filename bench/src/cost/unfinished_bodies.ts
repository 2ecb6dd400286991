/** Connections that declare a large body, send nearly all of it, and wait. */
import { connect, type Socket } from 'node:net';
import { pause, type Victim } from './victim.js';

export interface UnfinishedBodies {
  readonly connections: number;
  /** Resident memory of the server, before and at its highest. */
  readonly before: number;
  readonly highest: number;
  /** Connections that are still open after `seconds`. */
  readonly open: number;
  readonly seconds: number;
}

const connections = 200;
const seconds = 40;

/** `bytes` is the largest body that is allowed. */
export async function holdUnfinishedBodies(victim: Victim, bytes: number): Promise<UnfinishedBodies> {
  const before = await victim.residentBytes();
  const { hostname, port } = new URL(victim.server.url);
  const head =
    `POST /apps/${victim.app.id}/conversations HTTP/1.1\r\nHost: localhost\r\n` +
    `Authorization: Bearer ${victim.app.token}\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;
  const most = Buffer.alloc(bytes - 100, 0x20);
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.resume();
    socket.write(head);
    socket.write(most);
    return socket;
  });
  let highest = before;
  for (const end = performance.now() + seconds * 1_000; performance.now() < end; await pause(250))
    highest = Math.max(highest, await victim.residentBytes());
  const open = sockets.filter(isOpen).length;
  for (const socket of sockets) socket.destroy();
  return { connections, before, highest, open, seconds };
}

function isOpen({ destroyed, readyState }: Socket): boolean {
  return !destroyed && readyState === 'open';
}
