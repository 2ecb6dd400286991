/** The playground: what a newcomer does in the first minute, and what an app's backend does meanwhile. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';

export function playgroundTests(environment: DashboardEnvironment): void {
  describe('the playground', () => {
    test('one click sends from one phone to another, whose badge goes up; one more reads it', async () => {
      const page = await playground(environment);
      const before = await badgeOf(environment, 'bob');
      await phone(page, 'alice').getByRole('button', { name: 'Send from alice' }).click();
      await showsBadge(page, 'bob', before + 1);
      await phone(page, 'bob').getByText('alice: Lunch at noon?').click();
      await showsBadge(page, 'bob', 0);
      await phone(page, 'bob').getByRole('button', { name: 'bob: mark alice as unread' }).click();
      await showsBadge(page, 'bob', 1);
      await page.getByRole('status').getByText('bob: 1').waitFor({ state: 'attached' });
      await phone(page, 'bob').getByText('alice: Lunch at noon?').click();
      await showsBadge(page, 'bob', 0);
    });

    test('a number follows a call that was made elsewhere, and so does every mode', async () => {
      const page = await playground(environment);
      const before = await badgeOf(environment, 'bob');
      const { app } = environment;
      await environment.call('PUT', `/apps/${app}/users/bob/badge`, { external_unread_count: 2 });
      await sendFromAlice(environment);
      await sendFromAlice(environment);
      await showsBadge(page, 'bob', before + 4);
      await environment.call('PATCH', `/admin/apps/${app}`, { badge_mode: 'unread_conversations' });
      await showsBadge(page, 'bob', 3);
      expect(await page.getByRole('radio', { name: 'Conversations' }).isChecked()).toBe(true);
      await page.getByText('External', { exact: true }).click();
      await showsBadge(page, 'bob', 2);
      await page.getByText('Disabled', { exact: true }).click();
      await phone(page, 'bob').getByText('Badges are disabled: the icon keeps its number').waitFor();
      // Promise: disabled leaves the device as it is, and 0 would be a value.
      await phone(page, 'bob').getByRole('img', { name: 'App icon with badge 2, not updated' }).waitFor();
      await page.getByText('Messages', { exact: true }).click();
      await showsBadge(page, 'bob', before + 4);
      await page.getByRole('button', { name: 'One less for bob' }).click({ clickCount: 2 });
      await showsBadge(page, 'bob', before + 2);
    });

    test('an announcement counts once the app says so, and the explanation adds up', async () => {
      const page = await playground(environment);
      const before = await badgeOf(environment, 'carol');
      await page.getByRole('button', { name: 'Announce to everyone' }).click();
      await phone(page, 'carol').getByText('1 announcement, not counted').first().waitFor();
      await page.getByRole('switch', { name: 'Count announcements too' }).click();
      await showsBadge(page, 'carol', before + 1);
      await phone(page, 'carol')
        .getByRole('button', { name: `Why ${before + 1}?` })
        .click();
      const dialog = page.getByRole('dialog', { name: 'The badge of carol' });
      await dialog.getByRole('row', { name: `Badge ${before + 1}` }).waitFor();
      await page.keyboard.press('Escape');
      await phone(page, 'carol').getByText('The team').click();
      await showsBadge(page, 'carol', before);
      await page.getByRole('switch', { name: 'Count announcements too' }).click();
    });

    test('what is copied as curl does it once more', async () => {
      const page = await playground(environment);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      const before = await badgeOf(environment, 'bob');
      const text = `It's "$HOME" & \`more\``;
      await page.getByLabel('Message from alice to bob').fill(text);
      await page.keyboard.press('Enter');
      await showsBadge(page, 'bob', before + 1);
      const call = page.getByRole('listitem').filter({ hasText: 'alice sends a message' });
      await call.getByText('201').waitFor();
      await call.getByRole('button', { name: 'Copy as curl' }).click();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      const answer = execFileSync('/bin/sh', ['-c', command.replace('curl', 'curl -sS')], {
        env: { ...process.env, TOKEN: environment.token },
        encoding: 'utf8',
      });
      expect(JSON.parse(answer)).toMatchObject({ parts: [{ body: text }], sender: { user_id: 'alice' } });
      await showsBadge(page, 'bob', before + 2);
    });

    test('in any other app nothing is written before somebody asks for it', async () => {
      const app = Object(await environment.call('POST', '/admin/apps', { name: 'Not to be played with' }));
      const knowsAlice = async () => {
        const headers = { authorization: `Bearer ${app.token}` };
        return (await fetch(`${environment.url}/apps/${app.id}/users/alice/badge`, { headers })).status;
      };
      const page = await environment.page();
      await page.goto(`${environment.url}/#/playground/${app.id}`);
      const setUp = page.getByRole('button', { name: 'Create three demo users' });
      await setUp.waitFor();
      expect(await knowsAlice()).toBe(404);
      await setUp.click();
      await phone(page, 'bob').getByRole('button', { name: 'Send from bob' }).click();
      await showsBadge(page, 'alice', 1);
      expect(await knowsAlice()).toBe(200);
      // The phones would notice, and say so.
      await page.close();
      await environment.call('DELETE', `/admin/apps/${app.id}`);
    });

    test('while the server is out of reach the page says so, and keeps what was to be sent', async () => {
      await using line = await Line.to(environment.url);
      const page = await environment.page({ expectedErrors: /net::ERR_/, otherOrigins: true });
      await openPlayground(page, line.url);
      const before = await badgeOf(environment, 'bob');
      const field = page.getByLabel('Message from alice to bob');
      await field.fill('Are you there?');
      const streams = page.getByRole('listitem').filter({ hasText: 'Live badge of' });
      await expect.poll(() => streams.getByText('live', { exact: true }).count()).toBe(3);
      await line.cut();
      await phone(page, 'bob').getByText('Reconnecting…').waitFor();
      await expect.poll(() => streams.getByText('reconnecting…').count()).toBe(3);
      await field.press('Enter');
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').count()).toBe(1);
      expect(await field.inputValue()).toBe('Are you there?');
      await sendFromAlice(environment);
      await line.mend();
      await field.press('Enter');
      await showsBadge(page, 'bob', before + 2);
      await expect.poll(() => streams.getByText('live', { exact: true }).count()).toBe(3);
      await expect.poll(() => page.getByText('Reconnecting…').count()).toBe(0);
      await expect.poll(() => page.getByRole('alert').count()).toBe(0);
      await expect.poll(() => field.inputValue()).not.toBe('Are you there?');
    });

    test('of two windows, the one that was looked at last is live', async () => {
      const first = await playground(environment);
      const second = await first.context().newPage();
      await second.goto(`${environment.url}/#/playground`);
      await first.getByText('The phones are live in another window.').waitFor();
      // Without a screen every window takes itself for the one that is looked at.
      await first.evaluate(() => window.dispatchEvent(new Event('focus')));
      await second.getByText('The phones are live in another window.').waitFor();
      const before = await badgeOf(environment, 'bob');
      await sendFromAlice(environment);
      await showsBadge(first, 'bob', before + 1);
    });
  });
}

async function playground(environment: DashboardEnvironment): Promise<Page> {
  const page = await environment.page();
  await openPlayground(page, environment.url);
  return page;
}

async function openPlayground(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/#/playground`);
  // A phone that knows its badge listens, and says what the number is made of.
  await phone(page, 'carol')
    .getByRole('button', { name: /^Why \d+\?$/ })
    .waitFor();
  await phone(page, 'carol').getByRole('button', { name: 'Send from carol' }).waitFor();
}

/** Between a page and the server, to be cut: every connection at once, and no new ones until it is mended. */
class Line {
  readonly #sockets = new Set<Socket>();
  readonly #ends: Server;
  #port = 0;

