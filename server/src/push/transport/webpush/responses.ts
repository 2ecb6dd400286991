/** What push services' responses mean (RFC 8030, 5 and 7.3; RFC 8292, 4.2). Bodies differ by service. */
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
      return misconfigured(`VAPID: ${reason}`);
    case 'retry':
      return retry(reason, retryAfterMs(response));
    case 'rejected':
      return rejected(reason);
  }
}
