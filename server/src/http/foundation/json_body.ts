/**
 * Reads bodies as JSON in UTF-8 (RFC 8259), for every method. Clients send a Content-Type with an empty body, also
 * with GET and DELETE; an empty body counts as no body, whatever its type.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors.js';
import { structureExceeds } from './json_structure.js';
import { isJsonType } from './media_types.js';
import type { BodyReader } from './request_body.js';
import { beginStages, nextStage } from './stages.js';

export function readJsonBodies(app: FastifyInstance, bodies: BodyReader): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    const body = bodies.arrived(request, payload) ?? (await bodies.read(request, payload));
    if (body.length === 0) return undefined;
    const type = request.headers['content-type'] ?? '';
    if (!isJsonType(type)) {
      throw new ApiError(
        'invalid_request',
        'The Content-Type of the body must be application/json. Name it so, and send JSON.',
      );
    }
    beginStages(request, body.length);
    checkStructure(body);
    const checked = nextStage(request);
    if (checked !== undefined) await checked;
    const value = parseChecked(body);
    const parsed = nextStage(request);
    if (parsed !== undefined) await parsed;
    // Fastify's validation treats it like a missing body.
    if (value === null) {
      throw new ApiError('invalid_request', 'The body is null. Send a JSON object or array, or no body.');
    }
    return value;
  });
}

/** @throws ApiError `invalid_request` if the bytes hold more than the limits on JSON allow. */
export function checkStructure(bytes: Buffer): void {
  const excess = structureExceeds(bytes);
  if (excess !== undefined) {
    throw new ApiError('invalid_request', `The JSON has more ${excess}. Send it in several requests.`);
  }
}

/**
 * Of bytes whose structure was checked: takes at most about 20 ms, whatever they are.
 * @throws ApiError `invalid_request` if they are no JSON in UTF-8.
 */
export function parseChecked(bytes: Buffer): unknown {
  // Bytes that are no UTF-8 would be replaced on reading, and two different ids could become one.
  if (!isUtf8(bytes)) throw new ApiError('invalid_request', 'The body is not UTF-8. Send JSON in UTF-8.');
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new ApiError('invalid_request', 'The body is not JSON. Check quotes, commas and brackets.');
  }
}
