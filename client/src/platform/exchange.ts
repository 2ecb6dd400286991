// One HTTP request and its answer, with fetch. The answer is read whole and parsed; whether its status is a success is
// for the caller to say.

import { ApiError } from './api_error.js';

/** What calls resolve and reject with after `setReturnExtendedResponses(true)`. */
export interface ExtendedResponse<Body> {
  readonly status: number;
  readonly statusText: string;
  /** The answer's headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly text: string;
  readonly error: ApiError | null;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
}

/** Resolves with any answer, whatever its status; rejects when there is none. */
export async function exchange(
  request: OutgoingRequest,
  timeout: number,
): Promise<ExtendedResponse<unknown>> {
  const { url, ...rest } = request;
  // Outside of the try: a header that cannot be sent is the caller's mistake, not a network's failure.
  const init: RequestInit = {
    ...rest,
    headers: new Headers(request.headers),
    // The token is the only credential; a cookie of the service's origin must neither be sent nor be set.
    credentials: 'omit',
    cache: 'no-store',
  };
  try {
    const signal = timeout > 0 ? AbortSignal.timeout(timeout) : null;
    const answer = await fetch(url, { ...init, signal });
    const text = await answer.text();
    const headers = Object.fromEntries(answer.headers);
    const { status, statusText } = answer;
    return { status, statusText, headers, body: bodyOf(text, headers['content-type']), text, error: null };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      throw ApiError.ofNoAnswer(`No answer within ${timeout} ms`, 'request.timeout', cause);
    }
    throw ApiError.ofNoAnswer('The service is out of reach', 'network.error', cause);
  }
}

export function succeeded(answer: { readonly status: number }): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** An empty body is undefined. Text that claims to be JSON and is not stays text: a proxy's error page is still one. */
function bodyOf(text: string, contentType = ''): unknown {
  if (text === '') return undefined;
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
