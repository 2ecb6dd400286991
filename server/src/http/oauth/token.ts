/** The token endpoint (RFC 6749, section 3.2). */
import type { FastifyInstance } from 'fastify';
import type { Parameters } from '../../service/oauth/authorization.js';
import { findClient, isSecretOf, type OAuthClient } from '../../service/oauth/clients.js';
import { type IssuedTokens, issueAccess, redeemCode, refresh } from '../../service/oauth/grants.js';
import { OAuthError } from '../../service/oauth/oauth_error.js';
import type { Service } from '../../service/service.js';
import { formatErrors } from '../foundation/error_handler.js';
import { readForms } from '../foundation/form_body.js';
import type { BodyReader } from '../foundation/request_body.js';
import { tokenFormat } from './errors.js';
import { parametersOf } from './parameters.js';

export function addTokenEndpoint(app: FastifyInstance, service: Service, bodies: BodyReader): void {
  app.register(async (scope) => {
    readForms(scope, bodies);
    formatErrors(scope, tokenFormat);
    const config = { access: 'public' as const };
    const options = { config, schema: { hide: true } };
    scope.post('/oauth/token', options, async (request, reply) => {
      const parameters = parametersOf(request.body);
      const client = await authenticate(service, request.headers.authorization, parameters);
      const tokens = await grant(service, client, parameters);
      return reply.header('pragma', 'no-cache').send(tokenResponse(tokens));
    });
  });
}

async function grant(service: Service, client: OAuthClient, parameters: Parameters): Promise<IssuedTokens> {
  const type = required(parameters, 'grant_type');
  switch (type) {
    case 'client_credentials':
      requireGrant(client, type);
      return issueAccess(service, client, null);
    case 'authorization_code':
      requireGrant(client, type);
      return redeemCode(service, client, {
        code: required(parameters, 'code'),
        redirectUri: required(parameters, 'redirect_uri'),
        verifier: parameters('code_verifier'),
      });
    case 'refresh_token':
      requireGrant(client, type);
      return refresh(service, client, required(parameters, 'refresh_token'));
    default:
      throw new OAuthError(
        'unsupported_grant_type',
        'grant_type must be client_credentials, authorization_code or refresh_token.',
      );
  }
}

/** A client with a secret must send it with every request; one without is identified by its id alone. */
async function authenticate(
  service: Service,
  header: string | undefined,
  parameters: Parameters,
): Promise<OAuthClient> {
  const basic = basicCredentials(header);
  const id = basic?.id ?? parameters('client_id');
  const secret = basic?.secret ?? parameters('client_secret');
  const client = id === undefined ? undefined : await findClient(service, id);
  const isAuthenticated =
    client !== undefined && (client.secretHash === null || isSecretOf(client, secret ?? ''));
  if (!isAuthenticated)
    throw new OAuthError('invalid_client', 'The client_id does not exist, or the secret is wrong.');
  if (basic !== undefined && (parameters('client_id') ?? basic.id) !== basic.id)
    throw new OAuthError('invalid_request', 'client_id differs from the client of the Authorization header.');
  return client;
}

/** Our ids and secrets have no characters that the form encoding of RFC 6749, section 2.3.1, would change. */
function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, id = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return { id, secret };
}

function requireGrant(client: OAuthClient, type: OAuthClient['grantTypes'][number]): void {
  // Only a client with a secret may use client credentials.
  const isAllowed =
    client.grantTypes.includes(type) && (type !== 'client_credentials' || client.secretHash !== null);
  if (!isAllowed)
    throw new OAuthError(
      'unauthorized_client',
      `This client may not use the grant ${type}. Add it to its grant_types.`,
    );
}

function required(parameters: Parameters, name: string): string {
  const value = parameters(name);
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing.`);
  return value;
}

function tokenResponse({ accessToken, expiresInSeconds, refreshToken }: IssuedTokens) {
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: expiresInSeconds,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  };
}
