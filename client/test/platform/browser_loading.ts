// Getting the platformClient into a page: by a script tag, by a module loader (AMD), as an ES module. Each way runs the
// documentation's programs in headless Chromium, against a badge server over TLS, at a bare environment.

import { describe, expect, it } from 'vitest';
import type { ChatBadgeEntityListing } from '../../src/platform/index.js';
import { outcomeOf, type Stage } from './browser_pages.js';
import { type DocumentedMethod, documentedExample, type Filling } from './documented_examples.js';
import type { BadgeServer } from './server/badge_server.js';

export function describeLoading(stage: () => Stage, server: () => BadgeServer): void {
  describe('the platformClient in a page', () => loadingTests(stage, server));
}

function loadingTests(stage: () => Stage, server: () => BadgeServer): void {
  const visit = async (path: string, html: string) => {
    const { page, pages } = stage();
    await page.goto(pages.put(path, html));
    return page;
  };

  const example = (method: DocumentedMethod, filled: Partial<Filling> = {}) => {
    const { environment, accessToken } = server();
    return documentedExample(method, { platform: 'Browser', environment, accessToken, ...filled });
  };

  const said = async () => {
    const { console: lines } = stage();
    await expect.poll(() => lines.length).toBe(1);
    return lines[0] ?? '';
  };

  describe.each([
    ['a script tag', afterScriptTag],
    ['a module loader', byModuleLoader],
    ['a module script', inModuleScript],
  ] as const)('by %s', (_way, html) => {
    it('runs the documented listing as it stands', async () => {
      await visit(
        '/documented',
        html((filled) => example('getBadgesChats', filled)),
      );
      const line = await said();
      expect(line).toMatch(/^log: getBadgesChats success! data: \{/);
      const shown: ChatBadgeEntityListing = JSON.parse(line.slice(line.indexOf('{')));
      expect(shown.entities.length).toBeGreaterThan(1);
      const counts = shown.entities.map(({ entity: { jabberId }, unreadCount }) => ({
        jabberId,
        unreadCount,
      }));
      expect(counts).toEqual(await server().unread());
      const { requests, pages } = stage();
      const origins = new Set(requests.map((url) => new URL(url).origin));
      expect([...origins].sort()).toEqual([pages.origin, `https://api.localhost:${server().port}`].sort());
    });

    it('runs the documented clearing as it stands', async () => {
      await server().receive('jabberId_example');
      const before = await server().unread();
      expect(before[0]).toMatchObject({ jabberId: 'jabberId_example@app.badged' });
      await visit(
        '/documented',
        html((filled) => example('deleteBadgesChat', filled)),
      );
      expect(await said()).toBe('log: deleteBadgesChat returned successfully.');
      expect(await server().unread()).toEqual(before.slice(1));
    });
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

  it('leaves no globals where there is a module loader, which alone keeps it', async () => {
    const page = await visit(
      '/amd',
      `<script>${AMD_LOADER}</script>
       <script>
         amdRequire({ platformClient: '/platform_client.min.js' }, ['platformClient'], (require) => {
           window.outcome = {
             module: typeof require('platformClient').BadgesApi,
             global: typeof window.platformClient,
             require: typeof window.require,
           };
         });
       </script>`,
    );
    expect(await outcomeOf(page)).toEqual({ module: 'function', global: 'undefined', require: 'undefined' });
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

type Example = (filled?: Partial<Filling>) => string;

function afterScriptTag(example: Example): string {
  return `<script src="/platform_client.min.js"></script><script>${example()}</script>`;
}

function byModuleLoader(example: Example): string {
  return `<script>${AMD_LOADER}</script>
    <script>
      amdRequire({ platformClient: '/platform_client.min.js' }, ['platformClient'], (require) => {
        ${example()}
      });
    </script>`;
}

function inModuleScript(example: Example): string {
  return `<script type="module">${example({ importFrom: '/platform_client.mjs' })}</script>`;
}

/** As much of an AMD loader (the AMD API's `define` with dependencies) as one anonymous module needs, and `require`. */
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
      ready((required) => (required === name ? exports : undefined));
    };
    document.head.append(script);
  };
`;
