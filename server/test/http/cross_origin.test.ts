/** Pages of other origins, which browsers let send requests here with the cookie of the dashboard's session. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anonymous, type Method, openWorld, signedIn, type World } from './world.js';

const requested = { 'x-requested-with': 'badged' };
const url = '/admin/session';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Headers = Readonly<Record<string, string>>;

async function read(headers: Headers, path = url): Promise<number> {
  return (await world.send('GET', path, { token: anonymous, headers })).statusCode;
}

describe('promise 8: a page cannot do with somebody’s cookie what it should not', () => {
  const targets: [Method, string][] = [
    ['GET', '/admin/apps'],
    ['POST', '/admin/apps'],
    ['DELETE', url],
    ['GET', '/apps/:app/users/a/badge'],
    ['PUT', '/apps/:app/users/a/badge'],
    ['POST', '/apps/:app/conversations'],
  ];
  const refused: [string, Headers][] = [
    ['without the header', {}],
    ['with another value of the header', { 'x-requested-with': 'XMLHttpRequest' }],
    ['from another site', { ...requested, 'sec-fetch-site': 'cross-site' }],
    ['from another port or subdomain', { ...requested, 'sec-fetch-site': 'same-site' }],
    ['by navigation', { ...requested, 'sec-fetch-site': 'none' }],
    ['from another origin', { ...requested, origin: 'https://evil.example' }],
    ['from another port, by an old browser', { ...requested, origin: 'http://localhost:81' }],
    ['from a sandboxed frame', { ...requested, origin: 'null' }],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }],
    ['as a form of plain text', { 'content-type': 'text/plain' }],
  ];

  test.each(refused)('%s, the cookie opens nothing, whatever the method', async (_, headers) => {
    const { cookie = '' } = await signedIn(world);
    for (const [method, path] of targets) {
      const body = method === 'GET' || method === 'DELETE' ? {} : { payload: '{"name":"made"}' };
      const answer = await world.http.inject({
        method,
        url: path.replace(':app', world.app),
        headers: { 'content-type': 'application/json', ...headers, cookie, host: 'localhost:80' },
        ...body,
      });
      expect([answer.statusCode, answer.json().id], `${method} ${path}`).toEqual([
        401,
        'authentication_required',
      ]);
    }
    const apps = await world.send('GET', '/admin/apps', { token: world.adminToken });
    expect(apps.json()).toHaveLength(2);
    expect(await read({ ...requested, cookie })).toBe(200);
  });

  test('in the name of another method, it opens nothing either', async () => {
    const { cookie = '' } = await signedIn(world);
    const headers = { cookie, 'x-http-method-override': 'DELETE' };
    expect((await world.http.inject({ method: 'POST', url, headers })).statusCode).toBe(401);
    expect(await read({ ...requested, cookie })).toBe(200);
  });

  test.each<[string, Headers]>([
    ['a browser that says so', { 'sec-fetch-site': 'same-origin' }],
    ['a browser behind a proxy', { 'sec-fetch-site': 'same-origin', origin: 'https://outside.example' }],
    ['a browser that names the origin', { origin: 'http://badges.lan:8080' }],
    ['a browser that says nothing with GET', {}],
  ])('from its own pages it does, by %s', async (_, headers) => {
    const session = await signedIn(world);
    expect(await read({ ...session, ...headers, host: 'badges.lan:8080' }, '/admin/apps')).toBe(200);
  });

  test('the public address is an origin of its own too', async () => {
    const published = await openWorld({ config: { publicUrl: 'http://badges.example.com/' } });
    const session = { ...(await signedIn(published)), host: 'inside:8080' };
    const statusFrom = async (origin: string) =>
      (await published.http.inject({ url, headers: { ...session, origin } })).statusCode;
    expect(await statusFrom('http://badges.example.com')).toBe(200);
    expect(await statusFrom('http://badges.example.com:81')).toBe(401);
    await published.close();
  });

  test('a public address that is none makes no origin of a sandboxed frame ours', async () => {
    const published = await openWorld({ config: { publicUrl: 'badges.example.com' } });
    const headers = { ...(await signedIn(published)), origin: 'null' };
    expect((await published.http.inject({ url, headers })).statusCode).toBe(401);
    await published.close();
  });

  test('a port that goes without saying is the same with and without it', async () => {
    const proxied = await openWorld({ config: { trustProxy: true } });
    const behind = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'badges.example.com:443' };
    const { cookie = '', ...session } = await signedIn(proxied);
    const headers = { ...session, ...behind, cookie: `__Host-${cookie}` };
    const statusFrom = async (origin: string) =>
      (await proxied.http.inject({ url, headers: { ...headers, origin } })).statusCode;
    expect(await statusFrom('https://badges.example.com')).toBe(200);
    expect(await statusFrom('https://badges.example.com:8443')).toBe(401);
    await proxied.close();
  });

  test('no preflight lets another origin send the header', async () => {
    for (const path of ['/admin/apps', url, `/apps/${world.app}/users/a/badge`]) {
      const answer = await world.http.inject({
        method: 'OPTIONS',
        url: path,
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'x-requested-with',
        },
      });
      expect(answer.statusCode).toBe(405);
      const granted = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      expect(granted).toEqual([]);
    }
  });
});
