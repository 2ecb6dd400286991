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

function mayRepeat({ id, status }: BadgedError, { method, repeat }: Operation): boolean {
  // It was counted and turned away before anything was done.
  if (status === 429) return true;
  const isUncertain = id === 'connection_failed' || id === 'timeout' || (status >= 502 && status <= 504);
  return isUncertain && (repeat !== undefined || ['GET', 'PUT', 'DELETE'].includes(method));
}
