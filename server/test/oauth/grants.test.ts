/** The grants as they should go, each by the letter of its RFC. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversationOf, messageFrom } from '../http/world.js';
import {
  type Client,
  codeLogin,
  locationOf,
  loginRequest,
  type OAuthWorld,
  openOAuthWorld,
  pkce,
  redirectUri,
  signIn,
} from './oauth_world.js';

let world: OAuthWorld;
beforeAll(async () => {
  world = await openOAuthWorld();
});
afterAll(() => world.close());

describe('client credentials (RFC 6749, section 4.4)', () => {
  test('a client gets a token that stands for nobody, and is told so', async () => {
    const client = await world.client({ grant_types: ['client_credentials'], redirect_uris: [] });
    const answer = await world.exchange({ grant_type: 'client_credentials' }, client);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { access_token, token_type, expires_in } = answer.json();
    expect([token_type, expires_in]).toEqual(['bearer', 86_400]);
    const me = await world.api('GET', '/tokens/me', access_token);
    expect(me.json()).toMatchObject({
      organization: { id: world.app, name: 'first' },
      OAuthClient: { id: client.id },
    });
    for (const path of ['/badges/chats', '/users/me']) {
      const refused = await world.api('GET', path, access_token);
      expect(refused.statusCode).toBe(403);
      expect(refused.json()).toMatchObject({ code: 'not.authorized', status: 403 });
      expect(refused.json().message).toMatch(/stands for no user.*user_id on the OAuth client/);
    }
  });

  test('a client that was created for a user stands for that user, and for another once that is changed', async () => {
    const client = await world.client({ grant_types: ['client_credentials'], user_id: 'ann' });
    const { access_token } = (await world.exchange({ grant_type: 'client_credentials' }, client)).json();
    const me = async () => (await world.api('GET', '/users/me', access_token)).json();
    expect(await me()).toEqual({ id: 'ann', name: 'ann', chat: { jabberId: `ann@${world.app}.badged` } });
    const url = `/admin/apps/${world.app}/oauth_clients/${client.id}`;
    await world.send('PATCH', url, { token: world.adminToken, body: { user_id: 'bob' } });
    expect((await me()).id).toBe('bob');
  });
});

describe('authorization code of a client with a secret, as the vendor’s SDK uses it: without PKCE', () => {
  /** What loginCodeAuthorizationGrant sends: the client and its secret as Basic, and nothing about PKCE. */
  async function loginOf(client: Client, more: Readonly<Record<string, string>> = {}) {
    const asked = { client_id: client.id, redirect_uri: redirectUri, response_type: 'code' };
    const code = (await signIn(world, world.browser(), asked, 'ann')).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...more };
    return { form, answer: await world.exchange(form, client) };
  }

  test('the token is the user’s, it is refreshed, and the code is good once', async () => {
    const client = await world.client({ confidential: true });
    const { form, answer } = await loginOf(client);
    const { access_token, refresh_token } = answer.json();
    expect((await world.api('GET', '/users/me', access_token)).json().id).toBe('ann');
    const refreshed = await world.exchange({ grant_type: 'refresh_token', refresh_token }, client);
    expect(refreshed.statusCode).toBe(200);
    expect((await world.exchange(form, client)).json().error).toBe('invalid_grant');
    expect((await world.api('GET', '/users/me', access_token)).statusCode).toBe(401);
  });

  test('a verifier without a challenge is refused: the challenge was removed on its way', async () => {
    const client = await world.client({ confidential: true });
    const { answer } = await loginOf(client, { code_verifier: pkce().verifier });
    expect(answer.json().error).toBe('invalid_grant');
  });

  test('a client with a secret that sent a challenge must send the verifier', async () => {
    const client = await world.client({ confidential: true });
    const { verifier: _, query } = pkce();
    const asked = { client_id: client.id, redirect_uri: redirectUri, response_type: 'code', ...query };
    const code = (await signIn(world, world.browser(), asked, 'ann')).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    expect((await world.exchange(form, client)).json().error).toBe('invalid_request');
  });

  test('a client without a secret needs PKCE', async () => {
    const client = await world.client();
    const asked = { client_id: client.id, redirect_uri: redirectUri, response_type: 'code' };
    const back = new URL(locationOf(await world.browser().authorize(asked)));
    expect(back.searchParams.get('error')).toBe('invalid_request');
  });
});

