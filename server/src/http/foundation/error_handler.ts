/**
 * The one place where a thrown error becomes an error response. Each API has its own format, given as a
 * formatter.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OAuthError } from '../../service/oauth/oauth_error.js';
import { SignInError } from '../../service/oauth/sign_in.js';
import { Refused } from '../../service/refused.js';
import { StoreUnavailable } from '../../store/port.js';
import { baseOf } from './base_url.js';
import { ApiError, type ErrorId, errorBody, fromRefusal } from './errors.js';
import { routeTemplate } from './route.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The error that it was refused with. */
    errorId: ErrorId | null;
  }
}

/** An error as a caller sees it, and what was thrown. */
export interface FormattedError {
  readonly error: ApiError;
  readonly thrown: unknown;
}

export interface ErrorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type ErrorFormat = (formatted: FormattedError, request: FastifyRequest) => ErrorResponse;

/** Sends every error that is thrown in this context in the given format. Internal errors are logged. */
export function formatErrors(context: FastifyInstance, format: ErrorFormat): void {
  context.setErrorHandler((thrown, request, reply) => {
    const expected = expectedError(thrown);
    if (expected === undefined)
      request.log.error({ err: thrown, route: routeTemplate(request) }, 'request failed');
    const error = expected ?? internalError();
    request.errorId = error.id;
    return sendError(reply, format({ error, thrown }, request));
  });
}

export function sendError(reply: FastifyReply, { status, headers = {}, body }: ErrorResponse): FastifyReply {
  return reply
    .code(status)
    .headers({ ...headers })
    .send(body);
}

/** The format of the Layer-style API and of the admin API. */
export function layerFormat(publicUrl: string | undefined): ErrorFormat {
  return ({ error }, request) => ({
    status: error.status,
    headers: error.headers,
    body: errorBody(error, baseOf(request, publicUrl)),
  });
}

/** Undefined for an internal error, whose details are not sent. */
export function expectedError(thrown: unknown): ApiError | undefined {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof Refused) return fromRefusal(thrown.refusal);
  if (thrown instanceof OAuthError || thrown instanceof SignInError)
    return new ApiError('invalid_request', thrown.message);
  if (thrown instanceof StoreUnavailable) {
    const message = 'The service cannot reach its store. Try again in a moment.';
    return new ApiError('service_unavailable', message, { headers: { 'retry-after': '1' } });
  }
  return isBodyError(thrown) ? new ApiError('invalid_request', bodyProblem(thrown.code)) : undefined;
}

export function internalError(): ApiError {
  const message =
    'An internal error occurred. The log of the service has the details under this X-Request-Id.';
  return new ApiError('internal_server_error', message);
}

/** Fastify refuses bodies with its own errors, whose codes have a common prefix. */
function isBodyError(thrown: unknown): thrown is Error & { readonly code: string } {
  if (!(thrown instanceof Error) || !('code' in thrown)) return false;
  return typeof thrown.code === 'string' && thrown.code.startsWith('FST_ERR_CTP_');
}

function bodyProblem(code: string): string {
  return code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    ? 'The body is too large. Send it in several requests.'
    : 'The body cannot be read: its length or its content type is wrong. Send JSON as application/json.';
}
