/** OAuth clients and login pages over the admin API, and what is kept and shown of their secrets. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeLogin, type OAuthWorld, openOAuthWorld, publicJwk, redirectUri } from './oauth_world.js';

let world: OAuthWorld;
const lines: string[] = [];
beforeAll(async () => {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  world = await openOAuthWorld({ logger: pino({ level: 'trace' }, sink) });
});
afterAll(() => world.close());

const admin = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  world.send(method, `/admin/apps${path}`, {
    token: world.adminToken,
    ...(body === undefined ? {} : { body }),
  });

describe('clients', () => {
  test('are created, listed, read, changed and deleted; the secret is shown once', async () => {
    const url = `/${world.otherApp}/oauth_clients`;
    const body = { name: 'web', confidential: true, redirect_uris: [redirectUri, redirectUri] };
    const { secret, ...created } = (await admin('POST', url, body)).json();
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(created).toMatchObject({
      name: 'web',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [redirectUri],
      user_id: null,
      confidential: true,
    });
    expect((await admin('GET', url)).json()).toEqual([created]);
    expect((await admin('GET', `${url}/${created.id}`)).json()).toEqual(created);
    const changed = (await admin('PATCH', `${url}/${created.id}`, { name: 'site', user_id: 'ann' })).json();
    expect(changed).toEqual({ ...created, name: 'site', user_id: 'ann' });
    expect((await admin('DELETE', `${url}/${created.id}`)).statusCode).toBe(204);
    expect((await admin('GET', `${url}/${created.id}`)).statusCode).toBe(404);
    expect((await admin('DELETE', `${url}/${created.id}`)).statusCode).toBe(404);
  });

  test('promise 8: are found through their own app only', async () => {
    const { id } = await world.client();
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      const answer = await admin(
        method,
        `/${world.otherApp}/oauth_clients/${id}`,
        method === 'PATCH' ? {} : undefined,
      );
      expect(answer.statusCode).toBe(404);
    }
    expect((await admin('GET', `/${crypto.randomUUID()}/oauth_clients`)).statusCode).toBe(404);
  });

  test.each([
    ['no grant', { grant_types: [] }, 'grant_types'],
    ['an unknown grant', { grant_types: ['password'] }, 'grant_types'],
    ['nowhere to come back to', { redirect_uris: [] }, 'redirect_uris'],
    ['no name', { name: ' ' }, 'name'],
    ['no user id', { user_id: '' }, 'user_id'],
  ])('%s is refused with the property that is wrong', async (_, fields, property) => {
    const body = { name: 'x', redirect_uris: [redirectUri], ...fields };
    const answer = await admin('POST', `/${world.app}/oauth_clients`, body);
    expect([answer.statusCode, answer.json().data.property.split('.')[0]]).toEqual([422, property]);
  });

  test('a client without a secret does not get client credentials by a change', async () => {
    const { id } = await world.client();
    const answer = await admin('PATCH', `/${world.app}/oauth_clients/${id}`, {
      grant_types: ['client_credentials'],
    });
    expect([answer.statusCode, answer.json().data.property]).toEqual([422, 'grant_types']);
  });
});

test('the login page is set, read and removed, and only public keys come back', async () => {
  const url = `/${world.otherApp}/login`;
  expect((await admin('GET', url)).statusCode).toBe(404);
  const key = await publicJwk(world.keys);
  const set = await admin('PUT', url, { url: 'https://app.example/login', keys: [{ ...key, note: 'x' }] });
  const expected = {
    url: 'https://app.example/login',
    keys: [{ ...key, alg: 'ES256' }],
    audience: `badged:${world.otherApp}`,
  };
  expect(set.json()).toEqual(expected);
  expect((await admin('GET', url)).json()).toEqual(expected);
  expect((await admin('DELETE', url)).statusCode).toBe(204);
  expect((await admin('GET', url)).statusCode).toBe(404);
});

test('no secret is stored or logged as it is', async () => {
  const client = await world.client({ confidential: true });
  const { code, verifier, access_token, refresh_token } = await codeLogin(world, client);
  await world.api('GET', '/tokens/me', access_token);
  const { records } = world.service.store;
  const kinds = [
    'oauth_client',
    'oauth_access',
    'oauth_refresh',
    'oauth_code',
    'oauth_session',
    'oauth_sign_in_finished',
  ];
  const kept = await Promise.all(kinds.map((kind) => records.list(world.app, kind, '', world.clock.now)));
  const stored = JSON.stringify(kept);
  expect(kept.flat().length).toBeGreaterThan(4);
  const logged = lines.join('');
  expect(logged).toContain('/oauth/token');
  for (const secret of [client.secret, code, verifier, access_token, refresh_token]) {
    const [unguessable = ''] = /[\w-]{43}$/.exec(secret ?? '') ?? [];
    expect(unguessable).not.toBe('');
    expect(stored).not.toContain(unguessable);
    expect(logged).not.toContain(unguessable);
  }
});

test('behind a trusted proxy, the addresses in answers are those that the outside sees', async () => {
  const proxied = await openOAuthWorld({ config: { trustProxy: true } });
  const token = await proxied.userToken('ann');
  const headers = {
    authorization: `Bearer ${token}`,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'api.badges.example',
  };
  const answer = await proxied.http.inject({
    method: 'POST',
    url: '/api/v2/notifications/channels',
    headers,
  });
  expect(answer.json().connectUri).toMatch(/^wss:\/\/api\.badges\.example\/channels\//);
  await proxied.close();
});

test('a sign-in over TLS keeps its cookies to this host', async () => {
  const proxied = await openOAuthWorld({
    config: { trustProxy: true, publicUrl: 'https://login.badges.example' },
  });
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'login.badges.example' };
  const { id } = await proxied.client();
  const query = `client_id=${id}&redirect_uri=${encodeURIComponent(redirectUri)}&response_type=code&code_challenge_method=S256&code_challenge=${'A'.repeat(43)}`;
  const away = await proxied.http.inject({ url: `/oauth/authorize?${query}`, headers });
  expect(away.cookies[0]).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(away.cookies[0]?.name).toMatch(/^__Host-badged_signin_/);
  await proxied.close();
});