describe('authorization code with PKCE (RFC 7636)', () => {
  test('the way there and back, with the state as it was', async () => {
    const client = await world.client();
    const state = 'a b&c=d#e%20?+é💬';
    const asked = {
      client_id: client.id,
      redirect_uri: redirectUri,
      response_type: 'code',
      state,
      ...pkce().query,
    };
    const end = await signIn(world, world.browser(), asked);
    expect(`${end.origin}${end.pathname}`).toBe('https://pages.example/after-login');
    expect(end.searchParams.get('keep')).toBe('1');
    expect(end.searchParams.get('state')).toBe(state);
    expect(end.hash).toBe('');
  });

  test('the token is the user’s, and a refresh token gives the next one', async () => {
    const client = await world.client();
    const first = await codeLogin(world, client, 'ann@example.com');
    expect(first.answer.json()).toMatchObject({ token_type: 'bearer', expires_in: 3_600 });
    expect((await world.api('GET', '/users/me', first.access_token)).json().id).toBe('ann@example.com');
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const second = (await world.exchange(form, client)).json();
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await world.api('GET', '/users/me', second.access_token)).json().id).toBe('ann@example.com');
  });

  test('the app’s login page is sent a request that it can verify', async () => {
    const client = await world.client();
    const asked = {
      client_id: client.id,
      redirect_uri: redirectUri,
      response_type: 'code',
      login_hint: 'ann',
      ...pkce().query,
    };
    const { url, request, nonce } = loginRequest(await world.browser().authorize(asked));
    expect(`${url.origin}${url.pathname}`).toBe('https://app.example/login');
    expect(url.searchParams.get('from')).toBe('badged');
    const keys = createLocalJWKSet((await world.http.inject('/oauth/jwks')).json());
    const { payload } = await jwtVerify(request, keys, {
      audience: 'https://app.example/login?from=badged',
      issuer: `badged:${world.app}`,
      currentDate: new Date(world.clock.now),
    });
    expect(decodeProtectedHeader(request).alg).toBe('ES256');
    expect(payload).toMatchObject({ nonce, client_id: client.id, login_hint: 'ann' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
  });

  test('who signed in a while ago is not sent to the login page again, unless the client asks for it', async () => {
    const client = await world.client();
    const browser = world.browser();
    const asked = { client_id: client.id, redirect_uri: redirectUri, response_type: 'code', ...pkce().query };
    await signIn(world, browser, asked);
    expect(locationOf(await browser.authorize(asked))).toMatch(/^https:\/\/pages\.example\/.*code=/);
    expect(locationOf(await browser.authorize({ ...asked, prompt: 'login' }))).toMatch(
      /^https:\/\/app\.example\//,
    );
    const none = await world.browser().authorize({ ...asked, prompt: 'none' });
    expect(locationOf(none)).toContain('error=login_required');
    const out = await browser.get(
      `/logout?${new URLSearchParams({ client_id: client.id, redirect_uri: redirectUri })}`,
    );
    expect(locationOf(out)).toBe(redirectUri);
    expect(locationOf(await browser.authorize(asked))).toMatch(/^https:\/\/app\.example\//);
  });

  test('a user who does not sign in is told of to the client', async () => {
    const client = await world.client();
    const browser = world.browser();
    const asked = {
      client_id: client.id,
      redirect_uri: redirectUri,
      response_type: 'code',
      state: 's',
      ...pkce().query,
    };
    const { returnTo } = loginRequest(await browser.authorize(asked));
    const end = new URL(locationOf(await browser.get(`${returnTo}&error=access_denied`)));
    expect(end.searchParams.get('error')).toBe('access_denied');
    expect(end.searchParams.get('state')).toBe('s');
  });
});

describe('implicit (RFC 6749, section 4.2)', () => {
  test('a client that was created for it gets its token in the fragment', async () => {
    const client = await world.client({ grant_types: ['implicit'] });
    const asked = { client_id: client.id, redirect_uri: redirectUri, response_type: 'token', state: 's&x=1' };
    const end = await signIn(world, world.browser(), asked);
    const fragment = new URLSearchParams(end.hash.slice(1));
    expect(end.searchParams.has('access_token')).toBe(false);
    expect([...fragment.keys()].sort()).toEqual(['access_token', 'expires_in', 'state', 'token_type']);
    expect(fragment.get('state')).toBe('s&x=1');
    expect((await world.api('GET', '/users/me', fragment.get('access_token') ?? '')).json().id).toBe('ann');
  });
});

describe('what ends a token', () => {
  test('DELETE /tokens/me revokes it with all that came of the same login', async () => {
    const client = await world.client();
    const { access_token, refresh_token } = await codeLogin(world, client);
    expect((await world.api('DELETE', '/tokens/me', access_token)).statusCode).toBe(204);
    expect((await world.api('GET', '/tokens/me', access_token)).statusCode).toBe(401);
    const again = await world.exchange({ grant_type: 'refresh_token', refresh_token }, client);
    expect(again.json().error).toBe('invalid_grant');
  });

  test('its client is deleted', async () => {
    const client = await world.client();
    const { access_token } = await codeLogin(world, client);
    await world.send('DELETE', `/admin/apps/${world.app}/oauth_clients/${client.id}`, {
      token: world.adminToken,
    });
    const refused = await world.api('GET', '/tokens/me', access_token);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Bearer');
  });

  test('its time', async () => {
    const client = await world.client();
    const { access_token } = await codeLogin(world, client);
    world.clock.now += 3_600_000;
    expect((await world.api('GET', '/tokens/me', access_token)).json()).toMatchObject({
      code: 'authentication.required',
      status: 401,
    });
  });
});

describe('the main API and this one', () => {
  test('promise 8: an OAuth token opens /api/v2 only; a user token is as good there, and cannot be revoked', async () => {
    const { access_token } = await codeLogin(world, await world.client());
    const main = await world.inApp('GET', '/users/ann/badge', { token: access_token });
    expect([main.statusCode, main.json().id]).toEqual([403, 'access_denied']);
    const user = await world.userToken('ann');
    expect((await world.api('GET', '/users/me', user)).json().id).toBe('ann');
    expect((await world.api('DELETE', '/tokens/me', user)).statusCode).toBe(403);
    for (const token of [world.token, world.adminToken])
      expect((await world.api('GET', '/users/me', token)).statusCode).toBe(403);
  });

  test('both count the same', async () => {
    const chat = await conversationOf(world, 'sum', 'x', 'y');
    for (const user of ['x', 'y', 'x']) await messageFrom(world, chat, user);
    const token = await world.userToken('sum');
    const { entities } = (await world.api('GET', '/badges/chats', token)).json();
    const { unread_message_count } = (await world.inApp('GET', '/users/sum/badge')).json();
    expect(entities.map((each: { unreadCount: number }) => each.unreadCount)).toEqual([unread_message_count]);
  });
});

test('nobody makes the service write anything before it is known who they are', async () => {
  const client = await world.client();
  const written: string[] = [];
  const { records } = world.service.store;
  const insert = records.insert.bind(records);
  records.insert = (app, kind, record, now) => {
    written.push(kind);
    return insert(app, kind, record, now);
  };
  const asked = { client_id: client.id, redirect_uri: redirectUri, response_type: 'code', ...pkce().query };
  const browser = world.browser();
  await browser.authorize(asked);
  expect(written).toEqual([]);
  const long = await browser.authorize({ ...asked, state: 'x'.repeat(5_000) });
  expect(new URL(locationOf(long)).searchParams.get('error')).toBe('invalid_request');
  await signIn(world, browser, { ...asked, state: 'x'.repeat(1_000) });
  expect(written).toContain('oauth_code');
  records.insert = insert;
});
