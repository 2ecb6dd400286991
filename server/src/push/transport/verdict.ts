/** What a provider's response means for the device, the payload and the transport. */
import type { VerdictKind } from '../../push_verdict.js';

interface Of<K extends VerdictKind> {
  readonly kind: K;
}

interface WithReason<K extends VerdictKind> extends Of<K> {
  readonly reason: string;
}

/**
 * Try again, no sooner than `afterMs` if the provider named a time. Uncertain: there was no response, so the provider
 * may have accepted it, or still may.
 */
export interface Retry extends WithReason<'retry'> {
  readonly afterMs?: number;
  readonly isUncertain?: true;
}

/** This target is dead: drop it, unless the device registered after `sinceMs`. */
export interface Gone extends WithReason<'gone'> {
  readonly sinceMs?: number;
}

export type Verdict =
  | Of<'delivered'>
  | Retry
  | Gone
  /** This payload is bad, the device is not: log it and go on. */
  | WithReason<'rejected'>
  /** Our credentials or settings are wrong: pause the lane, drop no device, report it. */
  | WithReason<'misconfigured'>;

export const delivered: Verdict = { kind: 'delivered' };

/** Reasons are codes, but the provider chooses them: what ends in logs has a limit. */
const longestReason = 200;

export function retry(reason: string, afterMs?: number): Retry {
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

/** Errors of connections that were never established: nothing was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPRIVATEADDRESS',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A refused connection, a reset or a timeout. Only the error's code: messages may hold a target. */
export function unreachable(error: unknown): Verdict {
  const code = errorCode(error);
  const verdict = retry(`no response: ${code}`);
  return unsent.has(code) ? verdict : { ...verdict, isUncertain: true };
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}
