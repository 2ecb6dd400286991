/** X-HTTP-Method-Override: a POST that stands for PATCH, PUT or DELETE, for clients behind proxies that block those. */
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { ApiError } from './foundation/errors.js';

const overriding = new Set(['PATCH', 'PUT', 'DELETE']);

/**
 * Runs before routing, as Fastify's rewriteUrl, because hooks run after it and the method decides the route.
 * Returns the URL unchanged.
 */
export function overrideMethod(raw: IncomingMessage): string {
  if (raw.method === 'POST') {
    const method = overrideOf(raw.headers);
    if (method !== undefined && overriding.has(method)) raw.method = method;
  }
  return raw.url ?? '/';
}

/** The error of an unknown override, which would otherwise run as a POST that the client did not mean. */
export function overrideError({ method, headers }: FastifyRequest): ApiError | undefined {
  const override = overrideOf(headers);
  if (method !== 'POST' || override === undefined || override === 'POST') return undefined;
  const message = 'X-HTTP-Method-Override must be PATCH, PUT or DELETE. Correct it, or leave it out.';
  return new ApiError('invalid_header', message, { data: { header: 'X-HTTP-Method-Override' } });
}

function overrideOf(headers: IncomingMessage['headers']): string | undefined {
  const value = headers['x-http-method-override'];
  return typeof value === 'string' ? value.trim().toUpperCase() : undefined;
}
