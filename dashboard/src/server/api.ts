/**
 * The typed client of the server's API, for the signed-in administrator. The session is an HttpOnly cookie; the header
 * proves that this page made the request, and not another site.
 */
import { BadgedError, createClient } from '@badged/client/api';

const asDashboard = { 'x-requested-with': 'badged' };

export const api = createClient({ url: location.origin, headers: asDashboard });

/** As `api`, but with this `fetch`: the playground logs its calls. */
export function apiThrough(through: typeof fetch) {
  return createClient({ url: location.origin, headers: asDashboard, fetch: through });
}

export type Api = ReturnType<typeof createClient>;

export function isSignedOut(error: unknown): boolean {
  return error instanceof BadgedError && error.status === 401;
}

/** The message to show. */
export function messageOf(error: unknown): string {
  if (error instanceof BadgedError) return error.message;
  if (error instanceof Error) return `${error.message}. Is the server still running?`;
  return 'An unknown error occurred.';
}
