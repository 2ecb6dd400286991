/** What a call throws: the service's refusal, or what kept its answer from arriving. */
import { retryAfterMs } from '../sse/waiting.js';
import type { ErrorBody } from './operations.js';

/**
 * The service's own ids; and connection_failed and timeout, when no answer came, and unexpected_answer, when one came
 * that is not the service's, such as a proxy's page.
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
  /** Of the answer; 0 when none came. */
  readonly status: number;
  readonly id: ErrorId;
  /** The number of the id; 0 for what the service did not say itself. */
  readonly code: number;
  /** The property or header that is wrong, or what exists already. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Under which the service's log knows the request. */
  readonly requestId: string | undefined;
  /** How long the service asks to wait; 0 if it does not. */
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

/** The error that an answer is. Its body is the JSON that it was, or undefined. */
export function errorOf(status: number, headers: Headers, body: unknown): BadgedError {
  if (isErrorBody(body)) {
    const { id, code, message, data } = body;
    return new BadgedError(id, message, { status, code, data, headers });
  }
  const message = `The answer, with status ${status}, is not the service's. Is there a proxy in between?`;
  return new BadgedError('unexpected_answer', message, { status, headers });
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== 'object' || body === null) return false;
  return ['id', 'code', 'message', 'data'].every((property) => property in body);
}
