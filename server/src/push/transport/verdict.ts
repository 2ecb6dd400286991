/**
 * What a provider's response means for the device, the payload and the transport. The verdicts after which a push is
 * tried again say what they are about: one device's trouble must not stop the pushes to all others.
 */
import type { VerdictKind } from '../../push_verdict.js';

interface Of<K extends VerdictKind> {
  readonly kind: K;
}

interface WithReason<K extends VerdictKind> extends Of<K> {
  readonly reason: string;
}

/**
 * What stands in the way. `device`: this one alone, so it alone waits. `credentials` (or settings) of the app, and the
 * `provider` as a whole: every other push would meet the same, so they pause the lane.
 */
export type Subject = 'device' | 'credentials' | 'provider';

/**
 * Try again, no sooner than `afterMs` if the provider named a time. Uncertain: there was no response, so the provider
 * may have accepted it, or still may.
 */
export interface Retry extends WithReason<'retry'> {
  readonly about: Subject;
  readonly afterMs?: number;
  readonly isUncertain?: true;
}

/** This target is dead: drop it, unless the device registered after `sinceMs`. */
export interface Gone extends WithReason<'gone'> {
  readonly sinceMs?: number;
}

/**
 * Our credentials or settings are wrong, or what the device registered does not belong to them: drop no device, and
 * report it.
 */
export interface Misconfigured extends WithReason<'misconfigured'> {
  readonly about: Exclude<Subject, 'provider'>;
}

export type Verdict =
  | Of<'delivered'>
  | Retry
  | Gone
  /** This payload is bad, the device is not: log it and go on. */
  | WithReason<'rejected'>
  | Misconfigured;

export const delivered: Verdict = { kind: 'delivered' };

/** Reasons are codes, but the provider chooses them: what ends in logs has a limit. */
const longestReason = 200;

export function retry(about: Subject, reason: string, afterMs?: number): Retry {
  return { kind: 'retry', about, reason: cut(reason), ...(afterMs === undefined ? {} : { afterMs }) };
}

export function gone(reason: string, sinceMs?: number): Verdict {
  return { kind: 'gone', reason: cut(reason), ...(sinceMs === undefined ? {} : { sinceMs }) };
}

export function rejected(reason: string): Verdict {
  return { kind: 'rejected', reason: cut(reason) };
}

export function misconfigured(about: Misconfigured['about'], reason: string): Verdict {
  return { kind: 'misconfigured', about, reason: cut(reason) };
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
  const verdict = retry('provider', `no response: ${code}`);
  return unsent.has(code) ? verdict : { ...verdict, isUncertain: true };
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}
