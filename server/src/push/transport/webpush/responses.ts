/**
 * What push services' responses mean, and what they are about (RFC 8030, 5, 7.3 and 8.4; RFC 8292, 4.2). Bodies differ
 * by service.
 */
import type { VerdictKind } from '../../../push_verdict.js';
import { member, parseJson, text } from '../json_value.js';
import type { ProviderResponse } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import { delivered, gone, misconfigured, rejected, retry, type Verdict } from '../verdict.js';

export const meanings: Readonly<Record<number, VerdictKind>> = {
  200: 'delivered',
  201: 'delivered',
  202: 'delivered',
  204: 'delivered',
  401: 'misconfigured',
  403: 'misconfigured',
  404: 'gone',
  408: 'retry',
  410: 'gone',
  413: 'rejected',
  425: 'retry',
  429: 'retry',
};

export function classifyWebPush(response: ProviderResponse): Verdict {
  const { status } = response;
  const reason = text(member(parseJson(response.body), 'reason')) ?? `status ${status}`;
  switch (meanings[status] ?? (status >= 500 ? 'retry' : 'rejected')) {
    case 'delivered':
      return delivered;
    case 'gone':
      return gone(reason);
    case 'misconfigured':
      return misconfigured(isOfAnotherKey(response) ? 'device' : 'credentials', `VAPID: ${reason}`);
    case 'retry':
      // RFC 8030, 8.4: the rate limit that 429 reports is one of the push resource, which is one subscription.
      return retry(status === 429 ? 'device' : 'provider', reason, retryAfterMs(response));
    case 'rejected':
      return rejected(reason);
  }
}

/** The page subscribed with another key than ours. So say, in this order, Apple, Google and Mozilla. */
function isOfAnotherKey({ body }: ProviderResponse): boolean {
  return /VapidPkHashMismatch|do not correspond to the credentials|key mismatch/i.test(body);
}
