/** What push services' answers mean (RFC 8030, 5 and 7.3; RFC 8292, 4.2). Bodies differ by service. */
import { member, parseJson, text } from '../json_value.js';
import type { ProviderAnswer } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import { delivered, gone, misconfigured, rejected, retry, type Verdict } from '../verdict.js';

type Meaning = 'delivered' | 'gone' | 'rejected' | 'misconfigured' | 'retry';

export const meanings: Readonly<Record<number, Meaning>> = {
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

export function classifyWebPush(answer: ProviderAnswer): Verdict {
  const { status } = answer;
  const reason = text(member(parseJson(answer.body), 'reason')) ?? `status ${status}`;
  switch (meanings[status] ?? (status >= 500 ? 'retry' : 'rejected')) {
    case 'delivered':
      return delivered;
    case 'gone':
      return gone(reason);
    case 'misconfigured':
      return misconfigured(`VAPID: ${reason}`);
    case 'retry':
      return retry(reason, retryAfterMs(answer));
    case 'rejected':
      return rejected(reason);
  }
}
