/**
 * What FCM's responses mean. FCM's own error code is in a detail of the error. Google's general status is less
 * specific. Source: Firebase, REST: ErrorCode.
 */
import { list, member, parseJson, text } from '../json_value.js';
import type { ProviderResponse } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import { delivered, gone, misconfigured, rejected, retry, type Verdict } from '../verdict.js';

/** All of FCM's quotas are per minute: so long is the wait if no Retry-After says otherwise. */
const quotaPauseMs = 60_000;

export type FcmCode =
  | 'UNREGISTERED'
  | 'INVALID_ARGUMENT'
  | 'SENDER_ID_MISMATCH'
  | 'THIRD_PARTY_AUTH_ERROR'
  | 'QUOTA_EXCEEDED'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  | 'UNSPECIFIED_ERROR';

type Meaning = (response: ProviderResponse, code: string) => Verdict;

export const meanings: Readonly<Record<FcmCode, Meaning>> = {
  UNREGISTERED: (_response, code) => gone(code),
  INVALID_ARGUMENT: (response, code) => (namesToken(response) ? gone(`${code}: token`) : rejected(code)),
  // The token that the device registered is of another Firebase project. That is no reason to stop the others.
  SENDER_ID_MISMATCH: (_response, code) => misconfigured('device', code),
  THIRD_PARTY_AUTH_ERROR: (_response, code) => misconfigured('credentials', code),
  QUOTA_EXCEEDED: (response, code) =>
    retry(quotaSubject(response), code, retryAfterMs(response) ?? quotaPauseMs),
  UNAVAILABLE: (response, code) => retry('provider', code, retryAfterMs(response)),
  INTERNAL: (response, code) => retry('provider', code, retryAfterMs(response)),
  UNSPECIFIED_ERROR: (response, code) => byStatus(response, code),
};

export function classifyFcm(response: ProviderResponse): Verdict {
  if (response.status === 200) return delivered;
  const code = fcmCode(response);
  if (isFcmCode(code)) return meanings[code](response, code);
  return byStatus(response, code ?? googleStatus(response) ?? `status ${response.status}`);
}

export function fcmCode(response: ProviderResponse): string | undefined {
  for (const detail of details(response)) {
    const code = text(member(detail, 'errorCode'));
    if (code !== undefined) return code;
  }
  return undefined;
}

function isFcmCode(code: string | undefined): code is FcmCode {
  return code !== undefined && Object.hasOwn(meanings, code);
}

/**
 * Whose quota was exceeded. FCM's error is about "the message target", which is the device; only where the details or
 * the message name the project, and no device, is it about all of them. A device that is wrongly taken to be throttled
 * waits alone for a minute, and longer each time: that spares the project's quota too.
 */
function quotaSubject(response: ProviderResponse): 'device' | 'provider' {
  const violations = details(response).flatMap((detail) => list(member(detail, 'violations')));
  const named = violations.flatMap((violation) => [
    text(member(violation, 'subject')),
    text(member(violation, 'description')),
  ]);
  const words = [...named, text(member(error(response), 'message'))].join(' ');
  return /project/i.test(words) && !/device/i.test(words) ? 'provider' : 'device';
}

/** Without FCM's own code the response is about the project, the path or the credentials, never about a device. */
function byStatus(response: ProviderResponse, reason: string): Verdict {
  const { status } = response;
  if (status === 429) return retry('provider', reason, retryAfterMs(response) ?? quotaPauseMs);
  if (status >= 500 || status < 400) return retry('provider', reason, retryAfterMs(response));
  if (status === 401 || status === 403 || status === 404) return misconfigured('credentials', reason);
  if (status === 400 && namesToken(response)) return gone(`${reason}: token`);
  return rejected(reason);
}

/** A bad payload is INVALID_ARGUMENT as well; only a complaint about the token itself condemns the device. */
function namesToken(response: ProviderResponse): boolean {
  const violations = details(response).flatMap((detail) => list(member(detail, 'fieldViolations')));
  if (violations.length > 0)
    return violations.some((violation) => member(violation, 'field') === 'message.token');
  return (
    text(member(error(response), 'message')) ===
    'The registration token is not a valid FCM registration token'
  );
}

function googleStatus(response: ProviderResponse): string | undefined {
  return text(member(error(response), 'status'));
}

function details(response: ProviderResponse): readonly unknown[] {
  return list(member(error(response), 'details'));
}

function error(response: ProviderResponse): unknown {
  return member(parseJson(response.body), 'error');
}
