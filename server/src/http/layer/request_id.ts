/** If-None-Match of a request that creates something: a UUID, by which a retry is recognised. */
import { parseUuid } from '@badged/core';
import Type from 'typebox';
import type { Call } from '../foundation/endpoint.js';
import { ApiError } from '../foundation/errors.js';

/** For the description of endpoints that create something. */
export const requestIdHeader = {
  'if-none-match': Type.Optional(
    Type.String({
      description: 'A UUID of your choice. A retry with it returns what the first attempt created.',
    }),
  ),
};

/** Plain, or quoted as HTTP requires for this header (RFC 9110, section 13.1.2). */
export function requestIdOf({ ifNoneMatch }: Call): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  const id = parseUuid(ifNoneMatch.trim().replace(/^"(.*)"$/, '$1'));
  if (id !== undefined) return id;
  throw new ApiError(
    'invalid_request_id',
    'If-None-Match must be a UUID. Send the same UUID with each retry.',
  );
}
