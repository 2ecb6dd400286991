/** The error that a call throws: an error of the service, or the reason why no response arrived. */
import { retryAfterMs } from '../sse/waiting.js';
import type { ErrorBody } from './operations.js';

/**
 * The ids of the service's errors, and three of the client's: connection_failed and timeout if no response arrived, and
 * unexpected_answer if the response is not the service's, such as the page of a proxy.
 */
export type ErrorId = ErrorBody['id'] | 'connection_failed' | 'timeout' | 'unexpected_answer';

interface Details {
  readonly status?: number;
  readonly code?: number;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly headers?: Headers;
  readonly cause?: unknown;
}

export class BadgedError extends Error {
  override readonly name = 'BadgedError';
  /** The HTTP status. 0 if no response arrived. */
  readonly status: number;
  readonly id: ErrorId;
  /** The number of the id. 0 for the client's own ids. */
  readonly code: number;
  /** The property or header that is wrong, or the resource that exists already. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The id of the request in the service's log. */
  readonly requestId: string | undefined;
  /** How long the service asks to wait, in milliseconds. 0 if it does not. */
  readonly retryAfterMs: number;

  constructor(id: ErrorId, message: string, details: Details = {}) {
    const { status = 0, code = 0, data = {}, headers = new Headers(), cause } = details;
    super(message, { cause });
    this.status = status;
    this.id = id;
    this.code = code;
    this.data = data;
    this.requestId = headers.get('x-request-id') ?? undefined;
    this.retryAfterMs = retryAfterMs(headers);
  }
}

/** The error of a response. The body is parsed JSON, or undefined if it was not JSON. */
export function errorOf(status: number, headers: Headers, body: unknown): BadgedError {
  if (isErrorBody(body)) {
    const { id, code, message, data } = body;
    return new BadgedError(id, message, { status, code, data, headers });
  }
  const message = `The response with status ${status} did not come from the service. Is there a proxy in between?`;
  return new BadgedError('unexpected_answer', message, { status, headers });
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== 'object' || body === null) return false;
  return ['id', 'code', 'message', 'data'].every((property) => property in body);
}
