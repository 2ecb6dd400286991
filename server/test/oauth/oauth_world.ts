/**
 * A service with an app that signs its users in: the real HTTP application, the app's own key, and a browser that
 * keeps cookies. What an app's login page would do is done by signIn().
 */
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { decodeJwt, exportJWK, SignJWT } from 'jose';
import { audienceOf } from '../../src/service/oauth/sign_in.js';
import { openWorld, type World, type WorldOptions } from '../http/world.js';

export const redirectUri = 'https://pages.example/after-login?keep=1';
export const otherRedirectUri = 'https://pages.example/elsewhere';

export interface Client {
  readonly id: string;
  readonly secret: string | null;
}

export interface OAuthWorld extends World {
  /** The app's key pair for identity tokens. */
  readonly keys: ReturnType<typeof keyPair>;
  client(fields?: object, app?: string): Promise<Client>;
  exchange(form: Readonly<Record<string, string>>, client?: Client): Promise<LightMyRequestResponse>;
  api(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    token: string,
    body?: unknown,
  ): ReturnType<World['send']>;
  browser(): Browser;
}

export async function openOAuthWorld(options: WorldOptions = {}): Promise<OAuthWorld> {
  const world = await openWorld(options);
  const keys = keyPair('ec');
  const admin = { token: world.adminToken };
  const body = { url: 'https://app.example/login?from=badged', keys: [await publicJwk(keys)] };
  await world.send('PUT', `/admin/apps/${world.app}/login`, { ...admin, body });
  return {
    ...world,
    keys,
    async client(fields = {}, app = world.app) {
      const settings = { name: 'pages', redirect_uris: [redirectUri], ...fields };
      const made = await world.send('POST', `/admin/apps/${app}/oauth_clients`, { ...admin, body: settings });
      if (made.statusCode !== 201) throw new Error(made.body);
      return made.json();
    },
    exchange: (form, client) =>
      world.http.inject({
        method: 'POST',
        url: '/oauth/token',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(client?.secret == null ? {} : { authorization: basic(client) }),
        },
        payload: new URLSearchParams({
          ...(client !== undefined && client.secret === null ? { client_id: client.id } : {}),
          ...form,
        }).toString(),
      }),
    api: (method, path, token, sent) =>
      world.send(method, `/api/v2${path}`, { token, ...(sent === undefined ? {} : { body: sent }) }),
    browser: () => new Browser(world),
  };
}

export function basic({ id, secret }: Client): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

export function keyPair(type: 'ec' | 'rsa') {
  return type === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

export async function publicJwk({ publicKey }: ReturnType<typeof keyPair>) {
  return { ...(await exportJWK(publicKey)), kid: 'key-1' };
}

/** PKCE (RFC 7636). */
export function pkce() {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return { verifier, query: { code_challenge: challenge, code_challenge_method: 'S256' } };
}

/** Follows nothing by itself, and keeps cookies as a browser does. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async get(url: string): Promise<LightMyRequestResponse> {
    return this.#keep(
      await this.#world.http.inject({ method: 'GET', url: pathOf(url), headers: this.#headers() }),
    );
  }

  async post(url: string, form: Readonly<Record<string, string>>): Promise<LightMyRequestResponse> {
    const headers = { ...this.#headers(), 'content-type': 'application/x-www-form-urlencoded' };
    const payload = new URLSearchParams(form).toString();
    return this.#keep(await this.#world.http.inject({ method: 'POST', url: pathOf(url), headers, payload }));
  }

  authorize(parameters: Readonly<Record<string, string>>): Promise<LightMyRequestResponse> {
    return this.get(`/oauth/authorize?${new URLSearchParams(parameters)}`);
  }

  #headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return cookie === '' ? {} : { cookie };
  }

  #keep(answer: LightMyRequestResponse): LightMyRequestResponse {
    for (const { name, value } of answer.cookies) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url, 'http://localhost');
  return pathname + search;
}

/** What the app's login page is sent. */
export function loginRequest(answer: LightMyRequestResponse) {
  const url = new URL(locationOf(answer));
  const request = url.searchParams.get('request') ?? '';
  const { nonce, return_to } = decodeJwt(request);
  return { url, request, nonce: String(nonce), returnTo: String(return_to) };
}

export function locationOf({ headers }: LightMyRequestResponse): string {
  return String(headers.location);
}

/** The identity token as the app should make it, or as somebody else would. */
export async function identityToken(
  world: OAuthWorld,
  nonce: string,
  changed: {
    claims?: Readonly<Record<string, unknown>>;
    alg?: string;
    key?: Parameters<SignJWT['sign']>[0];
    kid?: string;
  } = {},
): Promise<string> {
  const now = Math.floor(world.clock.now / 1_000);
  const claims = {
    sub: 'ann',
    aud: audienceOf(world.app),
    nonce,
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
  };
  const entries = Object.entries({ ...claims, ...changed.claims }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(entries))
    .setProtectedHeader({ alg: changed.alg ?? 'ES256', ...(changed.kid && { kid: changed.kid }) })
    .sign(changed.key ?? world.keys.privateKey);
}

/** The whole way: to the authorization endpoint, the app's login page, and back. Answers where it ends. */
export async function signIn(
  world: OAuthWorld,
  browser: Browser,
  parameters: Readonly<Record<string, string>>,
  user = 'ann',
): Promise<URL> {
  const { nonce, returnTo } = loginRequest(await browser.authorize(parameters));
  const token = await identityToken(world, nonce, { claims: { sub: user } });
  const back = await browser.get(`${returnTo}&id_token=${token}`);
  if (back.statusCode !== 303) throw new Error(`${back.statusCode} ${back.body}`);
  return new URL(locationOf(back));
}

/** An access token of a user by authorization code and PKCE. */
export async function codeLogin(world: OAuthWorld, client: Client, user = 'ann') {
  const { verifier, query } = pkce();
  const asked = {
    client_id: client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    state: 's',
    ...query,
  };
  const code = (await signIn(world, world.browser(), asked, user)).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const answer = await world.exchange(form, client);
  return { code, verifier, form, answer, ...answer.json<{ access_token: string; refresh_token: string }>() };
}
