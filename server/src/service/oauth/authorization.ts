/**
 * Authorization requests (RFC 6749, sections 4.1.1 and 4.2.1): checked in two steps, because an error may be sent
 * to a redirect URI only after it is certain that the URI is the client's own; and answered.
 */
import type { Service } from '../service.js';
import { findClient, type OAuthClient } from './clients.js';
import { issueAccess, issueCode } from './grants.js';
import { OAuthError } from './oauth_error.js';
import { withFragment, withQuery } from './redirect_uri.js';
import { type Authorization, SignInError } from './sign_in.js';

export type Parameters = (name: string) => string | undefined;

export interface Destination {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly state: string | null;
  /** Whether the answer goes into the fragment. */
  readonly inFragment: boolean;
}

/** Throws SignInError where nobody may be sent anywhere. */
export async function destinationOf(service: Service, parameters: Parameters): Promise<Destination> {
  const client = await findClient(service, parameters('client_id') ?? '');
  if (client === undefined) throw new SignInError('There is no such client_id.');
  const redirectUri = parameters('redirect_uri');
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri))
    throw new SignInError('The redirect_uri is not registered for this client, character for character.');
  const state = parameters('state') ?? null;
  return { client, redirectUri, state, inFragment: parameters('response_type') === 'token' };
}

/** Throws OAuthError, which may be sent to the destination. */
export function authorizationOf(
  { client, redirectUri, state }: Destination,
  parameters: Parameters,
): Authorization {
  const responseType = parameters('response_type');
  if (responseType !== 'code' && responseType !== 'token')
    throw new OAuthError('unsupported_response_type', 'response_type must be code or token.');
  const grant = grantOf(responseType);
  if (!client.grantTypes.includes(grant))
    throw new OAuthError('unauthorized_client', `This client was not created for the grant ${grant}.`);
  const challenge = responseType === 'code' ? challengeOf(parameters) : '';
  const loginHint = parameters('login_hint') ?? null;
  return { client: client.id, redirectUri, responseType, state, challenge, loginHint };
}

/** The address at which the client gets what it asked for. */
export async function allow(service: Service, authorization: Authorization, user: string): Promise<string> {
  const { redirectUri, responseType, state, challenge } = authorization;
  const client = await findClient(service, authorization.client);
  // It may have been changed while the user signed in.
  const isAsBefore =
    client?.redirectUris.includes(redirectUri) && client.grantTypes.includes(grantOf(responseType));
  if (client === undefined || isAsBefore !== true)
    throw new SignInError('The client that asked was deleted or changed meanwhile.');
  const echoed = state === null ? {} : { state };
  if (responseType === 'code') {
    const code = await issueCode(service, client, { user, redirectUri, challenge });
    return withQuery(redirectUri, { code, ...echoed });
  }
  const { accessToken, expiresInSeconds } = await issueAccess(service, client, user);
  const token = { access_token: accessToken, expires_in: `${expiresInSeconds}`, token_type: 'bearer' };
  return withFragment(redirectUri, { ...token, ...echoed });
}

export function refusalAddress(
  { redirectUri, state, inFragment }: Omit<Destination, 'client'>,
  { code, message }: OAuthError,
): string {
  const answer = { error: code, error_description: message, ...(state === null ? {} : { state }) };
  return inFragment ? withFragment(redirectUri, answer) : withQuery(redirectUri, answer);
}

function grantOf(responseType: Authorization['responseType']) {
  return responseType === 'code' ? 'authorization_code' : 'implicit';
}

function challengeOf(parameters: Parameters): string {
  const challenge = parameters('code_challenge');
  if (challenge === undefined)
    throw new OAuthError('invalid_request', 'code_challenge is missing: PKCE is required.');
  if (parameters('code_challenge_method') !== 'S256')
    throw new OAuthError('invalid_request', 'code_challenge_method must be S256.');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    throw new OAuthError('invalid_request', 'code_challenge must be a SHA-256 in base64url.');
  return challenge;
}
