/** The frame around the pages, when not everything goes well. */
import { describe, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';

export function shellTests(environment: DashboardEnvironment): void {
  describe('the shell', () => {
    test('a page whose code does not come says so, leaves the menu, and comes once it is asked for again', async () => {
      const page = await environment.page({ expectedErrors: /Failed|ERR_FAILED|preload|import/ });
      await page.route('**/assets/apps_page-*', (route) => route.abort());
      await page.goto(`${environment.url}/#/playground`);
      await page.getByRole('link', { name: 'Apps', exact: true }).click();
      await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor();
      await page.getByRole('link', { name: 'Users' }).click();
      await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
      await page.getByRole('link', { name: 'Apps', exact: true }).click();
      await page.unroute('**/assets/apps_page-*');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor();
    });

    test('on a phone the menu opens, and Escape closes it', async () => {
      const page = await environment.page({ width: 375 });
      await page.goto(`${environment.url}/#/apps`);
      const menu = page.getByRole('button', { name: 'Menu' });
      await menu.click();
      await page.getByRole('link', { name: 'Users' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Menu', expanded: false }).waitFor();
    });
  });
}
