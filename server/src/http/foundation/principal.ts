/** The access rules that routes declare, and the principal that a request was authenticated as. */
import type {} from 'fastify';
import type { DashboardSession } from '../../service/dashboard_sessions.js';
import type { Bearer } from '../../service/oauth/grants.js';
import type { Service } from '../../service/service.js';
import type { TokenProblem } from '../../service/token_problem.js';

/**
 * public: anyone. admin: the admin token. app: a token of the app in the URL. user: that, or a token of the user in
 * the URL. self: a user's token; the URL names no user. oauth: an OAuth token or a user's token. me: the same, but the
 * token must have a user. session: a session of the dashboard, which is also accepted for admin, app and user, for
 * every app.
 */
export type Access = 'public' | 'admin' | 'app' | 'user' | 'self' | 'oauth' | 'me' | 'session';

export type Principal =
  | { readonly kind: 'admin' }
  | { readonly kind: 'app'; readonly app: string; readonly token: string }
  | { readonly kind: 'user'; readonly app: string; readonly user: string; readonly expiresAt: number }
  | ({ readonly kind: 'oauth' } & Bearer)
  /** The app in the URL; empty if it names none. */
  | { readonly kind: 'session'; readonly app: string; readonly session: DashboardSession };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Null on public routes. */
    principal: Principal | null;
    /** Why its token was refused. */
    tokenProblem: TokenProblem | null;
  }
}

/** False once its token is revoked or expired, its session has ended, or its app is deleted. */
export async function isStillAuthorized(
  { store, now }: Service,
  principal: Exclude<Principal, { kind: 'admin' }>,
): Promise<boolean> {
  if ((await store.apps.get(principal.app)) === undefined) return false;
  if (principal.kind === 'app') return (await store.apps.token(principal.token)) !== undefined;
  if (principal.kind === 'session') return principal.session.isGood();
  return now() < principal.expiresAt;
}
