// A bare environment, as `example.com`, in a browser: the page logs in at login.ENV and calls api.ENV, over TLS, each of
// another origin than the page. Here ENV is a badge server at localhost with its port, whose subdomains a browser finds
// on this machine; who logs in says so on the server's page for development.

import { describe, expect, it } from 'vitest';
import { outcomeOf, type Stage } from './browser_pages.js';
import type { BadgeServer } from './server/badge_server.js';

/** Where the server is told that these logins may return to. */
export const BARE_REDIRECT_PATHS = ['/bare/loginImplicitGrant', '/bare/loginPKCEGrant'];

export function describeBareEnvironment(stage: () => Stage, server: () => BadgeServer): void {
  describe('a bare environment', () => bareTests(stage, server));
}

function bareTests(stage: () => Stage, server: () => BadgeServer): void {
  it.each(['loginImplicitGrant', 'loginPKCEGrant'] as const)(
    '%s logs in at login.ENV; then the page lists, clears and hears of it by api.ENV',
    async (grant) => {
      await server().receive('grace');
      const { page, pages } = stage();
      const address = pages.put(`/bare/${grant}`, loginPage(grant, server()));
      await page.context().clearCookies();
      await page.goto(address);
      await page.waitForURL(`https://login.localhost:${server().port}/oauth/authorize?*`);
      await page.fill('input[name=user]', server().userId);
      await page.click('button');
      expect(await outcomeOf(page)).toEqual({
        state: 'where I was',
        user: server().userId,
        cleared: 'grace@app.badged',
        told: { jabberId: 'grace@app.badged', unreadCount: 0 },
        address,
      });
      expect((await server().unread()).map(({ jabberId }) => jabberId)).not.toContain('grace@app.badged');
      const hosts = new Set(stage().requests.map((url) => new URL(url).hostname));
      expect([...hosts].sort()).toEqual(['api.localhost', 'localhost', 'login.localhost']);
    },
  );
}

/** A customer's page: it logs in, opens a channel, and clears the newest of its badges. */
function loginPage(grant: 'loginImplicitGrant' | 'loginPKCEGrant', server: BadgeServer): string {
  const clientId = grant === 'loginPKCEGrant' ? server.pkceClientId : server.implicitClientId;
  return `<script src="/platform_client.min.js"></script>
    <script>
      const client = platformClient.ApiClient.instance;
      client.setEnvironment(${JSON.stringify(server.environment)});
      async function run() {
        const options = { state: 'where I was' };
        const { state } = await client.${grant}('${clientId}', location.origin + location.pathname, options);
        const { id: user } = await new platformClient.UsersApi().getUsersMe();
        const notifications = new platformClient.NotificationsApi();
        const channel = await notifications.postNotificationsChannels();
        const topic = 'v2.users.' + user + '.badges.chats';
        await notifications.postNotificationsChannelSubscriptions(channel.id, [{ id: topic }]);
        const socket = new WebSocket(channel.connectUri);
        await new Promise((resolve) => { socket.onopen = resolve; });
        const told = new Promise((resolve) => {
          socket.onmessage = ({ data }) => {
            const { topicName, eventBody } = JSON.parse(data);
            if (topicName === topic) resolve(eventBody);
          };
        });
        const badges = new platformClient.BadgesApi();
        const { entities: [{ entity }] } = await badges.getBadgesChats({ pageSize: 1 });
        await badges.deleteBadgesChat(entity.jabberId);
        const { entity: { jabberId }, unreadCount } = await told;
        return { state, user, cleared: entity.jabberId, told: { jabberId, unreadCount } };
      }
      run().catch(({ message, error }) => ({ message, error }))
        .then((outcome) => { window.outcome = { ...outcome, address: location.href }; });
    </script>`;
}
