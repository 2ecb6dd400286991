// OAuth as the double speaks it: implicit, client credentials, authorization code with PKCE, refresh. Its user is
// always at the login page already and agrees, unless the login hint says otherwise.

import { createHash } from 'node:crypto';
import {
  type HttpAnswer,
  type HttpCall,
  oauthError,
  onlyKnown,
  Refusal,
  requireContentType,
} from './http_call.js';
import { type IssuedTokens, secret, type TokenRegistry } from './token_registry.js';

export interface RegisteredClient {
  readonly id: string;
  readonly secret?: string;
  readonly grant: 'implicit' | 'pkce' | 'client_credentials';
}

interface IssuedCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
}

const LIFETIME_S = 3600;
/** A user with this hint declines. */
export const DECLINING_USER = 'declines@example.com';

export class OAuthEndpoints {
  readonly #clients: ReadonlyMap<string, RegisteredClient>;
  readonly #redirectUris: readonly string[];
  readonly #tokens: TokenRegistry;
  readonly #codes = new Map<string, IssuedCode>();

  constructor(clients: readonly RegisteredClient[], redirectUris: readonly string[], tokens: TokenRegistry) {
    this.#clients = new Map(clients.map((client) => [client.id, client]));
    this.#redirectUris = redirectUris;
    this.#tokens = tokens;
  }

  authorize(call: HttpCall): HttpAnswer {
    const known = ['client_id', 'redirect_uri', 'response_type', 'state', 'login_hint', 'prompt'];
    const query = strictly(call.url.searchParams, [...known, 'code_challenge', 'code_challenge_method']);
    const client = this.#clients.get(query.get('client_id') ?? '');
    const redirectUri = query.get('redirect_uri') ?? '';
    if (client === undefined || !this.#redirectUris.includes(redirectUri)) {
      return {
        status: 400,
        headers: { 'Content-Type': 'text/html' },
        body: 'Unknown client or redirect URI',
      };
    }
    const state = query.get('state');
    if (state === undefined) throw oauthError(400, 'invalid_request', 'A login without a state');
    const reply = this.#reply(client, redirectUri, query);
    const address = new URL(redirectUri);
    const parameters = new URLSearchParams({ ...reply, state });
    if (client.grant === 'implicit') address.hash = parameters.toString();
    else for (const [name, value] of parameters) address.searchParams.set(name, value);
    return { status: 302, headers: { Location: address.href } };
  }

  token(call: HttpCall): HttpAnswer {
    requireContentType(call, 'application/x-www-form-urlencoded');
    const known = ['grant_type', 'client_id', 'code', 'code_verifier', 'redirect_uri', 'refresh_token'];
    const form = strictly(new URLSearchParams(call.body), known);
    const issued = this.#grant(form, call);
    const body = { access_token: issued.accessToken, token_type: 'bearer', expires_in: LIFETIME_S };
    const refresh = issued.refreshToken === undefined ? {} : { refresh_token: issued.refreshToken };
    return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: { ...body, ...refresh } };
  }

  logout(call: HttpCall): HttpAnswer {
    const query = strictly(call.url.searchParams, ['client_id', 'redirect_uri']);
    const redirectUri = query.get('redirect_uri') ?? '';
    if (!this.#clients.has(query.get('client_id') ?? '') || !this.#redirectUris.includes(redirectUri)) {
      return {
        status: 400,
        headers: { 'Content-Type': 'text/html' },
        body: 'Unknown client or redirect URI',
      };
    }
    return { status: 302, headers: { Location: redirectUri } };
  }

  #reply(client: RegisteredClient, redirectUri: string, query: Map<string, string>): Record<string, string> {
    if (query.get('login_hint') === DECLINING_USER) {
      return { error: 'access_denied', error_description: 'The user said no' };
    }
    if (client.grant === 'implicit' && query.get('response_type') === 'token') {
      const { accessToken } = this.#tokens.issue(client.id, false);
      return { access_token: accessToken, expires_in: String(LIFETIME_S), token_type: 'bearer' };
    }
    if (client.grant !== 'pkce' || query.get('response_type') !== 'code') {
      return { error: 'unauthorized_client', error_description: 'This client uses another grant' };
    }
    const challenge = query.get('code_challenge') ?? '';
    if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
      return { error: 'invalid_request', error_description: 'PKCE with S256 is required' };
    }
    const code = secret();
    this.#codes.set(code, { clientId: client.id, redirectUri, challenge });
    return { code };
  }

  #grant(form: Map<string, string>, call: HttpCall): IssuedTokens {
    switch (form.get('grant_type')) {
      case 'client_credentials':
        return this.#tokens.issue(this.#authenticated(call).id, false);
      case 'authorization_code':
        return this.#redeem(form);
      case 'refresh_token': {
        const rotated = this.#tokens.rotate(form.get('refresh_token') ?? '', form.get('client_id') ?? '');
        if (rotated === undefined) throw oauthError(400, 'invalid_grant', 'The refresh token is not good');
        return rotated;
      }
      default:
        throw oauthError(400, 'unsupported_grant_type', 'Not a grant type of this service');
    }
  }

  #redeem(form: Map<string, string>): IssuedTokens {
    const code = form.get('code') ?? '';
    const issued = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (
      !/^[\w.~-]{43,128}$/.test(verifier) ||
      issued?.challenge !== challenge ||
      issued.clientId !== form.get('client_id') ||
      issued.redirectUri !== form.get('redirect_uri')
    ) {
      throw oauthError(400, 'invalid_grant', 'The code is not good');
    }
    return this.#tokens.issue(issued.clientId, true);
  }

  #authenticated(call: HttpCall): RegisteredClient {
    const credentials = /^Basic (.+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
    const [id = '', given] = Buffer.from(credentials, 'base64').toString().split(':');
    const client = this.#clients.get(id);
    if (client?.grant !== 'client_credentials' || client.secret !== given) {
      throw new Refusal({
        status: 401,
        headers: { 'WWW-Authenticate': 'Basic' },
        body: { error: 'invalid_client', error_description: 'Unknown client or wrong secret' },
      });
    }
    return client;
  }
}

function strictly(given: URLSearchParams, known: readonly string[]): Map<string, string> {
  return onlyKnown(given, known, (name) => {
    throw oauthError(400, 'invalid_request', `Unknown or repeated: ${name}`);
  });
}
