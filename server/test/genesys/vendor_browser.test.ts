/** The vendor's own SDK in a real browser: logins through the pages of this server, implicit and with PKCE, and first calls. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, reasonWithoutBrowser } from '../../../client/test/chromium.js';
import { openTlsServer, type TlsServer } from './tls_server.js';

const reason = reasonWithoutBrowser();
if (reason !== undefined) console.warn(`Skipped: the vendor's SDK in a browser, since ${reason}`);

let server: TlsServer;
let pages: Server;
let browser: Browser;
let origin: string;
let clients: { readonly implicit: string; readonly pkce: string };

beforeAll(async () => {
  if (reason !== undefined) return;
  server = await openTlsServer();
  pages = servePages();
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  const client = async (grants: readonly string[], page: string) => {
    const body = { name: page, grant_types: grants, redirect_uris: [`${origin}${page}`] };
    return String((await server.admin('POST', `/apps/${server.app}/oauth_clients`, body)).id);
  };
  clients = {
    implicit: await client(['implicit'], '/page'),
    pkce: await client(['authorization_code', 'refresh_token'], '/pkce'),
  };
  browser = await launchBrowser({ shareProcess: true });
});
afterAll(async () => {
  await browser?.close();
  pages?.close();
  await server?.close();
});

/** The page that a customer would have, with the SDK as its script. */
function servePages(): Server {
  const sdk = createRequire(import.meta.url).resolve('purecloud-platform-client-v2');
  const script = readFileSync(sdk.replace(/dist\/.*$/, 'dist/web-cjs/purecloud-platform-client-v2.min.js'));
  return createServer((request, response) => {
    if (request.url === '/sdk.js') {
      response.setHeader('content-type', 'text/javascript').end(script);
      return;
    }
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><title>waiting</title><script src="/sdk.js"></script>
<script>
const platformClient = require('platformClient');
const client = platformClient.ApiClient.instance;
client.setEnvironment(${JSON.stringify(server.environment)});
const call = (method, path, pathParams) => client.callApi(path, method, pathParams, {}, {}, {}, null,
  ['PureCloud OAuth'], ['application/json'], ['application/json']);
async function run() {
  const options = { state: 'my state' };
  const { state } = location.pathname === '/page'
    ? await client.loginImplicitGrant(${JSON.stringify(clients.implicit)}, location.origin + '/page', options)
    : await client.loginPKCEGrant(${JSON.stringify(clients.pkce)}, location.origin + '/pkce', options);
  const me = await new platformClient.UsersApi().getUsersMe();
  const before = await call('GET', '/api/v2/badges/chats', {});
  await call('DELETE', '/api/v2/badges/chats/{jabberId}', { jabberId: before.entities[0].entity.jabberId });
  const after = await call('GET', '/api/v2/badges/chats', {});
  return { state, user: me.id, before: before.entities.map((each) => each.unreadCount), after: after.total };
}
run().then((seen) => { window.seen = seen; }, (error) => { window.seen = { error: String(error && error.message || error), body: error && error.body }; });
</script>`);
  });
}

test.skipIf(reason !== undefined)('it signs in by the implicit grant, lists and clears', async () => {
  const body = { sender: { user_id: 'bob' }, parts: [{ body: 'hello', mime_type: 'text/plain' }] };
  const { app, appToken, conversation } = server;
  await server.call('POST', `/apps/${app}/conversations/${conversation}/messages`, appToken, body);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${origin}/page`);
  await page.waitForURL(/^https:\/\/login\.localhost:\d+\/oauth\/authorize/);
  expect(await page.textContent('body')).toMatch(/DEVELOPMENT MODE.*Anyone can sign in as any user/s);
  await page.fill('input[name=user]', 'alice');
  await page.click('button');
  await page.waitForURL(`${origin}/page**`);
  const seen = await page.waitForFunction('window.seen');
  expect(await seen.jsonValue()).toEqual({ state: 'my state', user: 'alice', before: [1], after: 0 });
  const cookies = await context.cookies(`https://login.localhost:${server.port}`);
  const [session] = cookies.filter(({ name }) => name.startsWith('__Host-badged_session_'));
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  // Cleared storage: the browser's session signs in again, without the page.
  await server.call('POST', `/apps/${app}/conversations/${conversation}/messages`, appToken, body);
  const again = await context.newPage();
  await again.goto(`${origin}/page`);
  const second = await again.waitForFunction('window.seen');
  expect(await second.jsonValue()).toMatchObject({ user: 'alice', after: 0 });
  await context.close();
});

test.skipIf(reason !== undefined)('it signs in by the authorization code grant with PKCE', async () => {
  const body = { sender: { user_id: 'bob' }, parts: [{ body: 'hello', mime_type: 'text/plain' }] };
  const { app, appToken, conversation } = server;
  await server.call('POST', `/apps/${app}/conversations/${conversation}/messages`, appToken, body);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${origin}/pkce`);
  await page.waitForURL(/^https:\/\/login\.localhost:\d+\/oauth\/authorize/);
  await page.fill('input[name=user]', 'alice');
  await page.click('button');
  await page.waitForURL(`${origin}/pkce**`);
  const seen = await page.waitForFunction('window.seen');
  expect(await seen.jsonValue()).toEqual({ state: 'my state', user: 'alice', before: [1], after: 0 });
  await context.close();
});

test.skipIf(reason !== undefined)('a page of an origin that is not registered reads nothing', async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`http://localhost:${new URL(origin).port}/sdk.js`);
  const read = await page.evaluate(
    (url) =>
      fetch(url, { headers: { authorization: 'Bearer x' } }).then(
        ({ status }) => status,
        () => 'refused',
      ),
    `https://api.${server.environment}/api/v2/tokens/me`,
  );
  expect(read).toBe('refused');
  await page.goto(`${origin}/sdk.js`);
  const registered = await page.evaluate(
    (url) =>
      fetch(url, { headers: { authorization: 'Bearer x' } }).then(
        ({ status }) => status,
        () => 'refused',
      ),
    `https://api.${server.environment}/api/v2/tokens/me`,
  );
  expect(registered).toBe(401);
  await context.close();
});
