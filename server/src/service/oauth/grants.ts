/**
 * What a user allowed a client to do (a grant), and the tokens that live on it. Access tokens and refresh tokens
 * name their grant: without it they are worth nothing, so that deleting one row ends the whole family at once.
 */
import Type from 'typebox';
import type { Service } from '../service.js';
import { findClient, type OAuthClient } from './clients.js';
import { kind } from './kept.js';
import { lifetimes } from './lifetimes.js';
import { OAuthError } from './oauth_error.js';
import { hashed, newOpaque, parseOpaque } from './opaque.js';

const Nullable = Type.Union([Type.String(), Type.Null()]);
const grants = kind('oauth_grant', Type.Object({ client: Type.String(), user: Type.String() }));
const accessTokens = kind(
  'oauth_access',
  // Without a grant it stands for whom its client stands for.
  Type.Object({ client: Type.String(), user: Nullable, grant: Nullable }),
);
const refreshTokens = kind('oauth_refresh', Type.Object({ client: Type.String(), grant: Type.String() }));
const usedRefreshTokens = kind('oauth_refresh_used', Type.Object({}));
const codes = kind(
  'oauth_code',
  Type.Object({
    client: Type.String(),
    grant: Type.String(),
    user: Type.String(),
    redirectUri: Type.String(),
    challenge: Type.String(),
  }),
);
const usedCodes = kind('oauth_code_used', Type.Object({}));

export interface IssuedTokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken?: string;
}

/** Whose token this is, and what it hangs on. */
export interface Bearer {
  readonly app: string;
  /** Undefined where it stands for nobody. */
  readonly user: string | undefined;
  /** Undefined for a user token of the main API. */
  readonly client: string | undefined;
  readonly token: string;
  readonly grant: string | null;
  readonly expiresAt: number;
}

/** For client credentials (no user: the client's own, at the time of each use), and for implicit logins. */
export async function issueAccess(
  service: Service,
  client: OAuthClient,
  user: string | null,
): Promise<IssuedTokens> {
  return addAccess(service, client, { user, grant: null }, lifetimes.access);
}

export interface AllowedCode {
  readonly user: string;
  readonly redirectUri: string;
  /** The S256 challenge of PKCE (RFC 7636). */
  readonly challenge: string;
}

/**
 * The grant is there before the code is used, so that a second use finds what it has to revoke. Until then it lives
 * no longer than the code: whoever asks for codes all day and uses none fills no table.
 */
export async function issueCode(
  service: Service,
  client: OAuthClient,
  allowed: AllowedCode,
): Promise<string> {
  const { app } = client;
  const grant = service.newId();
  const { user } = allowed;
  const expiresAt = service.now() + lifetimes.code;
  await grants.insert(service, app, { id: grant, value: { client: client.id, user }, expiresAt });
  const code = newOpaque('code', app);
  const value = { client: client.id, grant, ...allowed };
  await codes.insert(service, app, { id: code.id, value, expiresAt });
  return code.text;
}

/** RFC 6749, section 4.1.3, and RFC 7636, section 4.6. A code that comes twice costs the tokens of the first time. */
export async function redeemCode(
  service: Service,
  client: OAuthClient,
  { code: text, redirectUri, verifier }: { code: string; redirectUri: string; verifier: string },
): Promise<IssuedTokens> {
  const parsed = parseOpaque('code', text);
  const code = parsed?.app === client.app ? await codes.get(service, client.app, parsed.id) : undefined;
  // A client that asks with somebody else's code learns nothing, and does no harm to whose it is.
  if (code === undefined || code.value.client !== client.id) refuseGrant('The code is wrong or expired.');
  const { grant, user, challenge } = code.value;
  const used = { id: code.id, value: {}, expiresAt: service.now() + lifetimes.grant };
  if (!(await usedCodes.insert(service, client.app, used))) {
    await endGrant(service, client.app, grant);
    refuseGrant('The code was used before; the tokens it gave are revoked.');
  }
  if (code.value.redirectUri !== redirectUri) refuseGrant('The redirect_uri is not the one of the code.');
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier) || hashed(verifier) !== challenge)
    refuseGrant('The code_verifier is not the one of the code_challenge.');
  const kept = { id: grant, value: { client: client.id, user }, expiresAt: used.expiresAt };
  if (!(await grants.update(service, client.app, kept))) refuseGrant('The code is wrong or expired.');
  return addTokens(service, client, { user, grant });
}

