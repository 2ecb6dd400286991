/** Development mode: a page on which anybody says who they are, for apps without a login page only. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Client,
  locationOf,
  type OAuthWorld,
  openOAuthWorld,
  pkce,
  redirectUri,
} from './oauth_world.js';

let world: OAuthWorld;
let client: Client;
beforeAll(async () => {
  world = await openOAuthWorld({ config: { dev: true } });
  client = await world.client({}, world.otherApp);
});
afterAll(() => world.close());

const asked = (id: string, changed: object = {}) => ({
  client_id: id,
  redirect_uri: redirectUri,
  response_type: 'code',
  state: 's',
  ...pkce().query,
  ...changed,
});
const nonceOf = (body: string) => /name="nonce" value="([^"]+)"/.exec(body)?.[1] ?? '';

test('it says loudly what it is, and signs in as whoever one says', async () => {
  const browser = world.browser();
  const page = await browser.authorize(asked(client.id, { login_hint: '"><script>alert(1)</script>' }));
  expect(page.statusCode).toBe(200);
  expect(page.body).toMatch(/DEVELOPMENT MODE.*Anyone can sign in as any user/s);
  expect(page.body).not.toContain('<script>');
  const end = await browser.post('/oauth/dev_login', { nonce: nonceOf(page.body), user: 'zoë' });
  expect(end.statusCode).toBe(303);
  expect(locationOf(end)).toMatch(/^https:\/\/pages\.example\/after-login\?keep=1&code=.*&state=s$/);
});

test('a form of another browser, or sent twice, is refused', async () => {
  const browser = world.browser();
  const nonce = nonceOf((await browser.authorize(asked(client.id))).body);
  expect((await world.browser().post('/oauth/dev_login', { nonce, user: 'zoë' })).statusCode).toBe(400);
  expect((await browser.post('/oauth/dev_login', { nonce, user: '' })).statusCode).toBe(400);
  expect((await browser.post('/oauth/dev_login', { nonce, user: 'zoë' })).statusCode).toBe(303);
  expect((await browser.post('/oauth/dev_login', { nonce, user: 'zoë' })).statusCode).toBe(400);
});

test('an app with a login page is not passed by', async () => {
  const own = await world.client();
  const browser = world.browser();
  const away = await browser.authorize(asked(own.id));
  expect(locationOf(away)).toMatch(/^https:\/\/app\.example\/login/);
  const nonce = [...browser.cookies.keys()][0]?.replace('badged_signin_', '') ?? '';
  const refused = await browser.post('/oauth/dev_login', { nonce, user: 'boss' });
  expect([refused.statusCode, refused.headers.location]).toEqual([400, undefined]);
  expect(refused.body).toContain('has a login page');
});

test('without development mode, no user signs in to an app without a login page', async () => {
  const strict = await openOAuthWorld();
  const homeless = await strict.client({}, strict.otherApp);
  const answer = await strict.browser().authorize(asked(homeless.id));
  expect([answer.statusCode, answer.headers.location]).toEqual([400, undefined]);
  await strict.close();
});
