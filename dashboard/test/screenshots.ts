/** Every page, light and dark, at phone and desktop width, as pictures for docs/: see CONTRIBUTING.md. */
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, test } from 'vitest';
import { DashboardEnvironment } from './environment.js';
import { everyPage, openPage } from './every_page.js';
import { makeLively, talk } from './lively.js';
import { phoneLink } from './phone.js';

const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
/** The overview has a figure for every ten seconds: some minutes make a curve. */
const talkMs = 150_000;

describe('screenshots', () => {
  const environment = new DashboardEnvironment();

  async function views(shoot: (page: Page, signedOut: Page, view: string) => Promise<void>): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [device, width] of [['desktop', 1280] as const, ['phone', 375] as const]) {
        const page = await environment.page({ colorScheme, width });
        const options = { colorScheme, width, signedIn: false, expectedErrors: /401/ };
        const signedOut = await environment.page(options);
        await shoot(page, signedOut, `${colorScheme}-${device}`);
        await page.close();
        await signedOut.close();
      }
    }
  }

  test('of the playground, where something was just sent', async () => {
    mkdirSync(folder, { recursive: true });
    await makeLively(environment);
    await views(async (page, _, view) => {
      await openPage(page, environment, '/#/playground');
      await page.getByRole('button', { name: 'Send from alice' }).click();
      await page.getByText('alice: Lunch at noon?').waitFor();
      await save(page, `playground-${view}`);
    });
  });

  test('of every other page, when there was some traffic', async () => {
    const watching = await environment.page();
    await openPage(watching, environment, '/#/playground');
    for (const end = Date.now() + talkMs; Date.now() < end; await sleep(40 + 60 * Math.random()))
      await talk(environment);
    await watching.close();
    const phone = await phoneLink(environment, 'bob');
    await views(async (page, signedOut, view) => {
      for (const { name, path } of everyPage) {
        if (path === '/phone' || name === 'playground') continue;
        await openPage(page, environment, path);
        if (name === 'overview') await page.locator('.recharts-surface').first().waitFor();
        await save(page, `${name}-${view}`);
      }
      await signedOut.goto(environment.url);
      await signedOut.getByLabel('Admin token').waitFor();
      await save(signedOut, `sign-in-${view}`);
      await signedOut.goto(phone);
      await signedOut.getByText('Live', { exact: true }).waitFor();
      await save(signedOut, `phone-${view}`);
    });
  });
});

async function save(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
