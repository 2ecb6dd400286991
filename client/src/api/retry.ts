/** When a failed call is tried again: never if it could then take effect twice. */
import { fullJitter } from '../sse/waiting.js';
import { BadgedError } from './errors.js';
import type { Operation } from './request.js';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
/** If the service asks for a longer wait, the caller gets the error instead. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** How long to wait before the next attempt, in milliseconds. Undefined if there must not be one. */
export function waitAfter(error: unknown, operation: Operation, failures: number): number | undefined {
  if (!(error instanceof BadgedError) || !mayRetry(error, operation)) return undefined;
  if (error.retryAfterMs > LONGEST_RETRY_AFTER_MS) return undefined;
  return Math.max(fullJitter(FIRST_WAIT_MS, failures, LONGEST_WAIT_MS), error.retryAfterMs);
}

/** Whether the request may have taken effect although it failed. */
export function isUncertain(error: unknown): boolean {
  if (!(error instanceof BadgedError)) return false;
  const { id, status } = error;
  return id === 'connection_failed' || id === 'timeout' || (status >= 502 && status <= 504);
}

/** Whether a resource to be deleted does not exist. After an attempt that may have taken effect, that is success. */
export function isGone(error: unknown, { method }: Operation): boolean {
  return method === 'DELETE' && error instanceof BadgedError && error.id === 'not_found';
}

function mayRetry(error: BadgedError, { method, idempotency }: Operation): boolean {
  // The rate limit refuses a request before it takes effect.
  if (error.status === 429) return true;
  return isUncertain(error) && (idempotency !== undefined || ['GET', 'PUT', 'DELETE'].includes(method));
}
