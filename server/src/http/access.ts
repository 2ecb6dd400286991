/**
 * Authentication and authorization. Every route declares one access rule; the service does not start with a route without
 * one. The rule is applied before the body is read.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TokenAuthentication } from '../service/app_tokens.js';
import { parseAppId, userId } from '../service/ids.js';
import { authenticateAccess } from '../service/oauth/grants.js';
import { Refused } from '../service/refused.js';
import { matchesHash } from '../service/secrets.js';
import type { Service } from '../service/service.js';
import { tokenProblem } from '../service/token_problem.js';
import { type CookieDeps, sessionOf } from './dashboard/session_cookie.js';
import { ApiError } from './foundation/errors.js';
import type { Access, Principal } from './foundation/principal.js';

type TokenPrincipal = Exclude<Principal, { kind: 'session' }>;

export interface AccessDeps extends CookieDeps {
  readonly service: Service;
  readonly adminTokenHash: Uint8Array;
  /** Called before a request without a valid token is refused. May refuse it otherwise. */
  readonly refuseUnauthenticated: (request: FastifyRequest, reply: FastifyReply) => void;
}

/** The same, and what was found out about tokens before. */
interface Authentication extends AccessDeps {
  readonly appTokens: TokenAuthentication;
}

export function requireAccess(app: FastifyInstance, accessDeps: AccessDeps): void {
  const deps = { ...accessDeps, appTokens: new TokenAuthentication(accessDeps.service) };
  app.decorateRequest('principal', null);
  app.decorateRequest('tokenProblem', null);
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined) throw new Error(`The route ${method} ${url} declares no access rule.`);
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { access } = request.routeOptions.config;
    // Only a request without a route has no rule. It is refused later.
    if (access === undefined || access === 'public') done();
    else admit(deps, access, request, reply).then(() => done(), done);
  });
}

/** Most requests have a token of an app, so it comes first, with as few promises as possible. */
async function admit(
  deps: Authentication,
  access: Exclude<Access, 'public'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const text = bearerText(request.headers.authorization);
  const token = text === undefined ? undefined : await deps.appTokens.authenticate(text);
  const principal: Principal | undefined =
    token === undefined
      ? await authenticateOther(deps, request, text)
      : { kind: 'app', app: token.app, token: token.id };
  if (principal === undefined) {
    deps.refuseUnauthenticated(request, reply);
    request.tokenProblem = await tokenProblem(deps.service, text);
    unauthenticated(request);
  }
  request.principal =
    principal.kind === 'session'
      ? await authorizeSession(deps.service, access, principal, params(request))
      : authorize(access, principal, params(request));
}

/** A token in the request takes precedence over a cookie, which the browser adds to every request. */
async function authenticateOther(
  deps: Authentication,
  request: FastifyRequest,
  text: string | undefined,
): Promise<Principal | undefined> {
  if (text !== undefined) return authenticateBearer(deps, text);
  if (request.headers.authorization !== undefined) return undefined;
  const session = await sessionOf(request, deps);
  return session && { kind: 'session', app: '', session };
}

/** Any token but one of an app. */
async function authenticateBearer(
  { service, adminTokenHash }: Authentication,
  text: string,
): Promise<TokenPrincipal | undefined> {
  if (matchesHash(text, adminTokenHash)) return { kind: 'admin' };
  const bearer = await authenticateAccess(service, text);
  if (bearer !== undefined) return { kind: 'oauth', ...bearer };
  const identity = await service.userTokens.verify(text);
  // User tokens are not stored, so one can be valid after its app is deleted.
  if (identity !== undefined && (await service.store.apps.get(identity.app)) !== undefined) {
    return { kind: 'user', ...identity };
  }
  return undefined;
}

function bearerText(header = ''): string | undefined {
  // As nearly every client writes it; the expression takes five times as long.
  if (header.startsWith('Bearer ') && !header.includes(' ', 7) && header.length > 7) return header.slice(7);
  return /^Bearer +(\S+) *$/i.exec(header)?.[1];
}

