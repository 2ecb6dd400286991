/**
 * Requests for another protocol (RFC 9110, section 7.8). Only the URL of a channel is a WebSocket. Other upgrades are
 * refused and their connection is closed here: Node no longer tracks a connection after an upgrade request, so closing
 * the server would wait for it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './foundation/errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is a WebSocket. */
    upgrades?: boolean;
  }
}

export function guardUpgrades(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (isStray(request))
      throw new ApiError('invalid_request', 'This URL is not a WebSocket. Send the request without Upgrade.');
  });
  app.addHook('onResponse', async (request) => {
    if (isStray(request)) request.raw.socket.destroySoon();
  });
}

function isStray({ raw: { headers }, routeOptions }: FastifyRequest): boolean {
  return (
    headers.upgrade !== undefined &&
    /\bupgrade\b/i.test(headers.connection ?? '') &&
    routeOptions.config?.upgrades !== true
  );
}
