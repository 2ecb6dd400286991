// Logins by redirect in headless Chromium, with real redirects between the page and the service: what comes back, what
// stays in the address bar, what survives a reload, and what a forged reply achieves.

import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { AuthData } from '../../src/platform/index.js';
import { outcomeOf, type Stage } from './browser_pages.js';
import { DECLINING_USER } from './double/oauth_endpoints.js';
import type { PlatformDouble } from './double/platform_double.js';

type Grant = 'loginImplicitGrant' | 'loginPKCEGrant';
const GRANTS: readonly Grant[] = ['loginImplicitGrant', 'loginPKCEGrant'];

/** Where the service is told that logins may return to, and users after logging out. */
export const REDIRECT_PATHS = ['/loginImplicitGrant', '/loginPKCEGrant?view=inbox', '/goodbye'];

export function describeLogins(stage: () => Stage, service: () => PlatformDouble): void {
  describe('a login by redirect', () => loginTests(stage, service));
}

function loginTests(stage: () => Stage, service: () => PlatformDouble): void {
  /** A page that logs in when it is opened. It gives the redirect URI as its own address. */
  const loginPage = (
    grant: Grant,
    { options = {}, before = '' }: { options?: object; before?: string } = {},
  ) => {
    const clientId = grant === 'loginPKCEGrant' ? service().pkceClientId : service().implicitClientId;
    const query = grant === 'loginPKCEGrant' ? '?view=inbox' : '';
    const path = `/${grant}`;
    const given = [clientId, stage().pages.origin + path + query, options]
      .map((value) => JSON.stringify(value))
      .join();
    const address = stage().pages.put(
      path,
      `<script src="/platform_client.min.js"></script>
       <script>
         const client = platformClient.ApiClient.instance;
         client.setEnvironment(${JSON.stringify(service().environment)});
         ${before}
         client.${grant}(${given})
           .then((auth) => ({ auth }), ({ message, error }) => ({ message, error }))
           .then((result) => { window.outcome = { ...result, address: location.href }; });
       </script>`,
    );
    return address + query;
  };

  const authorizations = () => service().requests.filter(({ url }) => url.startsWith('/oauth/authorize'));
  const me = (page: Page) => page.evaluate('new platformClient.UsersApi().getUsersMe()');

  it.each(GRANTS)('%s comes back with a token, the state, and a clean address', async (grant) => {
    const { page, console: said } = stage();
    const address = loginPage(grant, { options: { state: 'where I was & what=I did' } });
    await page.goto(`${address}${grant === 'loginPKCEGrant' ? '#part-2' : ''}`);
    const outcome = await outcomeOf(page);
    expect(outcome).toMatchObject({ address, auth: { state: 'where I was & what=I did' } });
    expect(outcome).toHaveProperty('auth.accessToken', expect.stringMatching(/^[\w-]{20,}$/));
    expect(outcome).toHaveProperty('auth.tokenExpiryTime', expect.closeTo(Date.now() + 3_600_000, -5));
    expect(await me(page)).toMatchObject({ id: service().userId });
    expect(authorizations().at(-1)?.url).not.toContain('where');
    expect(await page.evaluate('({ ...sessionStorage, ...localStorage })')).toEqual({});
    expect(said).toEqual([]);
  });

  it.each(GRANTS)('%s rejects with what the service says when the user declines', async (grant) => {
    const { page } = stage();
    const address = loginPage(grant, { options: { login_hint: DECLINING_USER } });
    await page.goto(address);
    const message = '[access_denied] The user said no';
    expect(await outcomeOf(page)).toEqual({ error: 'access_denied', message, address });
  });

  it.each(GRANTS)('%s uses nothing of a reply that the page did not ask for', async (grant) => {
    const { page } = stage();
    const address = loginPage(grant);
    const forged = `access_token=${service().accessToken}&code=a-code&expires_in=3600&state=guessed`;
    const before = service().requests.length;
    await page.goto(address + (grant === 'loginPKCEGrant' ? `&${forged}` : `#${forged}`));
    expect(await outcomeOf(page)).toMatchObject({ error: 'invalid_state', address });
    expect(await page.evaluate('client.authData')).toEqual({});
    expect(service().requests.length).toBe(before);
  });

  it.each(GRANTS)('%s believes a reply once, even in the tab that asked', async (grant) => {
    const { page } = stage();
    await page.goto(loginPage(grant));
    await outcomeOf(page);
    const reply = authorizations().at(-1)?.location ?? '';
    await page.goto('about:blank');
    await page.goto(reply);
    expect(await outcomeOf(page)).toMatchObject({ error: 'invalid_state' });
  });

  it.each(GRANTS)('%s uses nothing of a forged reply while a login is under way', async (grant) => {
    const { page } = stage();
    await page.route('**/oauth/authorize?*', (route) => route.fulfill({ body: 'Who are you?' }));
    const address = loginPage(grant);
    await page.goto(address);
    await page.waitForURL('**/oauth/authorize?*');
    await page.unroute('**/oauth/authorize?*');
    const forged = `access_token=${service().accessToken}&code=a-code&expires_in=3600&state=guessed`;
    await page.goto(address + (grant === 'loginPKCEGrant' ? `&${forged}` : `#${forged}`));
    expect(await outcomeOf(page)).toMatchObject({ error: 'invalid_state', address });
    expect(await page.evaluate('client.authData')).toEqual({});
  });

  it("leaves a code, a fragment and an error alone that are the page's own", async () => {
    const { page } = stage();
    const before = `client.setAccessToken(${JSON.stringify(service().accessToken)});`;
    const own = '&code=SUMMER&error=none#/inbox?error=1';
    const address = loginPage('loginPKCEGrant', { before }) + own;
    await page.goto(address);
    expect(await outcomeOf(page)).toMatchObject({ address, auth: { accessToken: service().accessToken } });
  });

  it.each(GRANTS)('%s asks once when a page calls it twice', async (grant) => {
    const { page } = stage();
    const before = `const twice = client.${grant}.bind(client); client.${grant} = (...given) => { twice(...given); return twice(...given); };`;
    const asked = authorizations().length;
    await page.goto(loginPage(grant, { before }));
    expect(await outcomeOf(page)).toHaveProperty('auth');
    expect(authorizations().length).toBe(asked + 1);
  });

  it.each(GRANTS)('%s survives a reload where settings persist, and only there', async (grant) => {
    const { page } = stage();
    const before = `client.setPersistSettings(true, 'my app');`;
    await page.goto(loginPage(grant, { before, options: { state: 'here' } }));
    const first = await outcomeOf(page);
    const stored = await page.evaluate<AuthData>('JSON.parse(localStorage.my_app_auth_data)');
    expect(first.auth).toEqual({ ...stored, state: 'here' });
    expect(stored).not.toHaveProperty('state');
    const asked = authorizations().length;
    await page.reload();
    expect(await outcomeOf(page)).toMatchObject({ auth: stored });
    expect(authorizations().length).toBe(asked);
    loginPage(grant);
    await page.reload();
    expect(await outcomeOf(page)).toHaveProperty('auth');
    expect(authorizations().length).toBe(asked + 1);
  });

  it('logs in again when the persisted token has expired', async () => {
    const { page } = stage();
    await page.goto(loginPage('loginImplicitGrant', { before: 'client.setPersistSettings(true);' }));
    const accessToken = (await outcomeOf(page)).auth?.accessToken ?? '';
    await service().expire(accessToken);
    await page.reload();
    const again = (await outcomeOf(page)).auth?.accessToken;
    expect(again).toMatch(/^[\w-]{20,}$/);
    expect(again).not.toBe(accessToken);
    expect(await me(page)).toMatchObject({ id: service().userId });
  });

  it('refreshes once for all tabs that share a login', async () => {
    const address = loginPage('loginPKCEGrant', { before: 'client.setPersistSettings(true);' });
    const one = stage().page;
    const other = await one.context().newPage();
    await one.goto(address);
    const accessToken = (await outcomeOf(one)).auth?.accessToken ?? '';
    await other.goto(address);
    expect(await outcomeOf(other)).toMatchObject({ auth: { accessToken } });
    // A slow token endpoint: whoever does not wait for the other tab asks it as well.
    await one.context().route('**/oauth/token', async (route) => {
      await delay(100);
      await route.continue();
    });
    for (let round = 0; round < 3; round++) {
      await service().expire(await one.evaluate<string>('client.authData.accessToken'));
      const before = service().requests.length;
      expect(await Promise.all([me(one), me(other), me(one)])).toHaveLength(3);
      const since = service().requests.slice(before);
      expect(since.filter(({ url, method }) => method === 'POST' && url === '/oauth/token')).toHaveLength(1);
    }
    await one.context().unroute('**/oauth/token');
    await other.close();
  });

  it('logs out of the page and of the service', async () => {
    stage().pages.put('/goodbye', '');
    const { page } = stage();
    await page.goto(loginPage('loginPKCEGrant', { before: 'client.setPersistSettings(true);' }));
    await outcomeOf(page);
    await page.evaluate(`client.logout(${JSON.stringify(`${stage().pages.origin}/goodbye`)})`);
    await page.waitForURL(`${stage().pages.origin}/goodbye`);
    expect(await page.evaluate('({ ...localStorage })')).toEqual({});
    const { url } = service().requests.findLast(({ url }) => url.startsWith('/logout')) ?? { url: '' };
    expect(new URLSearchParams(url.split('?')[1]).get('client_id')).toBe(service().pkceClientId);
  });

  it('does not take an outage for an expired token', async () => {
    const { page } = stage();
    const before = `client.setAccessToken('some-token'); client.setEnvironment('http://127.0.0.1:9');`;
    const address = loginPage('loginImplicitGrant', { before });
    await page.goto(address);
    expect(await outcomeOf(page)).toMatchObject({ message: 'The service cannot be reached', address });
    expect(await page.evaluate('client.authData')).toEqual({ accessToken: 'some-token' });
  });
}
