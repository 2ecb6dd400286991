/**
 * Grants, and their codes and tokens. A grant is one user's permission for one client; access and refresh tokens are
 * valid only while their grant exists, so deleting it revokes them all at once.
 */
import Type from 'typebox';
import type { Service } from '../service.js';
import { findClient, type OAuthClient } from './clients.js';
import { lifetimes } from './lifetimes.js';
import { OAuthError } from './oauth_error.js';
import { hashSecretText, newOpaqueToken, parseOpaqueToken } from './opaque_token.js';
import { collection } from './record_collection.js';

const Nullable = Type.Union([Type.String(), Type.Null()]);
const grants = collection('oauth_grant', Type.Object({ client: Type.String(), user: Type.String() }));
const accessTokens = collection(
  'oauth_access',
  // Without a grant, the token acts for its client's user.
  Type.Object({ client: Type.String(), user: Nullable, grant: Nullable }),
);
const refreshTokens = collection(
  'oauth_refresh',
  Type.Object({ client: Type.String(), grant: Type.String() }),
);
const usedRefreshTokens = collection('oauth_refresh_used', Type.Object({}));
const codes = collection(
  'oauth_code',
  Type.Object({
    client: Type.String(),
    grant: Type.String(),
    user: Type.String(),
    redirectUri: Type.String(),
    challenge: Type.String(),
  }),
);
const usedCodes = collection('oauth_code_used', Type.Object({}));

export interface IssuedTokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken?: string;
}

/** The user, client and grant of an access token. */
export interface Bearer {
  readonly app: string;
  /** Undefined if the token acts for no user. */
  readonly user: string | undefined;
  /** Undefined for a user token of the main API. */
  readonly client: string | undefined;
  readonly token: string;
  readonly grant: string | null;
  readonly expiresAt: number;
}

/** For client credentials (`user` is null: the client's user at the time of each use) and the implicit grant. */
export async function issueAccess(
  service: Service,
  client: OAuthClient,
  user: string | null,
): Promise<IssuedTokens> {
  return addAccess(service, client, { user, grant: null }, lifetimes.access);
}

export interface CodeDetails {
  readonly user: string;
  readonly redirectUri: string;
  /** The S256 challenge of PKCE (RFC 7636); empty if a client with a secret sent none. */
  readonly challenge: string;
}

/**
 * Creates the grant with the code, so that a second use of the code finds the grant to revoke. Until the code is used,
 * the grant expires with it, so that unused codes leave nothing behind.
 */
export async function issueCode(
  service: Service,
  client: OAuthClient,
  details: CodeDetails,
): Promise<string> {
  const { app } = client;
  const grant = service.newId();
  const { user } = details;
  const expiresAt = service.now() + lifetimes.code;
  await grants.insert(service, app, { id: grant, value: { client: client.id, user }, expiresAt });
  const code = newOpaqueToken('code', app);
  const value = { client: client.id, grant, ...details };
  await codes.insert(service, app, { id: code.id, value, expiresAt });
  return code.text;
}

interface CodeToRedeem {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string | undefined;
}

/**
 * Exchanges a code for tokens (RFC 6749, section 4.1.3, and RFC 7636, section 4.6). A second use of a code revokes the
 * tokens of the first.
 */
export async function redeemCode(
  service: Service,
  client: OAuthClient,
  { code: text, redirectUri, verifier }: CodeToRedeem,
): Promise<IssuedTokens> {
  const parsed = parseOpaqueToken('code', text);
  const code = parsed?.app === client.app ? await codes.get(service, client.app, parsed.id) : undefined;
  // A client with another client's code learns nothing, and the code remains valid for its own client.
  if (code === undefined || code.value.client !== client.id) refuseGrant('The code is wrong or expired.');
  const { grant, user, challenge } = code.value;
  if (verifier === undefined && (challenge !== '' || client.secretHash === null))
    throw new OAuthError('invalid_request', 'code_verifier is missing.');
  const used = { id: code.id, value: {}, expiresAt: service.now() + lifetimes.grant };
  if (!(await usedCodes.insert(service, client.app, used))) {
    await endGrant(service, client.app, grant);
    refuseGrant('The code was already used. The tokens that it gave are revoked.');
  }
  if (code.value.redirectUri !== redirectUri)
    refuseGrant('The redirect_uri differs from the one of the authorization request.');
  if (!isVerified(verifier, challenge)) refuseGrant('The code_verifier does not match the code_challenge.');
  const record = { id: grant, value: { client: client.id, user }, expiresAt: used.expiresAt };
  if (!(await grants.update(service, client.app, record))) refuseGrant('The code is wrong or expired.');
  return addTokens(service, client, { user, grant });
}

