/** Requests that match no route: 405 with Allow where the path has other methods, otherwise 404. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './foundation/errors.js';

/** Sets the handler for requests without a route. Returns it, for encapsulated contexts that need it as well. */
export function refuseUnknownEndpoints(app: FastifyInstance): (request: FastifyRequest) => never {
  const methodsByUrl = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByUrl.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsByUrl.set(url, methods);
  });
  const refusal = (request: FastifyRequest): ApiError => {
    const allowed = allowedMethods(methodsByUrl, request.url);
    if (allowed.length === 0) return new ApiError('invalid_endpoint', unknownMessage(request.url));
    const message = `${request.method} is not supported here. Use ${alternatives(allowed)}.`;
    return new ApiError('method_not_allowed', message, { headers: { allow: allowed.join(', ') } });
  };
  const refuse = (request: FastifyRequest): never => {
    throw refusal(request);
  };
  app.setNotFoundHandler(refuse);
  // Before the body is read, since nothing would use it.
  app.addHook('onRequest', (request, _reply, done) => done(request.is404 ? refusal(request) : undefined));
  return refuse;
}

/** What the platforms whose APIs have these shapes offer, and a service that counts does not. */
const notOffered: readonly (readonly [RegExp, string])[] = [
  [/^\/apps\/[^/]+\/users\/[^/]+\/identity$/, 'Identities are'],
  [/^\/apps\/[^/]+\/identities(\/|$)/, 'Identities are'],
  [/^\/apps\/[^/]+\/users\/[^/]+\/(following|followers)(\/|$)/, 'Follow lists are'],
  [/^\/apps\/[^/]+\/users\/[^/]+\/sessions(\/|$)/, 'Sessions are'],
  [/^\/apps\/[^/]+\/users\/[^/]+\/(suspend|suspension)(\/|$)/, 'Suspension is'],
  [/^\/apps\/[^/]+\/webhooks(\/|$)/, 'Webhooks are'],
  [/^\/apps\/[^/]+\/(exports?|export_security)(\/|$)/, 'Exports of messages are'],
  [/^\/(apps\/[^/]+\/(.*\/)?)?content(\/|$)/, 'Uploads of content are'],
];

function unknownMessage(url: string): string {
  const path = (url.split('?')[0] ?? '').replace(/\/+$/, '');
  const found = notOffered.find(([offered]) => offered.test(path));
  return found === undefined
    ? 'There is no such endpoint. /docs lists all endpoints.'
    : `${found[1]} not offered by this service, which counts what is unread. /docs lists all endpoints.`;
}

function allowedMethods(methodsByUrl: ReadonlyMap<string, ReadonlySet<string>>, url: string): string[] {
  const path = url.split('?')[0] ?? '';
  const allowed = [...methodsByUrl]
    .filter(([template]) => pattern(template).test(path))
    .flatMap(([, methods]) => [...methods]);
  return [...new Set(allowed)].sort();
}

function alternatives(methods: readonly string[]): string {
  return methods.length < 2 ? methods.join() : `${methods.slice(0, -1).join(', ')} or ${methods.at(-1)}`;
}

function pattern(template: string): RegExp {
  const escaped = template.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/:[a-z_]+/g, '[^/]+').replaceAll('*', '.*')}/?$`);
}
