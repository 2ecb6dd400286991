/**
 * What FCM's answers mean. FCM's own error code stands in a detail of the error, beside Google's general
 * status, which says less. Source: Firebase, REST: ErrorCode.
 */
import { list, member, parseJson, text } from '../json_value.js';
import type { ProviderAnswer } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import { delivered, gone, misconfigured, rejected, retry, type Verdict } from '../verdict.js';

/** Firebase asks for a minute's wait when a quota is exceeded and no Retry-After says otherwise. */
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

type Meaning = (answer: ProviderAnswer, code: string) => Verdict;

export const meanings: Readonly<Record<FcmCode, Meaning>> = {
  UNREGISTERED: (_answer, code) => gone(code),
  INVALID_ARGUMENT: (answer, code) => (namesToken(answer) ? gone(`${code}: token`) : rejected(code)),
  SENDER_ID_MISMATCH: (_answer, code) => misconfigured(code),
  THIRD_PARTY_AUTH_ERROR: (_answer, code) => misconfigured(code),
  QUOTA_EXCEEDED: (answer, code) => retry(code, retryAfterMs(answer) ?? quotaPauseMs),
  UNAVAILABLE: (answer, code) => retry(code, retryAfterMs(answer)),
  INTERNAL: (answer, code) => retry(code, retryAfterMs(answer)),
  UNSPECIFIED_ERROR: (answer, code) => byStatus(answer, code),
};

export function classifyFcm(answer: ProviderAnswer): Verdict {
  if (answer.status === 200) return delivered;
  const code = fcmCode(answer);
  if (isFcmCode(code)) return meanings[code](answer, code);
  return byStatus(answer, code ?? googleStatus(answer) ?? `status ${answer.status}`);
}

export function fcmCode(answer: ProviderAnswer): string | undefined {
  for (const detail of details(answer)) {
    const code = text(member(detail, 'errorCode'));
    if (code !== undefined) return code;
  }
  return undefined;
}

function isFcmCode(code: string | undefined): code is FcmCode {
  return code !== undefined && Object.hasOwn(meanings, code);
}

/** Without FCM's own code the answer is about the project, the path or the credentials, never about a device. */
function byStatus(answer: ProviderAnswer, reason: string): Verdict {
  const { status } = answer;
  if (status === 429) return retry(reason, retryAfterMs(answer) ?? quotaPauseMs);
  if (status >= 500 || status < 400) return retry(reason, retryAfterMs(answer));
  if (status === 401 || status === 403 || status === 404) return misconfigured(reason);
  if (status === 400 && namesToken(answer)) return gone(`${reason}: token`);
  return rejected(reason);
}

/** A bad payload is INVALID_ARGUMENT as well; only a complaint about the token itself condemns the device. */
function namesToken(answer: ProviderAnswer): boolean {
  const violations = details(answer).flatMap((detail) => list(member(detail, 'fieldViolations')));
  if (violations.length > 0)
    return violations.some((violation) => member(violation, 'field') === 'message.token');
  return (
    text(member(error(answer), 'message')) === 'The registration token is not a valid FCM registration token'
  );
}

function googleStatus(answer: ProviderAnswer): string | undefined {
  return text(member(error(answer), 'status'));
}

function details(answer: ProviderAnswer): readonly unknown[] {
  return list(member(error(answer), 'details'));
}

function error(answer: ProviderAnswer): unknown {
  return member(parseJson(answer.body), 'error');
}
