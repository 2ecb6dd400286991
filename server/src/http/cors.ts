/**
 * Cross-origin requests (the Fetch standard's CORS). /api/v2 and the token endpoint allow the origins that OAuth
 * clients registered. The main API allows the origins in the configuration, for pages that have a user token. A preflight
 * has no token and so names no app, so the origins of all apps are allowed alike. Access depends on the bearer token
 * alone: cookies are never accepted here. @fastify/cors adds a catch-all route, which would replace the 404 and 405
 * responses, so it is not used.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { registeredOrigins } from '../service/oauth/clients.js';
import type { Service } from '../service/service.js';

/** How long the list of registered origins is cached. */
const cacheMs = 1_000;
const preflightSeconds = '600';
const readable =
  'ETag, Layer-Count, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate';

const openToClients = /^\/(api\/v2\/|oauth\/token(\?|$)|oauth\/jwks(\?|$))/;
/** The paths that accept a user token. */
const openToPages = /^\/(apps\/|push_tokens(\/|\?|$)|messages\/|announcements\/|api\/v2\/)/;

export function addCors(app: FastifyInstance, service: Service, pages: readonly string[]): void {
  const clients = cachedOrigins(service);
  const isOpen = async (url: string, origin: string) =>
    (openToPages.test(url) && pages.includes(origin)) ||
    (openToClients.test(url) && (await clients()).has(origin));
  app.addHook('onRequest', (request, reply, done) => {
    const { url } = request;
    if (!openToClients.test(url) && !(pages.length > 0 && openToPages.test(url))) return done();
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined) return done();
    isOpen(url, origin).then((open) => {
      if (open) reply.header('access-control-allow-origin', origin);
      if (open) reply.header('access-control-expose-headers', readable);
      if (open && request.method === 'OPTIONS') preflight(request, reply);
      else done();
    }, done);
  });
}

/** All requested headers are allowed: only the bearer token grants access. */
function preflight({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
    .header('access-control-allow-headers', headers['access-control-request-headers'] ?? 'Authorization')
    .header('access-control-max-age', preflightSeconds)
    .send();
}

function cachedOrigins(service: Service): () => Promise<ReadonlySet<string>> {
  let cached: { readonly at: number; readonly origins: Promise<ReadonlySet<string>> } | undefined;
  service.oauth.changes.subscribe(() => {
    cached = undefined;
  });
  return () => {
    const at = performance.now();
    if (cached === undefined || at - cached.at > cacheMs)
      cached = { at, origins: registeredOrigins(service) };
    return cached.origins;
  };
}