  static async to(url: string): Promise<Line> {
    const line = new Line(Number(new URL(url).port));
    await line.mend();
    return line;
  }

  constructor(port: number) {
    this.#ends = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
        one.pipe(other);
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async mend(): Promise<void> {
    await once(this.#ends.listen(this.#port, '127.0.0.1'), 'listening');
    const address = this.#ends.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  async cut(): Promise<void> {
    const closed = once(this.#ends, 'close');
    this.#ends.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ends.listening) await this.cut();
  }
}

function phone(page: Page, person: string) {
  return page.getByRole('article', { name: person });
}

async function showsBadge(page: Page, person: string, badge: number): Promise<void> {
  const name = badge === 0 ? 'App icon without a badge' : `App icon with badge ${badge}`;
  await phone(page, person).getByRole('img', { name, exact: true }).waitFor();
}

async function badgeOf(environment: DashboardEnvironment, person: string): Promise<number> {
  const path = `/apps/${environment.app}/users/${person}/badge`;
  const { badge } = Object(await environment.call('GET', path));
  return Number(badge);
}

async function sendFromAlice(environment: DashboardEnvironment): Promise<void> {
  const conversations = `/apps/${environment.app}/conversations`;
  const ofBoth = { participants: ['alice', 'bob'], distinct: true };
  const { id } = Object(await environment.call('POST', conversations, ofBoth));
  await environment.call('POST', `${conversations}/${encodeURIComponent(id)}/messages`, {
    sender: { user_id: 'alice' },
    parts: [{ body: 'Hello from elsewhere', mime_type: 'text/plain' }],
  });
}
