/** The user inspector, as somebody uses it who wonders about a badge. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { statusOf } from '../src/users/device_status.js';
import type { DashboardEnvironment } from './environment.js';

export function usersTests(environment: DashboardEnvironment): void {
  const at = (user: string) => `${environment.url}/#/users/${environment.app}/${encodeURIComponent(user)}`;
  const ofUser = (user: string) => `/apps/${environment.app}/users/${encodeURIComponent(user)}`;
  const call = (method: string, path: string, body?: unknown) => environment.call(method, path, body);

  /** Three messages in a conversation of this title. */
  async function write(user: string, title: string): Promise<void> {
    const path = `/apps/${environment.app}/conversations`;
    const made = Object(await call('POST', path, { participants: [user], metadata: { title } }));
    const messages = `${path}/${String(made.id).split('/').pop()}/messages`;
    const message = { sender: { name: 'Example' }, parts: [{ body: 'Hello', mime_type: 'text/plain' }] };
    for (let sent = 0; sent < 3; sent += 1) await call('POST', messages, message);
  }

  describe('the user inspector', () => {
    test('promise 10: the items add up to the badge, which follows what happens elsewhere', async () => {
      const user = 'inspected';
      await write(user, 'Lunch');
      await call('PUT', `${ofUser(user)}/badge/external/tasks`, { count: 4 });
      const page = await environment.page();
      await page.goto(at(user));
      await waitForBadge(page, '7');
      expect(await addends(page)).toEqual([4, 3]);
      await call('PUT', `${ofUser(user)}/badge/external/tasks`, { count: 9 });
      await waitForBadge(page, '12');
      expect(await addends(page)).toEqual([9, 3]);
      await page.getByRole('button', { name: 'Mark read: Lunch' }).click();
      await waitForBadge(page, '9');
      expect(await addends(page)).toEqual([9]);
    });

    test('promise 7: each device is shown with the number it accepted, which becomes the badge', async () => {
      const user = 'with-a-device';
      await call('PUT', `${ofUser(user)}/badge`, { external_unread_count: 2 });
      const device = { type: 'apns', apns_bundle_id: 'com.example.chat', apns_environment: 'development' };
      const address = { device_id: 'the <b>phone</b>', token: 'b2'.repeat(32) };
      await call('POST', `${ofUser(user)}/push_tokens`, { ...device, ...address });
      const page = await environment.page({ width: 375 });
      await page.goto(at(user));
      const devices = page.getByRole('region', { name: 'Devices' });
      await devices.getByText('Shows 2').waitFor();
      await devices.getByText('Up to date').waitFor();
      await devices.getByText('the <b>phone</b>').waitFor();
      expect(await devices.innerText()).not.toContain('b2b2');
      await call('PUT', `${ofUser(user)}/badge`, { external_unread_count: 5 });
      await devices.getByText('Shows 5').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    });

    test('promise 2: a device that shows another number, or none that is known, is said to, with the reason', () => {
      const at = '2030-01-01T00:00:00.000Z';
      const phone = { type: 'apns', badge: 3, badge_accepted_at: at } as const;
      expect(statusOf(phone, 3).kind).toBe('current');
      expect(statusOf({ ...phone, badge: 0 }, 0).kind).toBe('current');
      expect(statusOf(phone, 0)).toMatchObject({ kind: 'differs', title: 'Should be 0' });
      expect(statusOf({ ...phone, badge: null }, 0).title).toBe('Push in flight');
      expect(statusOf({ ...phone, badge: null, badge_accepted_at: null }, 0).title).toMatch(
        'Nothing accepted',
      );
      expect(statusOf({ ...phone, type: 'webpush' }, 0).why).toMatch('do not allow silent pushes');
      const heldBack = { ...phone, type: 'fcm', badge_held_back_until: at } as const;
      expect(statusOf(heldBack, 4)).toMatchObject({
        kind: 'differs',
        why: expect.stringContaining('Android delays'),
      });
      expect(statusOf(phone, null).kind, 'disabled is not 0').toBe('untouched');
    });

    test('any id opens from a link, and none is taken for another', async () => {
      const ids = ['a/b %?#"<é😀', 'a/b', 'a%2Fb', '<img src=x onerror=alert(1)>'];
      for (const [index, id] of ids.entries())
        await call('PUT', `${ofUser(id)}/badge`, { external_unread_count: index + 1 });
      const page = await environment.page();
      for (const [index, id] of ids.entries()) {
        await page.goto(at(id));
        await page.getByRole('heading', { level: 2, name: id, exact: true }).waitFor();
        await waitForBadge(page, `${index + 1}`);
      }
      // Those looked at lately are links to the same.
      await page.goto(`${environment.url}/#/users/${environment.app}`);
      await page.getByRole('link', { name: ids[0] ?? '', exact: true }).click();
      await waitForBadge(page, '1');
      // The field takes what nobody encoded.
      await page.getByLabel('User id').fill('a%2Fb');
      await page.getByRole('button', { name: 'Look up' }).click();
      await waitForBadge(page, '3');
    });

    test('an unknown user is said to be unknown, until somebody names them', async () => {
      const page = await environment.page();
      await page.goto(at('stranger'));
      await page.getByText('This app has no user “stranger” yet').waitFor();
      await call('PUT', `${ofUser('stranger')}/badge`, { external_unread_count: 1 });
      await waitForBadge(page, '1');
    });
  });
}

/** The number at the top and the sum at the bottom are asked for apart, and meet. */
async function waitForBadge(page: Page, badge: string): Promise<void> {
  await page
    .getByTestId('badge-now')
    .filter({ hasText: new RegExp(`^${badge}$`) })
    .waitFor();
  await page
    .getByTestId('sum')
    .filter({ hasText: new RegExp(`^= ${badge}$`) })
    .waitFor();
}

/** What the items add; that they make the sum is checked here. */
async function addends(page: Page): Promise<readonly number[]> {
  const table = page.getByRole('table', { name: 'Where the badge comes from' });
  const texts = await table.locator('tbody tr td:last-child').allInnerTexts();
  const numbers = texts.map(Number);
  const sum = numbers.reduce((total, each) => total + each, 0);
  expect(await page.getByTestId('sum').innerText()).toBe(`= ${sum}`);
  return numbers.filter((each) => each > 0);
}
