/**
 * One log line for each request: id, route template, method, status, milliseconds. Never the address itself,
 * which holds user ids, nor its query, headers or bodies, which hold tokens and contents.
 */
import type { FastifyInstance } from 'fastify';
import { routeTemplate } from './foundation/route.js';

/** Fastify's own way of logging a request names its address and its peer. */
export const requestSerializers = {
  req: ({ method }: { method: string }) => ({ method }),
  res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
};

export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      route: routeTemplate(request),
      method: request.method,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 100) / 100,
    };
    request.log.info(line, 'request');
  });
}
