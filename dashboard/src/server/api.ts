/**
 * The server's API, as the signed-in administrator: every operation, typed. The session is a cookie that no script
 * reads; the header tells the server that this page, and not another site's form, is asking.
 */
import { BadgedError, createClient } from '@badged/client/api';

const asDashboard = { 'x-requested-with': 'badged' };

export const api = createClient({ url: location.origin, headers: asDashboard });

/** As `api`, but everything asked goes through this function: the playground shows what it asked. */
export function apiThrough(through: typeof fetch) {
  return createClient({ url: location.origin, headers: asDashboard, fetch: through });
}

export type Api = ReturnType<typeof createClient>;

export function isSignedOut(error: unknown): boolean {
  return error instanceof BadgedError && error.status === 401;
}

/** A sentence for people. */
export function messageOf(error: unknown): string {
  if (error instanceof BadgedError) return error.message;
  if (error instanceof Error) return `${error.message}. Is the server still running?`;
  return 'Something went wrong.';
}
