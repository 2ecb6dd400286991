/** Ends a browser's session. Clients' tokens stay valid: DELETE /api/v2/tokens/me revokes them. */
import type { FastifyInstance } from 'fastify';
import { findRedirectTarget } from '../../service/oauth/authorization.js';
import { findClient } from '../../service/oauth/clients.js';
import { endSession } from '../../service/oauth/sessions.js';
import { SignInError } from '../../service/oauth/sign_in.js';
import { cookieJar } from './authorize.js';
import { clearCookie, readCookie, sessionCookie } from './cookies.js';
import type { OAuthDeps } from './oauth_deps.js';
import { sendPage } from './page.js';
import { parametersOf } from './parameters.js';

export function addLogoutEndpoint(app: FastifyInstance, deps: OAuthDeps): void {
  const { service } = deps;
  const options = { config: { access: 'public' as const }, schema: { hide: true } };
  app.get('/logout', options, async (request, reply) => {
    const parameters = parametersOf(request.query);
    const client = await findClient(service, parameters('client_id') ?? '');
    if (client === undefined) throw new SignInError('The client_id does not exist.');
    const redirectUri = parameters('redirect_uri');
    const target = redirectUri === undefined ? undefined : await findRedirectTarget(service, parameters);
    const jar = cookieJar(deps, request, reply);
    await endSession(service, readCookie(jar, sessionCookie(client.app)));
    clearCookie(jar, sessionCookie(client.app));
    if (target !== undefined) return reply.redirect(target.redirectUri, 302);
    return sendPage(reply, { status: 200, title: 'Signed out', body: '<p>You are signed out.</p>' });
  });
}
