/**
 * Checks authorization requests (RFC 6749, sections 4.1.1 and 4.2.1), and makes the redirects that respond to them.
 * The redirect URI is checked first: only then may an error be sent to it.
 */
import type { Service } from '../service.js';
import { findClient, type OAuthClient } from './clients.js';
import { issueAccess, issueCode } from './grants.js';
import { OAuthError } from './oauth_error.js';
import { withFragment, withQuery } from './redirect_uri.js';
import { type Authorization, SignInError } from './sign_in.js';

export type Parameters = (name: string) => string | undefined;

export interface RedirectTarget {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly state: string | null;
  /** Whether the result goes into the fragment, not the query. */
  readonly inFragment: boolean;
}

/** @throws SignInError if the client or the redirect URI is unknown: the browser must not be redirected. */
export async function findRedirectTarget(service: Service, parameters: Parameters): Promise<RedirectTarget> {
  const client = await findClient(service, parameters('client_id') ?? '');
  if (client === undefined) throw new SignInError('The client_id does not exist.');
  const redirectUri = parameters('redirect_uri');
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri))
    throw new SignInError('The redirect_uri is not registered for this client. It must match exactly.');
  const state = parameters('state') ?? null;
  return { client, redirectUri, state, inFragment: parameters('response_type') === 'token' };
}

/** @throws OAuthError, which may be sent to the redirect URI. */
export function parseAuthorization(
  { client, redirectUri, state }: RedirectTarget,
  parameters: Parameters,
): Authorization {
  const responseType = parameters('response_type');
  if (responseType !== 'code' && responseType !== 'token')
    throw new OAuthError('unsupported_response_type', 'response_type must be code or token.');
  const grant = grantOf(responseType);
  if (!client.grantTypes.includes(grant))
    throw new OAuthError(
      'unauthorized_client',
      `This client may not use the grant ${grant}. Add it to its grant_types.`,
    );
  const challenge = responseType === 'code' ? challengeOf(client, parameters) : '';
  const loginHint = parameters('login_hint') ?? null;
  return { client: client.id, redirectUri, responseType, state, challenge, loginHint };
}

/** Issues the code or token, and returns the URL that brings it to the client. */
export async function approve(service: Service, authorization: Authorization, user: string): Promise<string> {
  const { redirectUri, responseType, state, challenge } = authorization;
  const client = await findClient(service, authorization.client);
  // The client may have changed while the user signed in.
  const isUnchanged =
    client?.redirectUris.includes(redirectUri) && client.grantTypes.includes(grantOf(responseType));
  if (client === undefined || isUnchanged !== true)
    throw new SignInError('The client was deleted or changed during the sign-in.');
  const stateParameter = state === null ? {} : { state };
  if (responseType === 'code') {
    const code = await issueCode(service, client, { user, redirectUri, challenge });
    return withQuery(redirectUri, { code, ...stateParameter });
  }
  const { accessToken, expiresInSeconds } = await issueAccess(service, client, user);
  const token = { access_token: accessToken, expires_in: `${expiresInSeconds}`, token_type: 'bearer' };
  return withFragment(redirectUri, { ...token, ...stateParameter });
}

export function errorRedirectUrl(
  { redirectUri, state, inFragment }: Omit<RedirectTarget, 'client'>,
  { code, message }: OAuthError,
): string {
  const parameters = { error: code, error_description: message, ...(state === null ? {} : { state }) };
  return inFragment ? withFragment(redirectUri, parameters) : withQuery(redirectUri, parameters);
}

function grantOf(responseType: Authorization['responseType']) {
  return responseType === 'code' ? 'authorization_code' : 'implicit';
}

/**
 * Empty for a client that has a secret and sends no challenge: its secret protects the code. The vendor's SDK signs users in
 * at such a client, and cannot send a challenge.
 */
function challengeOf({ secretHash }: OAuthClient, parameters: Parameters): string {
  const challenge = parameters('code_challenge');
  if (challenge === undefined && secretHash !== null && parameters('code_challenge_method') === undefined)
    return '';
  if (challenge === undefined)
    throw new OAuthError(
      'invalid_request',
      'code_challenge is missing: a client without a secret needs PKCE.',
    );
  if (parameters('code_challenge_method') !== 'S256')
    throw new OAuthError('invalid_request', 'code_challenge_method must be S256.');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    throw new OAuthError('invalid_request', 'code_challenge must be a SHA-256 hash in base64url.');
  return challenge;
}
