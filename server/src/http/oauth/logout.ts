/** Ending a browser's session. The tokens that clients have go on: they are revoked by DELETE /api/v2/tokens/me. */
import type { FastifyInstance } from 'fastify';
import { destinationOf } from '../../service/oauth/authorization.js';
import { findClient } from '../../service/oauth/clients.js';
import { endSession } from '../../service/oauth/sessions.js';
import { SignInError } from '../../service/oauth/sign_in.js';
import { jarOf } from './authorize.js';
import { clearCookie, readCookie, sessionCookie } from './cookies.js';
import { sendPage } from './page.js';
import { parametersOf } from './parameters.js';
import type { OAuthSurroundings } from './routes.js';

export function addLogoutEndpoint(app: FastifyInstance, surroundings: OAuthSurroundings): void {
  const { service } = surroundings;
  const options = { config: { access: 'public' as const }, schema: { hide: true } };
  app.get('/logout', options, async (request, reply) => {
    const parameters = parametersOf(request.query);
    const client = await findClient(service, parameters('client_id') ?? '');
    if (client === undefined) throw new SignInError('There is no such client_id.');
    const redirectUri = parameters('redirect_uri');
    const destination = redirectUri === undefined ? undefined : await destinationOf(service, parameters);
    const jar = jarOf(surroundings, request, reply);
    await endSession(service, readCookie(jar, sessionCookie(client.app)));
    clearCookie(jar, sessionCookie(client.app));
    if (destination !== undefined) return reply.redirect(destination.redirectUri, 302);
    return sendPage(reply, { status: 200, title: 'Signed out', body: '<p>You are signed out here.</p>' });
  });
}
