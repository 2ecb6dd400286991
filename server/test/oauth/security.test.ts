/** Attacks on signing in from outside of a login: the server's own name, forgotten sessions, and names that name others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { devProblem } from '../../src/cli/security_flags.js';
import {
  Browser,
  type Client,
  identityToken,
  locationOf,
  loginRequest,
  type OAuthWorld,
  openOAuthWorld,
  pkce,
  redirectUri,
  signIn,
} from './oauth_world.js';

let world: OAuthWorld;
let client: Client;
beforeAll(async () => {
  world = await openOAuthWorld();
  client = await world.client();
});
afterAll(() => world.close());

const asked = (id = client.id) => ({
  client_id: id,
  redirect_uri: redirectUri,
  response_type: 'code',
  state: 's',
  ...pkce().query,
});

const authorizeAs = (to: OAuthWorld, id: string, headers: Readonly<Record<string, string>>) =>
  to.http.inject({ url: `/oauth/authorize?${new URLSearchParams(asked(id))}`, headers });

const recordsOf = async (kind: string) =>
  (await world.service.store.records.list(world.app, kind, '', world.clock.now)).length;

describe('promise 8: the signed return_to leads to this service alone', () => {
  test('a forged Host gets no login request that sends identity tokens elsewhere', async () => {
    const hosts = [
      'evil.example',
      'localhost.evil.example',
      'localhost@evil.example',
      'evil.example\\@localhost',
    ];
    for (const host of hosts) {
      const answer = await authorizeAs(world, client.id, { host });
      expect([answer.statusCode, answer.headers.location], host).toEqual([400, undefined]);
    }
  });

  test('neither does an X-Forwarded-Host that a proxy passes on', async () => {
    const proxied = await openOAuthWorld({ config: { trustProxy: true } });
    const { id } = await proxied.client();
    const answer = await authorizeAs(proxied, id, { 'x-forwarded-host': 'evil.example' });
    expect([answer.statusCode, answer.headers.location]).toEqual([400, undefined]);
    await proxied.close();
  });

  test('with a public URL, a login request names that one, whatever the Host', async () => {
    const known = await openOAuthWorld({ config: { publicUrl: 'https://login.example.com/' } });
    const { id } = await known.client();
    const { returnTo } = loginRequest(await authorizeAs(known, id, { host: 'evil.example' }));
    expect(returnTo).toMatch(/^https:\/\/login\.example\.com\/oauth\/callback\?nonce=/);
    await known.close();
  });

  test('the development page is for this machine alone: a name that was bound to it gets none', async () => {
    const dev = await openOAuthWorld({ config: { dev: true } });
    const { id } = await dev.client({}, dev.otherApp);
    expect((await authorizeAs(dev, id, { host: 'rebound.example:8080' })).statusCode).toBe(400);
    for (const host of ['localhost:8080', 'login.localhost:8080', '127.0.0.1:8080', '[::1]:8080'])
      expect((await authorizeAs(dev, id, { host })).statusCode, host).toBe(200);
    await dev.close();
  });
});

describe('promise 8: nobody becomes somebody else by what they are called', () => {
  test('an identity token for a user who is called like the URI of another', async () => {
    const browser = new Browser(world);
    const { nonce, returnTo } = loginRequest(await browser.authorize(asked()));
    const token = await identityToken(world, nonce, { claims: { sub: 'layer:///identities/boss' } });
    const answer = await browser.get(`${returnTo}&id_token=${token}`);
    expect([answer.statusCode, answer.headers.location]).toEqual([400, undefined]);
  });

  test('a client that stands for a user who is called so', async () => {
    const user = { name: 'x', grant_types: ['client_credentials'], user_id: 'layer:///identities/boss' };
    const path = `/admin/apps/${world.app}/oauth_clients`;
    const answer = await world.send('POST', path, { token: world.adminToken, body: user });
    expect(answer.json()).toMatchObject({ code: 105, data: { property: 'user_id' } });
  });
});

describe('a client that was changed while somebody signed in', () => {
  test('gets no token by a grant that was taken from it', async () => {
    const { id } = await world.client({ grant_types: ['implicit'] });
    const browser = world.browser();
    const { nonce, returnTo } = loginRequest(
      await browser.authorize({ client_id: id, redirect_uri: redirectUri, response_type: 'token' }),
    );
    const body = { grant_types: ['authorization_code'] };
    const path = `/admin/apps/${world.app}/oauth_clients/${id}`;
    expect((await world.send('PATCH', path, { token: world.adminToken, body })).statusCode).toBe(200);
    const answer = await browser.get(`${returnTo}&id_token=${await identityToken(world, nonce)}`);
    expect([answer.statusCode, answer.headers.location]).toEqual([400, undefined]);
  });
});

test('development mode does not go with an address that others reach', () => {
  const flags = { host: '127.0.0.1', dev: true };
  expect(devProblem({ ...flags, publicUrl: 'https://badges.example.com' })).toMatch(/--public-url/);
  expect(devProblem({ ...flags, publicUrl: 'https://login.localhost:8080' })).toBeUndefined();
});

describe('a removed login page', () => {
  test('nobody signs in any more, not even with a session from before', async () => {
    const closing = await openOAuthWorld();
    const { id } = await closing.client();
    const browser = closing.browser();
    await signIn(closing, browser, asked(id));
    expect(locationOf(await browser.authorize(asked(id)))).toContain('code=');
    await closing.send('DELETE', `/admin/apps/${closing.app}/login`, { token: closing.adminToken });
    const answer = await browser.authorize(asked(id));
    expect([answer.statusCode, answer.headers.location]).toEqual([400, undefined]);
    await closing.close();
  });
});

describe('nothing is kept for whoever only asks', () => {
  test('a sign-in that nobody finished writes nothing, also when it comes back refused', async () => {
    const before = await recordsOf('oauth_sign_in_finished');
    const browser = world.browser();
    const { returnTo } = loginRequest(await browser.authorize(asked()));
    expect(locationOf(await browser.get(`${returnTo}&error=access_denied`))).toContain('error=access_denied');
    expect(await recordsOf('oauth_sign_in_finished')).toBe(before);
  });

  test('codes that nobody uses leave no grants behind', async () => {
    const browser = world.browser();
    const before = await recordsOf('oauth_grant');
    await signIn(world, browser, asked());
    for (let again = 0; again < 5; again += 1) await browser.authorize(asked());
    expect(await recordsOf('oauth_grant')).toBe(before + 6);
    world.clock.now += 61_000;
    expect(await recordsOf('oauth_grant')).toBe(before);
  });
});
