/** The pages there are, for what is said of all of them. */
import type { Page } from 'playwright-core';
import type { DashboardEnvironment } from './environment.js';

interface PageUnderTest {
  readonly name: string;
  /** APP stands for the demo app. */
  readonly path: string;
}

export const everyPage: readonly PageUnderTest[] = [
  { name: 'playground', path: '/#/playground' },
  { name: 'apps', path: '/#/apps' },
  { name: 'app-settings', path: '/#/apps/APP/settings' },
  { name: 'app-tokens', path: '/#/apps/APP/tokens' },
  { name: 'app-oauth', path: '/#/apps/APP/oauth' },
  { name: 'app-push', path: '/#/apps/APP/push' },
  { name: 'user', path: '/#/users/APP/bob' },
  { name: 'overview', path: '/#/overview' },
  { name: 'try-it', path: '/#/try/APP' },
  { name: 'phone', path: '/phone' },
];

/** Shown, with what it asked the server for; from another page of the dashboard without loading it all again. */
export async function openPage(
  page: Page,
  { url, app }: Pick<DashboardEnvironment, 'url' | 'app'>,
  path: string,
) {
  await page.goto(url + path.replace('APP', app));
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(
    () => document.querySelector('[aria-label="Loading"], .mantine-Loader-root') === null,
  );
}