/** RFC 9700, section 4.14.2: each refresh token is good once; one that comes again was stolen, by either side. */
export async function refresh(service: Service, client: OAuthClient, text: string): Promise<IssuedTokens> {
  const { app } = client;
  const parsed = parseOpaque('refresh', text);
  const token = parsed?.app === app ? await refreshTokens.get(service, app, parsed.id) : undefined;
  if (token === undefined || token.value.client !== client.id)
    refuseGrant('The refresh token is wrong or expired.');
  const grant = await grants.get(service, app, token.value.grant);
  if (grant === undefined) refuseGrant('The refresh token is revoked.');
  const expiresAt = service.now() + lifetimes.grant;
  if (!(await usedRefreshTokens.insert(service, app, { id: token.id, value: {}, expiresAt }))) {
    await endGrant(service, app, grant.id);
    refuseGrant('The refresh token was used before; all tokens of this login are revoked.');
  }
  if (!(await grants.update(service, app, { ...grant, expiresAt })))
    refuseGrant('The refresh token is revoked.');
  return addTokens(service, client, { user: grant.value.user, grant: grant.id });
}

/** Whose access token this is; undefined if it is none, expired or revoked. */
export async function authenticateAccess(service: Service, text: string): Promise<Bearer | undefined> {
  const parsed = parseOpaque('access', text);
  return parsed && findAccess(service, parsed.app, parsed.id);
}

/** Whether what the token hangs on is still there: the grant where there is one, otherwise the token itself. */
export async function isStillGood(
  service: Service,
  { app, client, token, grant, user }: Pick<Bearer, 'app' | 'client' | 'token' | 'grant' | 'user'>,
): Promise<boolean> {
  if (client === undefined) return (await service.store.apps.get(app)) !== undefined;
  if (grant === null) {
    const found = await findAccess(service, app, token);
    // A client that acts for a user of its own may have been given another one since.
    return found !== undefined && found.user === user;
  }
  const [kept, owner] = [await grants.get(service, app, grant), await findClient(service, client)];
  return kept !== undefined && owner !== undefined;
}

/** With all that came of the same login. */
export async function revokeAccess(service: Service, bearer: Bearer): Promise<void> {
  await accessTokens.take(service, bearer.app, bearer.token);
  if (bearer.grant !== null) await grants.take(service, bearer.app, bearer.grant);
  service.oauth.changes.tell(bearer.app);
}

async function findAccess(service: Service, app: string, token: string): Promise<Bearer | undefined> {
  const kept = await accessTokens.get(service, app, token);
  if (kept === undefined) return undefined;
  const { client, user, grant } = kept.value;
  const owner = await findClient(service, client);
  if (owner === undefined) return undefined;
  if (grant !== null && (await grants.get(service, app, grant)) === undefined) return undefined;
  return {
    app,
    user: user ?? owner.user ?? undefined,
    client,
    token,
    grant,
    expiresAt: kept.expiresAt ?? Number.POSITIVE_INFINITY,
  };
}

async function addTokens(
  service: Service,
  client: OAuthClient,
  { user, grant }: { user: string; grant: string },
): Promise<IssuedTokens> {
  const access = await addAccess(service, client, { user, grant }, lifetimes.refreshedAccess);
  if (!client.grantTypes.includes('refresh_token')) return access;
  const { id, text } = newOpaque('refresh', client.app);
  const value = { client: client.id, grant };
  await refreshTokens.insert(service, client.app, { id, value, expiresAt: service.now() + lifetimes.grant });
  return { ...access, refreshToken: text };
}

async function addAccess(
  service: Service,
  client: OAuthClient,
  { user, grant }: { user: string | null; grant: string | null },
  lifeMs: number,
): Promise<IssuedTokens> {
  const { id, text } = newOpaque('access', client.app);
  const value = { client: client.id, user, grant };
  await accessTokens.insert(service, client.app, { id, value, expiresAt: service.now() + lifeMs });
  return { accessToken: text, expiresInSeconds: lifeMs / 1_000 };
}

async function endGrant(service: Service, app: string, grant: string): Promise<void> {
  await grants.take(service, app, grant);
  service.oauth.changes.tell(app);
}

function refuseGrant(message: string): never {
  throw new OAuthError('invalid_grant', message);
}
