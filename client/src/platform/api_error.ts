// What a failed call rejects with. A program reads from it what the vendor's SDK gives it, the fields of the service's
// error body, and finds the answer around them as well. It never holds the request, so printing it leaks no token.

import type { ExtendedResponse } from './exchange.js';

/** The body of an error of the REST API. */
export interface ErrorBody {
  readonly message: string;
  readonly code: string;
  readonly status: number;
  readonly contextId?: string;
  readonly messageWithParams?: string;
  readonly messageParams?: Readonly<Record<string, string>>;
  readonly details?: readonly unknown[];
  readonly errors?: readonly unknown[];
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly statusText: string;
  /** The service's error code, as `not.found`; of OAuth's token endpoint its `error`, as `invalid_grant`. */
  readonly code: string;
  readonly contextId: string | undefined;
  readonly messageWithParams: string | undefined;
  readonly messageParams: unknown;
  readonly details: readonly unknown[];
  readonly errors: readonly unknown[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly text: string;

  constructor(message: string, answer: Omit<ExtendedResponse<unknown>, 'error'>, code = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    const body = fieldsOf(answer.body);
    this.status = answer.status;
    this.statusText = answer.statusText;
    this.code = code;
    this.contextId = textOf(body.contextId);
    this.messageWithParams = textOf(body.messageWithParams);
    this.messageParams = body.messageParams;
    this.details = Array.isArray(body.details) ? body.details : [];
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.headers = answer.headers;
    this.body = answer.body;
    this.text = answer.text;
  }

  static ofAnswer(answer: Omit<ExtendedResponse<unknown>, 'error'>): ApiError {
    const body = fieldsOf(answer.body);
    const message =
      textOf(body.message) ?? textOf(body.error_description) ?? textOf(body.error) ?? answer.statusText;
    return new ApiError(
      message || `HTTP ${answer.status}`,
      answer,
      textOf(body.code) ?? textOf(body.error) ?? '',
    );
  }

  /** There is no answer: the service is out of reach, or too slow. */
  static ofNoAnswer(message: string, code: string, cause: unknown): ApiError {
    return new ApiError(
      message,
      { status: 0, statusText: '', headers: {}, body: undefined, text: '' },
      code,
      cause,
    );
  }

  /** An Error's message is not enumerable: without this, JSON.stringify would lose what matters most. */
  toJSON(): unknown {
    const { message, code, status, contextId, details, errors } = this;
    return { message, code, status, contextId, details, errors };
  }
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
