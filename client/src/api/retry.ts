/** When a call that failed is made again: never if that could do something twice. */
import { fullJitter } from '../sse/waiting.js';
import { BadgedError } from './errors.js';
import type { Operation } from './request.js';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
/** Who is asked to wait longer than this is better told so. */
const PATIENCE_MS = 60_000;

/** How long to wait before the next attempt; undefined where there is to be none. */
export function waitAfter(error: unknown, operation: Operation, failures: number): number | undefined {
  if (!(error instanceof BadgedError) || !mayRepeat(error, operation)) return undefined;
  if (error.retryAfterMs > PATIENCE_MS) return undefined;
  return Math.max(fullJitter(FIRST_WAIT_MS, failures, LONGEST_WAIT_MS), error.retryAfterMs);
}

/** Whether nobody knows if the service did what it was asked. */
export function isUncertain(error: unknown): boolean {
  if (!(error instanceof BadgedError)) return false;
  const { id, status } = error;
  return id === 'connection_failed' || id === 'timeout' || (status >= 502 && status <= 504);
}

/** What was to be deleted is not there: after an attempt of which nobody knows, that is what was asked for. */
export function isGone(error: unknown, { method }: Operation): boolean {
  return method === 'DELETE' && error instanceof BadgedError && error.id === 'not_found';
}

function mayRepeat(error: BadgedError, { method, repeat }: Operation): boolean {
  // It was counted and turned away before anything was done.
  if (error.status === 429) return true;
  return isUncertain(error) && (repeat !== undefined || ['GET', 'PUT', 'DELETE'].includes(method));
}
