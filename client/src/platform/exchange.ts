/**
 * One HTTP request and its response, with fetch. The body is read whole and parsed; the caller decides whether the
 * status is a success.
 */
import { ApiError, type ReceivedResponse } from './api_error.js';

/** What calls resolve and reject with after `setReturnExtendedResponses(true)`. */
export interface ExtendedResponse<Body> extends ReceivedResponse<Body> {
  readonly error: ApiError | null;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
}

/** Resolves with the response, whatever its status; rejects with an ApiError if there is none. */
export async function exchange(
  request: OutgoingRequest,
  timeout: number,
): Promise<ExtendedResponse<unknown>> {
  const { url, ...rest } = request;
  // Outside of the try: a header that cannot be sent is an error of the caller, not of the network.
  const init: RequestInit = {
    ...rest,
    headers: new Headers(request.headers),
    // The token is the only credential. Cookies of the service's origin are neither sent nor set.
    credentials: 'omit',
    cache: 'no-store',
  };
  try {
    const signal = timeout > 0 ? AbortSignal.timeout(timeout) : null;
    const response = await fetch(url, { ...init, signal });
    const text = await response.text();
    const headers = Object.fromEntries(response.headers);
    const { status, statusText } = response;
    return { status, statusText, headers, body: bodyOf(text, headers['content-type']), text, error: null };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      throw ApiError.ofNoResponse(`No response within ${timeout} ms`, 'request.timeout', cause);
    }
    throw ApiError.ofNoResponse('The service cannot be reached', 'network.error', cause);
  }
}

export function succeeded(response: { readonly status: number }): boolean {
  return response.status >= 200 && response.status < 300;
}

/** An empty body is undefined. Text that is sent as JSON and is none stays text, such as a proxy's error page. */
function bodyOf(text: string, contentType = ''): unknown {
  if (text === '') return undefined;
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
