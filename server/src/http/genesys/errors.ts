/** Errors of the Genesys-style API: the same refusals as everywhere, in that API's format. */
import Type, { type Static } from 'typebox';
import type { ErrorFormat } from '../foundation/error_handler.js';
import type { ErrorId } from '../foundation/errors.js';

export const GenesysError = Type.Object(
  {
    message: Type.String({ description: 'A sentence that says what is wrong and what to do.' }),
    code: Type.String({ description: 'In dotted lower case, such as bad.request.' }),
    status: Type.Integer(),
    contextId: Type.String({ description: 'The X-Request-Id of the response.' }),
    details: Type.Array(Type.Object({})),
    errors: Type.Array(Type.Object({})),
  },
  { $id: 'GenesysError', description: 'Every error below /api/v2.' },
);

/** Spread into the responses of every route. */
export const genesysErrorResponses = {
  '4xx': { description: 'The request was refused.', $ref: 'GenesysError#' },
  '5xx': { description: 'The service is unavailable, or failed.', $ref: 'GenesysError#' },
};

const codes: Partial<Record<ErrorId, readonly [status: number, code: string]>> = {
  authentication_required: [401, 'authentication.required'],
  access_denied: [403, 'not.authorized'],
  invalid_app_id: [403, 'not.authorized'],
  not_found: [404, 'not.found'],
  object_deleted: [404, 'not.found'],
  invalid_endpoint: [404, 'not.found'],
  method_not_allowed: [405, 'method.not.allowed'],
  invalid_header: [406, 'not.acceptable'],
  rate_limit_exceeded: [429, 'too.many.requests'],
  internal_server_error: [500, 'internal.server.error'],
  service_unavailable: [503, 'service.unavailable'],
};

export const genesysFormat: ErrorFormat = ({ error: { id, message, headers } }, request) => {
  const [status, code] = codes[id] ?? [400, 'bad.request'];
  const contextId = request.id;
  const body: Static<typeof GenesysError> = { message, code, status, contextId, details: [], errors: [] };
  return { status, headers, body };
};
