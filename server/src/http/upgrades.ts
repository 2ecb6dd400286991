/**
 * Requests for another protocol (RFC 9110, section 7.8). Only a channel's address is a WebSocket; everywhere else
 * they are refused, and their connection is closed: once it has asked for an upgrade it belongs to no server any
 * more, so that nobody else would close it, and stopping would wait for it.
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
      throw new ApiError(
        'invalid_request',
        'This address is no WebSocket. Send the request without Upgrade.',
      );
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
