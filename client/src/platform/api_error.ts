/**
 * The error of a failed call: the fields of the service's error body, as in the vendor's SDK, and the response around
 * them. It never holds the request, so printing it leaks no token.
 */
/** A response with its body read. */
export interface ReceivedResponse<Body = unknown> {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly text: string;
}

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
  /** The HTTP status; 0 if there was no response. */
  readonly status: number;
  readonly statusText: string;
  /** The service's error code, such as `not.found`; of OAuth's token endpoint its `error`, such as `invalid_grant`. */
  readonly code: string;
  readonly contextId: string | undefined;
  readonly messageWithParams: string | undefined;
  readonly messageParams: unknown;
  readonly details: readonly unknown[];
  readonly errors: readonly unknown[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly text: string;

  constructor(message: string, response: ReceivedResponse, code = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    const body = fieldsOf(response.body);
    this.status = response.status;
    this.statusText = response.statusText;
    this.code = code;
    this.contextId = textOf(body.contextId);
    this.messageWithParams = textOf(body.messageWithParams);
    this.messageParams = body.messageParams;
    this.details = Array.isArray(body.details) ? body.details : [];
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.headers = response.headers;
    this.body = response.body;
    this.text = response.text;
  }

  static ofResponse(response: ReceivedResponse): ApiError {
    const body = fieldsOf(response.body);
    const message =
      textOf(body.message) ?? textOf(body.error_description) ?? textOf(body.error) ?? response.statusText;
    return new ApiError(
      message || `HTTP ${response.status}`,
      response,
      textOf(body.code) ?? textOf(body.error) ?? '',
    );
  }

  /** There is no response: the service cannot be reached, or is too slow. */
  static ofNoResponse(message: string, code: string, cause: unknown): ApiError {
    return new ApiError(
      message,
      { status: 0, statusText: '', headers: {}, body: undefined, text: '' },
      code,
      cause,
    );
  }

  /** An Error's message is not enumerable: without this, JSON.stringify would drop it. */
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
