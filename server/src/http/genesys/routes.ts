/** The Genesys-style API below /api/v2, with errors in its own shape, and the WebSocket of its channels. */
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { Live } from '../../live/live.js';
import { foreseen, unforeseen } from '../foundation/errors.js';
import { addRoute, type RouteSurroundings } from '../foundation/route.js';
import { badgeEndpoints } from './badges.js';
import { addChannelSocket } from './channel_socket.js';
import { GenesysError, genesysError, genesysErrorAnswers } from './errors.js';
import { meEndpoints } from './me.js';
import { notificationEndpoints } from './notifications.js';

/** `refuseUnknown` throws what an address without a route is refused with. */
export function addGenesysApi(
  app: FastifyInstance,
  live: Live,
  surroundings: RouteSurroundings,
  refuseUnknown: (request: FastifyRequest) => never,
): void {
  app.addSchema(GenesysError);
  app.register(async (routes) => {
    routes.setErrorHandler((error: FastifyError, request, reply) => {
      const known = foreseen(error);
      if (known === undefined)
        request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
      const refusal = known ?? unforeseen();
      const body = genesysError(refusal, request.id);
      return reply.code(body.status).headers(refusal.headers).send(body);
    });
    const endpoints = [...badgeEndpoints, ...meEndpoints, ...notificationEndpoints(live)];
    const around = { ...surroundings, errorAnswers: genesysErrorAnswers };
    for (const endpoint of endpoints) addRoute(routes, endpoint, around);
    addChannelSocket(routes, surroundings.service, live);
    // Only an encapsulated context with a prefix may have a way of its own with unknown addresses.
    routes.register(async (unknown) => unknown.setNotFoundHandler(refuseUnknown), { prefix: '/api/v2' });
  });
}