function unauthenticated({ headers }: FastifyRequest): never {
  const message =
    bearerText(headers.authorization) === undefined
      ? 'Send the token as Authorization: Bearer TOKEN.'
      : 'The token is wrong, revoked or expired. Use another.';
  throw new ApiError('authentication_required', message, { headers: { 'www-authenticate': 'Bearer' } });
}

/** Returns the principal as the route sees it. Throws access_denied. */
function authorize(
  access: Exclude<Access, 'public'>,
  principal: TokenPrincipal,
  params: PathParams,
): Principal {
  if (access === 'session') deny('Only a session of the dashboard may do this, and no token.');
  if (access === 'oauth' || access === 'me') return authorizeOAuth(access, principal);
  if (principal.kind === 'oauth') deny('An OAuth token opens /api/v2 only. Use a token of the app.');
  authorizeOther(access, principal, params);
  return principal;
}

function authorizeOAuth(access: 'oauth' | 'me', principal: TokenPrincipal): Principal {
  if (principal.kind === 'admin' || principal.kind === 'app')
    deny('Only an OAuth token or a user token allows this.');
  const bearer = principal.kind === 'oauth' ? principal : bearerOf(principal);
  if (access === 'me' && bearer.user === undefined) {
    deny(
      'This token stands for no user, and this call is about one. Sign a user in with the authorization code ' +
        'grant, or set user_id on the OAuth client, so that its client credentials stand for that user.',
    );
  }
  return bearer;
}

/** A user token of the main API, which belongs to no OAuth client and cannot be revoked. */
function bearerOf({
  app,
  user,
  expiresAt,
}: Extract<Principal, { kind: 'user' }>): Principal & { kind: 'oauth' } {
  return { kind: 'oauth', app, user, client: undefined, token: '', grant: null, expiresAt };
}

function authorizeOther(
  access: 'admin' | 'app' | 'user' | 'self',
  principal: Exclude<TokenPrincipal, { kind: 'oauth' }>,
  params: PathParams,
): void {
  if (access === 'admin') {
    if (principal.kind !== 'admin') deny('Only the admin token may do this.');
    return;
  }
  if (principal.kind === 'admin') deny('The admin token opens /admin only. Use a token of the app.');
  if (access === 'self') {
    if (principal.kind !== 'user') deny('Only a user token may do this, because the URL names no user.');
    return;
  }
  const { app_uuid: app } = params;
  if (app === undefined || (app !== principal.app && parseAppId(app) !== principal.app)) {
    throw new ApiError(
      'invalid_app_id',
      'The token does not belong to the app in the URL. Use a token of this app.',
    );
  }
  if (principal.kind === 'app') return;
  if (access === 'app') deny('A user token may not do this. Use a token of the app.');
  if (!isUser(params.user_id, principal.user)) deny('A user token is valid for its own user only.');
}

/** A session has the rights of the admin token, which can create a token of any app. */
async function authorizeSession(
  { store }: Service,
  access: Exclude<Access, 'public'>,
  principal: Principal & { kind: 'session' },
  { app_uuid = '' }: PathParams,
): Promise<Principal> {
  if (access === 'admin' || access === 'session') return principal;
  if (access !== 'app' && access !== 'user') deny('A session of the dashboard stands for no user.');
  const app = parseAppId(app_uuid);
  if (app === undefined || (await store.apps.get(app)) === undefined) {
    throw new ApiError('invalid_app_id', 'No app has this id. The dashboard lists all apps.');
  }
  return { ...principal, app };
}

function deny(message: string): never {
  throw new ApiError('access_denied', message);
}

function isUser(text: string | undefined, user: string): boolean {
  try {
    return text !== undefined && userId(text, 'user_id') === user;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

interface PathParams {
  readonly app_uuid?: string | undefined;
  readonly user_id?: string | undefined;
}

function params({ params }: FastifyRequest): PathParams {
  if (typeof params !== 'object' || params === null) return {};
  return { app_uuid: param(params, 'app_uuid'), user_id: param(params, 'user_id') };
}

function param(params: object, name: string): string | undefined {
  const value: unknown = Reflect.get(params, name);
  return typeof value === 'string' ? value : undefined;
}
