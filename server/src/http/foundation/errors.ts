/**
 * The error table of the Layer-style API and of the admin API: the one place that knows codes and statuses.
 * Errors go out in one shape; what is not in the table goes out as internal_server_error, without details.
 */
import type { Refusal } from '@badged/core';

export const errorTable = {
  service_unavailable: {
    code: 1,
    status: 503,
    meaning:
      'The store is out of reach, the service is shutting down, or it holds as many streams as it can. Try again later.',
  },
  invalid_app_id: { code: 2, status: 403, meaning: 'The token does not belong to the app in the address.' },
  invalid_request_id: { code: 3, status: 400, meaning: 'If-None-Match of a creating request is not a UUID.' },
  authentication_required: {
    code: 4,
    status: 401,
    meaning: 'There is no token, or it is wrong, revoked or expired.',
  },
  rate_limit_exceeded: {
    code: 7,
    status: 429,
    meaning:
      'The token sent too many requests, or the user has too many streams open. Retry-After says how many seconds to wait.',
  },
  invalid_operation: { code: 9, status: 422, meaning: 'The operation makes no sense here.' },
  invalid_request: {
    code: 10,
    status: 400,
    meaning: 'The body is not JSON, too large, or of another content type.',
  },
  internal_server_error: {
    code: 100,
    status: 500,
    meaning: 'The service failed. Its log knows more, under the X-Request-Id of the answer.',
  },
  access_denied: { code: 101, status: 403, meaning: 'The token is right, but may not do this.' },
  not_found: { code: 102, status: 404, meaning: 'What the address or the request names does not exist.' },
  missing_property: { code: 104, status: 422, meaning: 'A property is missing. data.property names it.' },
  invalid_property: {
    code: 105,
    status: 422,
    meaning: 'A property has a wrong value, or is a misspelling of another. data.property names it.',
  },
  invalid_endpoint: { code: 106, status: 404, meaning: 'There is no such endpoint.' },
  invalid_header: { code: 107, status: 406, meaning: 'A header has a wrong value. data.header names it.' },
  conflict: {
    code: 108,
    status: 409,
    meaning: 'There is a distinct conversation of these participants, with other metadata. data is that one.',
  },
  method_not_allowed: {
    code: 109,
    status: 405,
    meaning: 'The endpoint does not know this method. The Allow header lists those it knows.',
  },
  participant_blocked: { code: 110, status: 422, meaning: 'One of the two participants blocks the other.' },
  id_in_use: {
    code: 111,
    status: 409,
    meaning: 'The id was given to something else before. data is what has it.',
  },
} as const;

export type ErrorId = keyof typeof errorTable;

interface Details {
  readonly data?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ApiError extends Error {
  override name = 'ApiError';
  readonly id: ErrorId;
  readonly data: object | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(id: ErrorId, message: string, { data, headers = {} }: Details = {}) {
    super(message);
    this.id = id;
    this.data = data;
    this.headers = headers;
  }

  get status(): number {
    return errorTable[this.id].status;
  }
}

export interface ErrorBody {
  readonly id: ErrorId;
  readonly code: number;
  readonly message: string;
  readonly url: string;
  readonly data: object;
}

export function errorBody(error: ApiError, base: string): ErrorBody {
  const { id, message, data = {} } = error;
  return { id, code: errorTable[id].code, message, url: `${base}/errors/${id}`, data };
}

export function fromRefusal({ code, message, property, existing }: Refusal, data?: object): ApiError {
  const known = {
    ...(property === undefined ? {} : { property }),
    ...(existing === undefined ? {} : { id: existing }),
  };
  return new ApiError(code, message, { data: data ?? known });
}
