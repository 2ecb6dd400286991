/** OAuth: the token endpoint for programs, and the pages of a login for browsers. */
import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { formatErrors } from '../foundation/error_handler.js';
import { readForms } from '../foundation/form_body.js';
import { addAuthorizationEndpoints } from './authorize.js';
import { pageFormat } from './errors.js';
import { addLogoutEndpoint } from './logout.js';
import type { OAuthDeps } from './oauth_deps.js';
import { addTokenEndpoint } from './token.js';

export function addOAuth(app: FastifyInstance, deps: OAuthDeps): void {
  const { service, bodies } = deps;
  addTokenEndpoint(app, service, bodies);
  app.register(async (pages) => {
    await pages.register(cookie);
    readForms(pages, bodies);
    formatErrors(pages, pageFormat);
    addAuthorizationEndpoints(pages, deps);
    addLogoutEndpoint(pages, deps);
    // Login pages verify login requests with these keys.
    const options = { config: { access: 'public' as const }, schema: { hide: true } };
    pages.get('/oauth/jwks', options, async () => ({ keys: [service.oauth.keys.published] }));
  });
}
