/** The port that the program listens on: whether it is free, its URL, and how it is closed. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Orchestrators commonly kill a process after 30 seconds. Accepted requests get their responses long before. */
const closingTimeoutMs = 10_000;

/**
 * Throws what listening throws (EADDRINUSE, EACCES). Called before a first start makes tokens: they are shown once,
 * and a start that fails afterwards would never show them.
 */
export async function checkPortIsFree({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<void> {
  const probe = createServer();
  probe.listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** Node closes only the connections that are idle when closing begins. The others close after their last response, or after 10 seconds. */
export async function closeServer(http: FastifyInstance): Promise<void> {
  const idle = setInterval(() => http.server.closeIdleConnections(), 50);
  const timeout = setTimeout(() => http.server.closeAllConnections(), closingTimeoutMs);
  await http.close();
  clearInterval(idle);
  clearTimeout(timeout);
}

export function urlOf(address: AddressInfo | string | null, host: string, scheme: 'http' | 'https'): string {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
