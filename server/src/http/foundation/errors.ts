/**
 * The error table of the Layer-style API and of the admin API: the only place with codes and statuses.
 * All errors have one shape. An error that is not in the table is sent as internal_server_error, without details.
 */
import type { Refusal } from '@badged/core';

export const errorTable = {
  service_unavailable: {
    code: 1,
    status: 503,
    meaning:
      'The store is not available, the service is shutting down, or has too many open streams, unfinished bodies or waiting requests. Try again later.',
  },
  invalid_app_id: { code: 2, status: 403, meaning: 'The token does not belong to the app in the URL.' },
  invalid_request_id: {
    code: 3,
    status: 400,
    meaning: 'If-None-Match of a request that creates something is not a UUID.',
  },
  authentication_required: {
    code: 4,
    status: 401,
    meaning: 'The token is missing, wrong, revoked or expired.',
  },
  rate_limit_exceeded: {
    code: 7,
    status: 429,
    meaning:
      'The caller sent too many requests, or too costly ones, or has too many open streams or unfinished bodies. Retry-After says how many seconds to wait.',
  },
  invalid_operation: {
    code: 9,
    status: 422,
    meaning: 'The operation is unknown, or not possible in the current state.',
  },
  invalid_request: {
    code: 10,
    status: 400,
    meaning: 'The body is not JSON, too large, too slow, or of another content type.',
  },
  internal_server_error: {
    code: 100,
    status: 500,
    meaning: 'Internal error. The log has the details, under the X-Request-Id of the response.',
  },
  access_denied: { code: 101, status: 403, meaning: 'The token is valid but does not allow this request.' },
  not_found: { code: 102, status: 404, meaning: 'A resource that the URL or the body names does not exist.' },
  object_deleted: { code: 103, status: 410, meaning: 'The conversation that the URL names was deleted.' },
  missing_property: { code: 104, status: 422, meaning: 'A property is missing. data.property names it.' },
  invalid_property: {
    code: 105,
    status: 422,
    meaning: 'A property has an invalid value or a misspelled name. data.property names it.',
  },
  invalid_endpoint: { code: 106, status: 404, meaning: 'No endpoint has this URL.' },
  invalid_header: { code: 107, status: 406, meaning: 'A header has an invalid value. data.header names it.' },
  conflict: {
    code: 108,
    status: 409,
    meaning:
      'A distinct conversation of these participants exists with other metadata. data is that conversation.',
  },
  method_not_allowed: {
    code: 109,
    status: 405,
    meaning: 'The endpoint does not support this method. The Allow header lists the supported ones.',
  },
  participant_blocked: { code: 110, status: 422, meaning: 'One of the two participants blocks the other.' },
  id_in_use: {
    code: 111,
    status: 409,
    meaning: 'Another resource has this id. data is that resource.',
  },
  insufficient_storage: {
    code: 112,
    status: 507,
    meaning:
      'The server is at its memory budget, or the app has all that an app may have. Nothing that takes more is accepted; reads and receipts are.',
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
