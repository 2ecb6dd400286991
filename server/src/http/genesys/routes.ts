/** The Genesys-style API below /api/v2, with errors in its own shape, and the WebSocket of its channels. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Live } from '../../live/live.js';
import { formatErrors } from '../foundation/error_handler.js';
import { addRoute, type RouteDeps } from '../foundation/route.js';
import { badgeEndpoints } from './badges.js';
import { addChannelSocket } from './channel_socket.js';
import { GenesysError, genesysErrorResponses, genesysFormat } from './errors.js';
import { meEndpoints } from './me.js';
import { notificationEndpoints } from './notifications.js';

/** `refuseUnknown` throws the error for a request that matches no route. */
export function addGenesysApi(
  app: FastifyInstance,
  live: Live,
  deps: RouteDeps,
  refuseUnknown: (request: FastifyRequest) => never,
): void {
  app.addSchema(GenesysError);
  app.register(async (routes) => {
    formatErrors(routes, genesysFormat);
    const endpoints = [...badgeEndpoints, ...meEndpoints, ...notificationEndpoints(live)];
    const around = { ...deps, errorResponses: genesysErrorResponses };
    for (const endpoint of endpoints) addRoute(routes, endpoint, around);
    addChannelSocket(routes, deps.service, live);
    // Only an encapsulated context with a prefix may have a not-found handler of its own.
    routes.register(async (unknown) => unknown.setNotFoundHandler(refuseUnknown), { prefix: '/api/v2' });
  });
}
