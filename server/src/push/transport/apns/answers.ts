/** What APNs' answers mean, by the `reason` in the body. Source: Apple, Handling notification responses from APNs. */
import { member, parseJson, text } from '../json_value.js';
import type { ProviderAnswer } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import { delivered, gone, misconfigured, rejected, retry, type Verdict } from '../verdict.js';

type Meaning = 'gone' | 'rejected' | 'misconfigured' | 'retry';

export const meanings: Readonly<Record<string, Meaning>> = {
  // Of this environment only: the transport asks the other one before it lets the device go.
  BadDeviceToken: 'gone',
  Unregistered: 'gone',
  ExpiredToken: 'gone',

  BadCollapseId: 'rejected',
  BadExpirationDate: 'rejected',
  BadMessageId: 'rejected',
  BadPath: 'rejected',
  BadPriority: 'rejected',
  DuplicateHeaders: 'rejected',
  InvalidPushType: 'rejected',
  MethodNotAllowed: 'rejected',
  MissingDeviceToken: 'rejected',
  PayloadEmpty: 'rejected',
  PayloadTooLarge: 'rejected',

  BadCertificate: 'misconfigured',
  BadCertificateEnvironment: 'misconfigured',
  BadEnvironmentKeyIdInToken: 'misconfigured',
  BadTopic: 'misconfigured',
  DeviceTokenNotForTopic: 'misconfigured',
  ExpiredProviderToken: 'misconfigured',
  Forbidden: 'misconfigured',
  InvalidProviderToken: 'misconfigured',
  MissingProviderToken: 'misconfigured',
  MissingTopic: 'misconfigured',
  TopicDisallowed: 'misconfigured',
  UnrelatedKeyIdInToken: 'misconfigured',

  IdleTimeout: 'retry',
  InternalServerError: 'retry',
  ServiceUnavailable: 'retry',
  Shutdown: 'retry',
  TooManyProviderTokenUpdates: 'retry',
  TooManyRequests: 'retry',
};

export function classifyApns(answer: ProviderAnswer): Verdict {
  if (answer.status === 200) return delivered;
  const reason = apnsReason(answer);
  const known = reason !== undefined && Object.hasOwn(meanings, reason) ? meanings[reason] : undefined;
  return verdict(known ?? byStatus(answer.status), reason ?? `status ${answer.status}`, answer);
}

export function apnsReason(answer: ProviderAnswer): string | undefined {
  return text(member(parseJson(answer.body), 'reason'));
}

/** For a reason that Apple adds after this was written. */
function byStatus(status: number): Meaning {
  if (status === 410) return 'gone';
  if (status === 403) return 'misconfigured';
  return status === 429 || status >= 500 || status < 400 ? 'retry' : 'rejected';
}

function verdict(meaning: Meaning, reason: string, answer: ProviderAnswer): Verdict {
  switch (meaning) {
    case 'gone':
      return gone(reason, timestampMs(answer));
    case 'rejected':
      return rejected(reason);
    case 'misconfigured':
      return misconfigured(reason);
    case 'retry':
      return retry(reason, retryAfterMs(answer));
  }
}

/** When APNs confirmed that the token was no longer valid; already in milliseconds. */
function timestampMs(answer: ProviderAnswer): number | undefined {
  const timestamp = member(parseJson(answer.body), 'timestamp');
  return typeof timestamp === 'number' ? timestamp : undefined;
}
