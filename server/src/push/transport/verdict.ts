/** What a provider's answer means for the device, the payload and the transport. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /**
   * Try again, no sooner than `afterMs` if the provider named a time. Uncertain: there was no answer, so the
   * provider may have taken it, or may yet.
   */
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly afterMs?: number;
      readonly isUncertain?: true;
    }
  /** This target is dead: drop it, unless the device registered after `sinceMs`. */
  | { readonly kind: 'gone'; readonly reason: string; readonly sinceMs?: number }
  /** This payload is bad, the device is not: log it and go on. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Our credentials or settings are wrong: pause the transport, keep every device, show it. */
  | { readonly kind: 'misconfigured'; readonly reason: string };

export const delivered: Verdict = { kind: 'delivered' };

/** Reasons are codes, but whoever answers chooses them: what ends in logs has a limit. */
const longestReason = 200;

export function retry(reason: string, afterMs?: number): Extract<Verdict, { kind: 'retry' }> {
  return { kind: 'retry', reason: cut(reason), ...(afterMs === undefined ? {} : { afterMs }) };
}

export function gone(reason: string, sinceMs?: number): Verdict {
  return { kind: 'gone', reason: cut(reason), ...(sinceMs === undefined ? {} : { sinceMs }) };
}

export function rejected(reason: string): Verdict {
  return { kind: 'rejected', reason: cut(reason) };
}

export function misconfigured(reason: string): Verdict {
  return { kind: 'misconfigured', reason: cut(reason) };
}

function cut(reason: string): string {
  return reason.slice(0, longestReason);
}

/** Of connections that never came about: nothing was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPRIVATEADDRESS',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A refused connection, a reset or a time-out. Only the error's code: messages may hold a target. */
export function unreachable(error: unknown): Verdict {
  const code = errorCode(error);
  const verdict = retry(`no answer: ${code}`);
  return unsent.has(code) ? verdict : { ...verdict, isUncertain: true };
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}
