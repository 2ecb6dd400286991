/**
 * What APNs' responses mean, and what they are about, by the `reason` in the body. Source: Apple, Handling
 * notification responses from APNs.
 */
import { member, parseJson, text } from '../json_value.js';
import type { ProviderResponse } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import {
  delivered,
  gone,
  type Misconfigured,
  misconfigured,
  type Retry,
  rejected,
  retry,
  type Verdict,
} from '../verdict.js';

type Meaning =
  | { readonly kind: 'gone' | 'rejected' }
  | Pick<Retry, 'kind' | 'about'>
  | Pick<Misconfigured, 'kind' | 'about'>;

const isGone: Meaning = { kind: 'gone' };
const isRejected: Meaning = { kind: 'rejected' };
const isOurs: Meaning = { kind: 'misconfigured', about: 'credentials' };
/** The topic is the bundle id that the device registered: another device has another. */
const isTheTopic: Meaning = { kind: 'misconfigured', about: 'device' };
const isTheProvider: Meaning = { kind: 'retry', about: 'provider' };
/** "Too many requests were made consecutively to the same device token." */
const isTheDevice: Meaning = { kind: 'retry', about: 'device' };

export const meanings: Readonly<Record<string, Meaning>> = {
  // Of this environment only: the transport tries the other one before the device is dropped.
  BadDeviceToken: isGone,
  Unregistered: isGone,
  ExpiredToken: isGone,

  BadCollapseId: isRejected,
  BadExpirationDate: isRejected,
  BadMessageId: isRejected,
  BadPath: isRejected,
  BadPriority: isRejected,
  DuplicateHeaders: isRejected,
  InvalidPushType: isRejected,
  MethodNotAllowed: isRejected,
  MissingDeviceToken: isRejected,
  PayloadEmpty: isRejected,
  PayloadTooLarge: isRejected,

  BadCertificate: isOurs,
  BadCertificateEnvironment: isOurs,
  BadEnvironmentKeyIdInToken: isOurs,
  BadTopic: isTheTopic,
  DeviceTokenNotForTopic: isTheTopic,
  ExpiredProviderToken: isOurs,
  Forbidden: isOurs,
  InvalidProviderToken: isOurs,
  MissingProviderToken: isOurs,
  MissingTopic: isOurs,
  TopicDisallowed: isTheTopic,
  UnrelatedKeyIdInToken: isOurs,

  IdleTimeout: isTheProvider,
  InternalServerError: isTheProvider,
  ServiceUnavailable: isTheProvider,
  Shutdown: isTheProvider,
  TooManyProviderTokenUpdates: { kind: 'retry', about: 'credentials' },
  TooManyRequests: isTheDevice,
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
  if (status === 410) return isGone;
  if (status === 403) return isOurs;
  if (status === 429) return isTheDevice;
  return status >= 500 || status < 400 ? isTheProvider : isRejected;
}

function verdict(meaning: Meaning, reason: string, response: ProviderResponse): Verdict {
  switch (meaning.kind) {
    case 'gone':
      return gone(reason, timestampMs(response));
    case 'rejected':
      return rejected(reason);
    case 'misconfigured':
      return misconfigured(meaning.about, reason);
    case 'retry':
      return retry(meaning.about, reason, retryAfterMs(response));
  }
}

/** When APNs confirmed that the token was no longer valid; already in milliseconds. */
function timestampMs(response: ProviderResponse): number | undefined {
  const timestamp = member(parseJson(response.body), 'timestamp');
  return typeof timestamp === 'number' ? timestamp : undefined;
}
