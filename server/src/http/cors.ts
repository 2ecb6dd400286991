/**
 * Cross-origin requests (the Fetch standard's CORS). Below /api/v2 and for tokens: from pages of the origins that
 * OAuth clients registered. To the main API: from pages of the origins that whoever runs the service named, for
 * pages that hold a user's token. A preflight bears no token that would say which app it is about, so any of these
 * origins is as good as another; what opens anything is the bearer token alone, and no cookie is ever accepted here.
 * The framework's plugin for this makes a catch-all route, which would take the place of the answers to unknown
 * addresses and methods.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { registeredOrigins } from '../service/oauth/clients.js';
import type { Service } from '../service/service.js';

/** How long another node's new clients may go unnoticed. */
const cacheMs = 1_000;
const preflightSeconds = '600';
const readable = 'ETag, Layer-Count, X-Request-Id, Retry-After, WWW-Authenticate';

const openToClients = /^\/(api\/v2\/|oauth\/token(\?|$)|oauth\/jwks(\?|$))/;
/** What a user token can do something with. */
const openToPages = /^\/(apps\/|push_tokens(\/|\?|$)|messages\/|announcements\/|api\/v2\/)/;

export function addCors(app: FastifyInstance, service: Service, pages: readonly string[]): void {
  const clients = cachedOrigins(service);
  const isOpen = async (url: string, origin: string) =>
    (openToPages.test(url) && pages.includes(origin)) ||
    (openToClients.test(url) && (await clients()).has(origin));
  app.addHook('onRequest', async (request, reply) => {
    const { url } = request;
    if (!openToClients.test(url) && !(pages.length > 0 && openToPages.test(url))) return;
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !(await isOpen(url, origin))) return;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', readable);
    if (request.method === 'OPTIONS') return preflight(request, reply);
  });
}

/** Whatever headers the page wants to send: none of them opens anything but the token, and that is what it has. */
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
