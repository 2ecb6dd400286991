/** The token endpoint (RFC 6749, section 3.2). */
import { limits } from '@badged/core';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Parameters } from '../../service/oauth/authorization.js';
import { findClient, isSecretOf, type OAuthClient } from '../../service/oauth/clients.js';
import { type IssuedTokens, issueAccess, redeemCode, refresh } from '../../service/oauth/grants.js';
import { OAuthError } from '../../service/oauth/oauth_error.js';
import type { Service } from '../../service/service.js';
import { foreseen } from '../foundation/errors.js';
import { parametersOf } from './parameters.js';

export function addTokenEndpoint(app: FastifyInstance, service: Service): void {
  app.register(async (scope) => {
    await scope.register(formbody, { bodyLimit: limits.ownBodyBytes });
    scope.setErrorHandler((error, request, reply) => sendOAuthError(error, request, reply));
    const config = { access: 'public' as const };
    const options = { config, bodyLimit: limits.ownBodyBytes, schema: { hide: true } };
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
        verifier: required(parameters, 'code_verifier'),
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

function sendOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof OAuthError) {
    const isClient = error.code === 'invalid_client';
    if (isClient) reply.header('www-authenticate', 'Basic realm="oauth"');
    return reply.code(isClient ? 401 : 400).send({ error: error.code, error_description: error.message });
  }
  const known = foreseen(error);
  if (known === undefined) request.log.error({ err: error, route: '/oauth/token' }, 'request failed');
  const status = known?.status ?? 500;
  const code = status === 503 ? 'temporarily_unavailable' : status < 500 ? 'invalid_request' : 'server_error';
  const text = known === undefined ? 'An internal error occurred.' : tokenErrorText(status, known.message);
  return reply
    .code(status)
    .headers(known?.headers ?? {})
    .send({ error: code, error_description: text });
}

/** The general message about bodies asks for JSON, which is wrong here. */
function tokenErrorText(status: number, message: string): string {
  return status === 400 ? 'The body must be a form: application/x-www-form-urlencoded.' : message;
}
