// Getting the platformClient into a page: by a script tag, by an AMD loader, as an ES module; and the documentation's
// programs in headless Chromium.

import { describe, expect, it } from 'vitest';
import { outcomeOf, type Stage } from './browser_pages.js';
import { documentedExample } from './documented_examples.js';
import type { PlatformDouble } from './double/platform_double.js';

export function describeLoading(stage: () => Stage, service: () => PlatformDouble): void {
  describe('the platformClient in a page', () => loadingTests(stage, service));
}

function loadingTests(stage: () => Stage, service: () => PlatformDouble): void {
  const surroundings = () => `
    globalThis.yourAccessToken = ${JSON.stringify(service().accessToken)};
    platformClient.ApiClient.instance.setEnvironment(${JSON.stringify(service().environment)});`;

  const visit = async (path: string, html: string) => {
    const { page, pages } = stage();
    await page.goto(pages.put(path, html));
    return page;
  };

  it.each([
    ['getBadgesChats', /^log: getBadgesChats success! data: \{[\s\S]*"jabberId": "grace@app.badged"/],
    ['deleteBadgesChat', /^log: deleteBadgesChat returned successfully\.$/],
  ] as const)('runs the documented %s as it stands, after a script tag', async (method, success) => {
    await visit(
      `/documented/${method}`,
      `<script src="/platform_client.min.js"></script>
       <script>${surroundings()}</script>
       <script>${documentedExample(method, 'Browser')}</script>`,
    );
    const { console: said, requests, pages } = stage();
    await expect.poll(() => said.length).toBe(1);
    expect(said[0]).toMatch(success);
    const hosts = new Set(requests.map((url) => new URL(url).origin));
    expect([...hosts].sort()).toEqual([new URL(service().environment).origin, pages.origin].sort());
  });

  it('is a global after a script tag, and leaves an earlier require as it was', async () => {
    const page = await visit(
      '/global',
      `<script>globalThis.require = (name) => 'the earlier ' + name;</script>
       <script src="/platform_client.js"></script>
       <script>window.outcome = {
         same: require('platformClient') === platformClient && platformClient === window.platformClient,
         vendorsName: require('purecloud-platform-client-v2') === platformClient,
         other: require('other'),
         names: Object.keys(platformClient).sort(),
       };</script>`,
    );
    expect(await outcomeOf(page)).toEqual({
      same: true,
      vendorsName: true,
      other: 'the earlier other',
      names: ['ApiClient', 'ApiError', 'BadgesApi', 'NotificationsApi', 'TokensApi', 'UsersApi', 'default'],
    });
  });

  it('is a module for an AMD loader, which alone keeps it', async () => {
    const page = await visit(
      '/amd',
      `<script>${AMD_LOADER}</script>
       <script>
         const paths = { platformClient: '/platform_client.min.js' };
         amdRequire(paths, ['platformClient'], (platformClient) => {
           ${surroundings()}
           platformClient.ApiClient.instance.setAccessToken(yourAccessToken);
           new platformClient.UsersApi().getUsersMe().then(({ id }) => {
             window.outcome = { id, global: typeof window.platformClient, require: typeof window.require };
           });
         });
       </script>`,
    );
    expect(await outcomeOf(page)).toEqual({
      id: service().userId,
      global: 'undefined',
      require: 'undefined',
    });
  });

  it('is an ES module', async () => {
    const page = await visit(
      '/module',
      `<script type="module">
         import platformClient, { TokensApi } from '/platform_client.mjs';
         ${surroundings()}
         platformClient.ApiClient.instance.setAccessToken(yourAccessToken);
         window.outcome = { client: (await new TokensApi().getTokensMe()).OAuthClient.id };
       </script>`,
    );
    expect(await outcomeOf(page)).toEqual({ client: service().implicitClientId });
  });

  it('refuses client credentials in a page, where no secret is one', async () => {
    const page = await visit(
      '/credentials',
      `<script src="/platform_client.min.js"></script>
       <script>
         platformClient.ApiClient.instance.loginClientCredentialsGrant('id', 'secret')
           .catch(({ message }) => { window.outcome = { message }; });
       </script>`,
    );
    expect(await outcomeOf(page)).toEqual({
      message: 'The client credentials grant is not supported in a browser.',
    });
  });
}

/** As much of an AMD loader (the AMD API's `define` with dependencies) as one anonymous module needs. */
const AMD_LOADER = `
  const waiting = [];
  window.define = (dependencies, factory) => waiting.push({ dependencies, factory });
  window.define.amd = {};
  window.amdRequire = (paths, [name], ready) => {
    const script = document.createElement('script');
    script.src = paths[name];
    script.onload = () => {
      const { dependencies, factory } = waiting.pop();
      const exports = {};
      factory(...dependencies.map((dependency) => (dependency === 'exports' ? exports : undefined)));
      ready(exports);
    };
    document.head.append(script);
  };
`;
