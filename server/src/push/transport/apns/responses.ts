/** What APNs' responses mean, by the `reason` in the body. Source: Apple, Handling notification responses from APNs. */
import type { VerdictKind } from '../../../push_verdict.js';
import { member, parseJson, text } from '../json_value.js';
import type { ProviderResponse } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import { delivered, gone, misconfigured, rejected, retry, type Verdict } from '../verdict.js';

type Meaning = Exclude<VerdictKind, 'delivered'>;

export const meanings: Readonly<Record<string, Meaning>> = {
  // Of this environment only: the transport tries the other one before the device is dropped.
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

export function classifyApns(response: ProviderResponse): Verdict {
  if (response.status === 200) return delivered;
  const reason = apnsReason(response);
  const known = reason !== undefined && Object.hasOwn(meanings, reason) ? meanings[reason] : undefined;
  return verdict(known ?? byStatus(response.status), reason ?? `status ${response.status}`, response);
}

export function apnsReason(response: ProviderResponse): string | undefined {
  return text(member(parseJson(response.body), 'reason'));
}

/** For a reason that Apple adds after this was written. */
function byStatus(status: number): Meaning {
  if (status === 410) return 'gone';
  if (status === 403) return 'misconfigured';
  return status === 429 || status >= 500 || status < 400 ? 'retry' : 'rejected';
}

function verdict(meaning: Meaning, reason: string, response: ProviderResponse): Verdict {
  switch (meaning) {
    case 'gone':
      return gone(reason, timestampMs(response));
    case 'rejected':
      return rejected(reason);
    case 'misconfigured':
      return misconfigured(reason);
    case 'retry':
      return retry(reason, retryAfterMs(response));
  }
}

/** When APNs confirmed that the token was no longer valid; already in milliseconds. */
function timestampMs(response: ProviderResponse): number | undefined {
  const timestamp = member(parseJson(response.body), 'timestamp');
  return typeof timestamp === 'number' ? timestamp : undefined;
}
