/** Every page, light and dark, at phone and desktop width, as pictures for docs/: see CONTRIBUTING.md. */
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
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

  test('of every page', async () => {
    mkdirSync(folder, { recursive: true });
    await makeLively(environment);
    const watching = await environment.page();
    await openPage(watching, environment, '/#/playground');
    for (const end = Date.now() + talkMs; Date.now() < end; await sleep(40 + 60 * Math.random()))
      await talk(environment);
    const phone = await phoneLink(environment, 'bob');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [device, width] of [['desktop', 1280] as const, ['phone', 375] as const]) {
        const signedIn = await environment.page({ colorScheme, width });
        const signedOut = await environment.page({
          colorScheme,
          width,
          signedIn: false,
          expectedErrors: /401/,
        });
        const shoot = (name: string, page: typeof signedIn) =>
          page.screenshot({ path: `${folder}/${name}-${colorScheme}-${device}.png`, fullPage: true });
        for (const { name, path } of everyPage) {
          if (path === '/phone') continue;
          await openPage(signedIn, environment, path);
          await shoot(name, signedIn);
        }
        await signedOut.goto(environment.url);
        await signedOut.getByLabel('Admin token').waitFor();
        await shoot('sign-in', signedOut);
        await signedOut.goto(phone);
        await signedOut.getByText('Live', { exact: true }).waitFor();
        await shoot('phone', signedOut);
      }
    }
  });
});
