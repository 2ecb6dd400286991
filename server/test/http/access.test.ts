/** Every route, as the running application has it, with every kind of token that should not open it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EveryRoute, expected, openEveryRoute, type Route, spared } from './every_route.js';
import { anonymous, openWorld, type World } from './world.js';

let every: EveryRoute;
let world: World;
beforeAll(async () => {
  every = await openEveryRoute();
  world = every.world;
});
afterAll(() => world.close());

/** Of a client that acts for this user, or for nobody. */
async function oauthToken(user_id: string | null = 'a'): Promise<string> {
  const body = { name: 'c', grant_types: ['client_credentials'], user_id };
  const url = `/admin/apps/${world.app}/oauth_clients`;
  const made = (await world.send('POST', url, { token: world.adminToken, body })).json();
  const answer = await world.http.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${made.id}:${made.secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: 'grant_type=client_credentials',
  });
  return answer.json().access_token;
}

describe('promise 8: a token sees its app only; a user token sees that user only', () => {
  test('every route has one access rule, and only those that should are public', () => {
    expect(every.routes.length).toBeGreaterThan(40);
    expect(every.routes.filter(({ access }) => access === undefined)).toEqual([]);
    const open = new Set(every.withAccess('public').map(({ url }) => url.split('/')[1]));
    const operations = ['healthz', 'metrics', 'readyz'];
    const oauth = ['logout', 'oauth'];
    const pages = ['', 'assets', 'favicon.svg', 'phone'];
    // A channel's address holds a secret of its own.
    const expected = ['channels', 'docs', 'errors', 'openapi.json', ...oauth, ...operations, ...pages];
    expect([...open].sort()).toEqual([...expected, 'admin'].sort());
    const signIn = every.withAccess('public').filter(({ url }) => url.startsWith('/admin'));
    expect(signIn).toEqual([{ method: 'POST', url: '/admin/session', access: 'public' }]);
  });

  test('a route without a rule does not start', async () => {
    const careless = openWorld({ beforeReady: (http) => http.get('/open', async () => 'secret') });
    await expect(careless).rejects.toThrow('declares no access rule');
  });

  test('no token opens nothing', async () => {
    for (const route of every.guarded()) {
      expect(await every.refusal(route, anonymous), `${route.method} ${route.url}`).toBe(
        expected(route, '401 authentication_required'),
      );
    }
  });

  test('a wrong token opens nothing', async () => {
    const expired = await world.service.userTokens.issue({ app: world.app, user: 'a' }, 1);
    world.clock.now += 2_000;
    const wrong = [
      'x',
      `${world.adminToken}x`,
      `badged_${randomUUID()}_${'A'.repeat(43)}`,
      `${world.token.slice(0, -43)}${'A'.repeat(43)}`,
      `${await world.userToken('a')}x`,
      'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.',
      `badged_access_${world.app}_${'A'.repeat(43)}`,
      `${await oauthToken()}x`,
      expired.text,
    ];
    for (const route of every.guarded()) {
      for (const token of wrong) {
        expect(await every.refusal(route, token), `${route.method} ${route.url}`).toBe(
          expected(route, '401 authentication_required'),
        );
      }
    }
  });

  test("another app's token, and a user's of another app, open nothing of this app", async () => {
    const tokens = [world.otherToken, await world.userToken('a', world.otherApp)];
    for (const route of every.withAccess('app', 'user')) {
      for (const token of tokens) {
        expect(await every.refusal(route, token), `${route.method} ${route.url}`).toBe(
          expected(route, '403 invalid_app_id'),
        );
      }
    }
  });

  test("another app's user does not find what is this app's", async () => {
    const token = await world.userToken('a', world.otherApp);
    const named = every.withAccess('self').filter(({ url }) => !url.startsWith('/push_tokens'));
    expect(named.length).toBeGreaterThan(1);
    for (const { method, url } of named) {
      const answer = await world.send(method, every.address(url), { token, body: { type: 'read' } });
      expect(answer.statusCode, url).toBe(404);
    }
  });

  test("another app's user neither sees, moves nor unregisters this app's devices", async () => {
    const device = { device_id: 'phone', type: 'fcm', token: 'token-of-a' };
    await world.inApp('POST', '/users/a/push_tokens', { body: device });
    const token = await world.userToken('a', world.otherApp);
    expect((await world.send('GET', '/push_tokens', { token })).json()).toEqual([]);
    await world.send('POST', '/push_tokens', { token, body: device });
    await world.send('DELETE', '/push_tokens/phone', { token });
    const own = (await world.inApp('GET', '/users/a/push_tokens')).json();
    expect(own).toMatchObject([{ device_id: 'phone', type: 'fcm' }]);
  });

  test("another user's token is refused where user tokens are allowed", async () => {
    const token = await world.userToken('b');
    const allowed = every.withAccess('user');
    expect(allowed.length).toBeGreaterThan(8);
    for (const route of allowed) {
      expect(await every.refusal(route, token), `${route.method} ${route.url}`).toBe(
        expected(route, '403 access_denied'),
      );
    }
  });

  test('a user token is refused where only the app or the admin may', async () => {
    const token = await world.userToken('a');
    for (const route of every.withAccess('app', 'admin', 'session')) {
      expect(await every.refusal(route, token), `${route.method} ${route.url}`).toBe(
        expected(route, '403 access_denied'),
      );
    }
  });

  test('the admin token opens /admin only, and an app token everything but /admin', async () => {
    for (const route of every.withAccess('app', 'user', 'self', 'session')) {
      expect(await every.refusal(route, world.adminToken), `${route.method} ${route.url}`).toBe(
        expected(route, '403 access_denied'),
      );
    }
    for (const route of every.withAccess('admin', 'self', 'session')) {
      expect(await every.refusal(route, world.token), `${route.method} ${route.url}`).toBe(
        expected(route, '403 access_denied'),
      );
    }
    for (const route of every.withAccess('oauth', 'me')) {
      for (const token of [world.adminToken, world.token]) {
        expect(await every.refusal(route, token), `${route.method} ${route.url}`).toBe(
          expected(route, '403 not_authorized'),
        );
      }
    }
  });

  test('an OAuth token opens /api/v2 only, and one that stands for nobody no call that is about a user', async () => {
    const token = await oauthToken();
    for (const route of every.withAccess('app', 'user', 'self', 'admin', 'session')) {
      expect(await every.refusal(route, token), `${route.method} ${route.url}`).toBe(
        expected(route, '403 access_denied'),
      );
    }
    const nobodys = await oauthToken(null);
    const about = every.withAccess('me');
    expect(about.length).toBeGreaterThan(8);
    for (const route of about) {
      expect(await every.refusal(route, nobodys), `${route.method} ${route.url}`).toBe(
        expected(route, '403 not_authorized'),
      );
    }
  });

  test('the right token opens every route', async () => {
    const user = await world.userToken('a');
    const allowed: [Route, string][] = [
      ...every.withAccess('app', 'user').map((route): [Route, string] => [route, world.token]),
      ...every.withAccess('user', 'self').map((route): [Route, string] => [route, user]),
      ...every.withAccess('admin').map((route): [Route, string] => [route, world.adminToken]),
    ];
    for (const route of every.withAccess('oauth', 'me')) allowed.push([route, await oauthToken()]);
    for (const [{ method, url }, token] of allowed) {
      const answer = await world.send(method, every.address(url, spared(method)), { token });
      expect([401, 403], `${method} ${url}`).not.toContain(answer.statusCode);
    }
  });

  test('a token that was revoked opens nothing, and neither does one of a deleted app', async () => {
    const admin = { token: world.adminToken };
    const created = (
      await world.send('POST', '/admin/apps', { ...admin, body: { name: 'short-lived' } })
    ).json();
    const second = (
      await world.send('POST', `/admin/apps/${created.id}/tokens`, { ...admin, body: {} })
    ).json();
    const user = (await world.service.userTokens.issue({ app: created.id, user: 'a' })).text;
    const read = async (token: string) =>
      (await world.send('GET', `/apps/${created.id}/users/a/badge`, { token })).statusCode;
    expect([await read(created.token), await read(second.token), await read(user)]).toEqual([404, 404, 200]);
    await world.send('DELETE', `/admin/apps/${created.id}/tokens/${second.id}`, admin);
    expect([await read(created.token), await read(second.token), await read(user)]).toEqual([404, 401, 200]);
    await world.send('DELETE', `/admin/apps/${created.id}`, admin);
    expect([await read(created.token), await read(second.token), await read(user)]).toEqual([401, 401, 401]);
  });

  test('the app may be named by its URI, whatever its environment', async () => {
    for (const name of ['layer:///apps/staging/', 'layer:///apps/production/']) {
      const answer = await world.send('GET', `/apps/${encodeURIComponent(name + world.app)}/users/a/badge`);
      expect(answer.statusCode).toBe(200);
    }
    const other = encodeURIComponent(`layer:///apps/staging/${world.otherApp}`);
    expect((await world.send('GET', `/apps/${other}/users/a/badge`)).json().id).toBe('invalid_app_id');
  });
});
