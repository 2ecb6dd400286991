/**
 * Reads bodies as JSON in UTF-8 (RFC 8259), for every method. Clients send a Content-Type with an empty body, also
 * with GET and DELETE; an empty body counts as no body, whatever its type.
 */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors.js';
import { isJsonType } from './media_types.js';

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (body.length === 0) return undefined;
    const type = request.headers['content-type'] ?? '';
    if (!isJsonType(type)) {
      throw new ApiError(
        'invalid_request',
        'The Content-Type of the body must be application/json. Name it so, and send JSON.',
      );
    }
    const value = parseJson(body);
    // Fastify's validation treats it like a missing body.
    if (value === null) {
      throw new ApiError('invalid_request', 'The body is null. Send a JSON object or array, or no body.');
    }
    return value;
  });
}

export function parseJson(bytes: Buffer): unknown {
  // Bytes that are no UTF-8 would be replaced on reading, and two different ids could become one.
  if (!isUtf8(bytes)) throw new ApiError('invalid_request', 'The body is not UTF-8. Send JSON in UTF-8.');
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new ApiError('invalid_request', 'The body is not JSON. Check quotes, commas and brackets.');
  }
}
