/**
 * One log line for each request: id, route template, method, status, milliseconds. Never the URL itself,
 * which contains user ids, nor its query, headers or bodies, which contain tokens and contents.
 */
import type { FastifyInstance } from 'fastify';
import { routeTemplate } from './foundation/route.js';

/** Fastify's own request serializer logs the URL and the address of the client. */
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
