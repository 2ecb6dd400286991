/** OAuth: the token endpoint for programs, and the pages of a login for browsers. */
import { limits } from '@badged/core';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OAuthError } from '../../service/oauth/oauth_error.js';
import { SignInError } from '../../service/oauth/sign_in.js';
import { foreseen } from '../foundation/errors.js';
import type { RouteSurroundings } from '../foundation/route.js';
import { addAuthorizationEndpoints } from './authorize.js';
import { addLogoutEndpoint } from './logout.js';
import { sendPage, sendProblem } from './page.js';
import { addTokenEndpoint } from './token.js';

export interface OAuthDeps extends RouteSurroundings {
  /** Whether visitors may choose a user, for apps without a login page. */
  readonly isDev: boolean;
}

export function addOAuth(app: FastifyInstance, deps: OAuthDeps): void {
  const { service } = deps;
  addTokenEndpoint(app, service);
  app.register(async (pages) => {
    await pages.register(cookie);
    await pages.register(formbody, { bodyLimit: limits.ownBodyBytes });
    pages.setErrorHandler((error, request, reply) => sendErrorPage(error, request, reply));
    addAuthorizationEndpoints(pages, deps);
    addLogoutEndpoint(pages, deps);
    // Login pages verify login requests with these keys.
    const options = { config: { access: 'public' as const }, schema: { hide: true } };
    pages.get('/oauth/jwks', options, async () => ({ keys: [service.oauth.keys.published] }));
  });
}

function sendErrorPage(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof SignInError || error instanceof OAuthError) return sendProblem(reply, error.message);
  const known = foreseen(error);
  if (known !== undefined && known.status < 500) return sendProblem(reply, known.message);
  if (known === undefined)
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  const body = '<p>An internal error occurred. Try again in a moment.</p>';
  return sendPage(reply, { status: known?.status ?? 500, title: 'Something went wrong', body });
}
