/** Cross-origin requests: open for the origins that OAuth clients registered, and for no other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OAuthWorld, openOAuthWorld } from '../oauth/oauth_world.js';

const origin = 'https://pages.example';
let world: OAuthWorld;
let clientId: string;
beforeAll(async () => {
  world = await openOAuthWorld();
  clientId = (await world.client()).id;
});
afterAll(() => world.close());

const preflight = (url: string, from = origin, headers = 'authorization,content-type') =>
  world.http.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin: from,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': headers,
    },
  });

test('a preflight from a registered origin is answered, without any token', async () => {
  for (const url of ['/api/v2/badges/chats', '/api/v2/badges/chats/x', '/oauth/token', '/api/v2/nothing']) {
    const answer = await preflight(url);
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'authorization,content-type',
      vary: 'Origin',
    });
    expect(answer.headers['access-control-allow-methods']).toContain('DELETE');
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  }
});

test('an answer says that the origin may read it, also where it is a refusal', async () => {
  const answer = await world.http.inject({ url: '/api/v2/tokens/me', headers: { origin } });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['access-control-allow-origin']).toBe(origin);
});

test('another origin is told nothing, and the main API is open to none', async () => {
  for (const from of [
    'https://evil.example',
    'null',
    'http://pages.example',
    `${origin}:444`,
    `${origin}.evil.example`,
  ]) {
    const answer = await preflight('/api/v2/badges/chats', from);
    expect(answer.statusCode, from).not.toBe(204);
    expect(answer.headers, from).not.toHaveProperty('access-control-allow-origin');
  }
  for (const url of [`/apps/${world.app}/users/a/badge`, '/admin/apps', '/oauth/authorize', '/logout'])
    expect((await preflight(url)).headers).not.toHaveProperty('access-control-allow-origin');
});

test('an origin is open no longer than its client is', async () => {
  const url = `/admin/apps/${world.app}/oauth_clients/${clientId}`;
  await world.send('DELETE', url, { token: world.adminToken });
  expect((await preflight('/api/v2/badges/chats')).headers).not.toHaveProperty('access-control-allow-origin');
});
