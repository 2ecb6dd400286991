/** Apps: created, changed and deleted, as the person does who runs the service. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';

const hostile = '<img src=x onerror=alert(1)>';

export function appsTests(environment: DashboardEnvironment): void {
  describe('apps', () => {
    test('an app is created, shows its token once, and counts as the preview of its new mode says', async () => {
      const page = await environment.page();
      const { id, token } = await create(page, environment, 'Support desk', 'Unread conversations');
      await page.getByRole('radio', { name: 'Unread conversations', checked: true }).waitFor();
      expect(await previews(page)).toEqual(['8', '5', '3', 'not updated']);

      await page.getByRole('switch', { name: 'Add unread announcements' }).check();
      expect(await previews(page)).toEqual(['9', '6', '4', 'not updated']);
      await page.getByLabel('External count', { exact: true }).fill('10');
      expect(await previews(page)).toEqual(['16', '13', '11', 'not updated']);
      await page.getByRole('radio', { name: 'External count only' }).click();
      await page.getByText('all devices are updated').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved.').waitFor();
      expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);

      // The token opens the app, and what was previewed is what its users get.
      expect(await badgeOfSomebody(environment, id, token)).toMatchObject({
        badge: 10,
        badge_mode: 'external',
      });
      await page.getByRole('tab', { name: 'Tokens' }).click();
      await page.getByRole('button', { name: 'Revoke first' }).waitFor();
      expect(await page.content()).not.toContain(token);
    });

    test('what the server refuses is said at the field; a revoked token opens nothing', async () => {
      const page = await environment.page({ expectedErrors: /422/ });
      const { id, token } = await create(page, environment, 'Newsroom');
      await page.getByLabel('Jabber domain').fill('no domain!');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('jabber_domain must be a domain name').waitFor();
      expect(await page.getByLabel('Jabber domain').getAttribute('aria-invalid')).toBe('true');
      await page.getByRole('button', { name: 'Discard' }).click();

      await page.getByRole('tab', { name: 'Tokens' }).click();
      const revoke = page.getByRole('button', { name: 'Revoke first' });
      await revoke.click();
      await page.getByText('It is the only token').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Revoke first');
      await revoke.click();
      await page.getByRole('button', { name: 'Revoke token' }).click();
      await page.getByText('This app has no token').waitFor();
      await expect(badgeOfSomebody(environment, id, token)).rejects.toThrow('401');
    });

    test('an app whose name is markup is shown as text, and deleted only by whoever types that name', async () => {
      const page = await environment.page();
      const dialogs: string[] = [];
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await create(page, environment, hostile);
      await page.getByRole('heading', { level: 1, name: hostile, exact: true }).waitFor();
      await page.getByRole('tab', { name: 'Danger zone' }).click();
      await page.getByRole('button', { name: 'Delete app…' }).click();
      const name = page.getByLabel("Type the app's name to confirm");
      const forGood = page.getByRole('button', { name: 'Delete permanently' });
      await name.fill(hostile.slice(0, -1));
      expect(await forGood.isDisabled()).toBe(true);
      await page.keyboard.press('Enter');
      await name.fill(hostile);
      await forGood.click();
      await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor();
      await page.getByRole('link', { name: hostile, exact: true }).waitFor({ state: 'detached' });
      expect(dialogs).toEqual([]);
      expect(await page.locator('img').count()).toBe(0);
    });

    test('an app pushes to browsers once it has keys, which are made on request, and not after they are removed', async () => {
      const page = await environment.page();
      await create(page, environment, 'Web shop');
      await page.getByRole('tab', { name: 'Push' }).click();
      const browsers = page.getByRole('region', { name: 'Browsers' });
      await browsers.getByText('Log only').waitFor();
      await browsers.getByRole('button', { name: 'Set credentials' }).click();
      await page.getByLabel('Contact').fill('mailto:you@example.com');
      await page.getByLabel('URL to open').fill('https://shop.example.com/');
      await page.getByRole('button', { name: 'Generate keys' }).click();
      await browsers.getByText('Sending').waitFor();
      expect(await browsers.locator('code').innerText()).toMatch(/^[\w-]{87}$/);
      await browsers.getByRole('button', { name: 'Remove credentials' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove credentials' }).click();
      await browsers.getByText('Log only').waitFor();
    });
  });
}

/** By the form; afterwards the page of the new app is open. */
async function create(page: Page, { url }: DashboardEnvironment, name: string, mode?: string) {
  await page.goto(`${url}/#/apps`);
  await page.getByRole('button', { name: 'Create app' }).click();
  const window = page.getByRole('dialog');
  await window.getByLabel('Name').fill(name);
  if (mode !== undefined) await window.getByLabel(mode).check();
  await window.getByRole('button', { name: 'Create app' }).click();
  const token = await page.locator('[data-secret]').innerText();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  const [, id = ''] = /#\/apps\/([^/]+)/.exec(page.url()) ?? [];
  return { id, token };
}

/** What each mode's icon shows, from the first to the last. */
async function previews(page: Page): Promise<(string | undefined)[]> {
  const cards = await page.getByRole('radio').all();
  return Promise.all(
    cards.map(async (card) => {
      const number = card.locator('[data-badge]');
      if ((await number.count()) > 0) return number.innerText();
      return (await card.innerText()).split('\n').at(-1);
    }),
  );
}

/** Of a user with an external count of 10 and nothing else, as the backend of the app reads it. */
async function badgeOfSomebody({ url }: DashboardEnvironment, app: string, token: string): Promise<unknown> {
  const address = `${url}/apps/${app}/users/somebody/badge`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const set = await fetch(address, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ external_unread_count: 10 }),
  });
  if (!set.ok) throw new Error(`status ${set.status}`);
  return (await fetch(address, { headers })).json();
}