/** A verifier without a challenge is refused too: the challenge was removed on its way (RFC 9700, section 2.1.1). */
function isVerified(verifier: string | undefined, challenge: string): boolean {
  if (verifier === undefined) return challenge === '';
  return /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) && hashSecretText(verifier) === challenge;
}

/** RFC 9700, section 4.14.2: a refresh token is valid once. A second use means that it was stolen. */
export async function refresh(service: Service, client: OAuthClient, text: string): Promise<IssuedTokens> {
  const { app } = client;
  const parsed = parseOpaqueToken('refresh', text);
  const token = parsed?.app === app ? await refreshTokens.get(service, app, parsed.id) : undefined;
  if (token === undefined || token.value.client !== client.id)
    refuseGrant('The refresh token is wrong or expired.');
  const grant = await grants.get(service, app, token.value.grant);
  if (grant === undefined) refuseGrant('The refresh token is revoked.');
  const expiresAt = service.now() + lifetimes.grant;
  if (!(await usedRefreshTokens.insert(service, app, { id: token.id, value: {}, expiresAt }))) {
    await endGrant(service, app, grant.id);
    refuseGrant('The refresh token was already used. All tokens of this login are revoked.');
  }
  if (!(await grants.update(service, app, { ...grant, expiresAt })))
    refuseGrant('The refresh token is revoked.');
  return addTokens(service, client, { user: grant.value.user, grant: grant.id });
}

/** Undefined if the token is unknown, expired or revoked. */
export async function authenticateAccess(service: Service, text: string): Promise<Bearer | undefined> {
  const parsed = parseOpaqueToken('access', text);
  return parsed && findAccess(service, parsed.app, parsed.id);
}

/** Whether the token's grant still exists; without a grant, whether the token itself does. */
export async function isBearerValid(
  service: Service,
  { app, client, token, grant, user }: Pick<Bearer, 'app' | 'client' | 'token' | 'grant' | 'user'>,
): Promise<boolean> {
  if (client === undefined) return (await service.store.apps.get(app)) !== undefined;
  if (grant === null) {
    const found = await findAccess(service, app, token);
    // The client's user may have changed since.
    return found !== undefined && found.user === user;
  }
  const [record, owner] = [await grants.get(service, app, grant), await findClient(service, client)];
  return record !== undefined && owner !== undefined;
}

/** Revokes the token and all others of the same login. */
export async function revokeAccess(service: Service, bearer: Bearer): Promise<void> {
  await accessTokens.take(service, bearer.app, bearer.token);
  if (bearer.grant !== null) await grants.take(service, bearer.app, bearer.grant);
  const { app, token, grant } = bearer;
  service.oauth.changes.emit(
    grant === null ? { app, kind: 'token', id: token } : { app, kind: 'grant', id: grant },
  );
}

async function findAccess(service: Service, app: string, token: string): Promise<Bearer | undefined> {
  const record = await accessTokens.get(service, app, token);
  if (record === undefined) return undefined;
  const { client, user, grant } = record.value;
  const owner = await findClient(service, client);
  if (owner === undefined) return undefined;
  if (grant !== null && (await grants.get(service, app, grant)) === undefined) return undefined;
  return {
    app,
    user: user ?? owner.user ?? undefined,
    client,
    token,
    grant,
    expiresAt: record.expiresAt ?? Number.POSITIVE_INFINITY,
  };
}

async function addTokens(
  service: Service,
  client: OAuthClient,
  { user, grant }: { user: string; grant: string },
): Promise<IssuedTokens> {
  const access = await addAccess(service, client, { user, grant }, lifetimes.refreshedAccess);
  if (!client.grantTypes.includes('refresh_token')) return access;
  const { id, text } = newOpaqueToken('refresh', client.app);
  const value = { client: client.id, grant };
  await refreshTokens.insert(service, client.app, { id, value, expiresAt: service.now() + lifetimes.grant });
  return { ...access, refreshToken: text };
}

async function addAccess(
  service: Service,
  client: OAuthClient,
  { user, grant }: { user: string | null; grant: string | null },
  lifetimeMs: number,
): Promise<IssuedTokens> {
  const { id, text } = newOpaqueToken('access', client.app);
  const value = { client: client.id, user, grant };
  await accessTokens.insert(service, client.app, { id, value, expiresAt: service.now() + lifetimeMs });
  return { accessToken: text, expiresInSeconds: lifetimeMs / 1_000 };
}

async function endGrant(service: Service, app: string, grant: string): Promise<void> {
  await grants.take(service, app, grant);
  service.oauth.changes.emit({ app, kind: 'grant', id: grant });
}

function refuseGrant(message: string): never {
  throw new OAuthError('invalid_grant', message);
}
