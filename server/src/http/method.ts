/**
 * Methods: POST in the name of another one, for clients behind proxies that let nothing else pass, and the
 * difference between an address that does not exist and one that does not know the method.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './layer/errors.js';

const overriding = new Set(['PATCH', 'PUT', 'DELETE']);

/**
 * Runs before routing, as Fastify's rewriteUrl, because hooks run after it and the method decides the route.
 * Returns the address as it is.
 */
export function overrideMethod(raw: IncomingMessage): string {
  if (raw.method === 'POST') {
    const method = overrideOf(raw.headers);
    if (method !== undefined && overriding.has(method)) raw.method = method;
  }
  return raw.url ?? '/';
}

/** An override that was not followed must not be carried out as the POST it was not meant to be. */
export function checkOverride(request: FastifyRequest): void {
  const method = overrideOf(request.headers);
  if (request.method !== 'POST' || method === undefined || method === 'POST') return;
  const message = 'X-HTTP-Method-Override must be PATCH, PUT or DELETE.';
  throw new ApiError('invalid_header', message, { data: { header: 'X-HTTP-Method-Override' } });
}

function overrideOf(headers: IncomingMessage['headers']): string | undefined {
  const value = headers['x-http-method-override'];
  return typeof value === 'string' ? value.trim().toUpperCase() : undefined;
}

/** Answers what has no route: 405 where the address knows other methods, 404 where it knows none. Returns what does. */
export function refuseUnknownEndpoints(app: FastifyInstance): (request: FastifyRequest) => never {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    methods.set(url, known);
  });
  const refuse = (request: FastifyRequest): never => {
    const allowed = allowedMethods(methods, request.url);
    if (allowed === '') {
      throw new ApiError('invalid_endpoint', 'There is no such endpoint. /docs lists those there are.');
    }
    throw new ApiError(
      'method_not_allowed',
      `This endpoint does not know ${request.method}, but ${allowed}.`,
      {
        headers: { allow: allowed },
      },
    );
  };
  app.setNotFoundHandler(refuse);
  // Before the body is read: nobody wants it.
  app.addHook('onRequest', async (request) => {
    if (request.is404) refuse(request);
  });
  return refuse;
}

function allowedMethods(methods: ReadonlyMap<string, ReadonlySet<string>>, url: string): string {
  const path = url.split('?')[0] ?? '';
  const allowed = [...methods]
    .filter(([template]) => pattern(template).test(path))
    .flatMap(([, known]) => [...known]);
  return [...new Set(allowed)].sort().join(', ');
}

function pattern(template: string): RegExp {
  const escaped = template.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/:[a-z_]+/g, '[^/]+').replaceAll('*', '.*')}/?$`);
}
