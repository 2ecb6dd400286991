/** Every page, light and dark, at phone and desktop width, as pictures for docs/: see CONTRIBUTING.md. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { DashboardEnvironment } from './environment.js';
import { everyPage, openPage } from './every_page.js';
import { makeLively } from './lively.js';

const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));

describe('screenshots', () => {
  const environment = new DashboardEnvironment();

  test('of every page', async () => {
    mkdirSync(folder, { recursive: true });
    await makeLively(environment);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [device, width] of [['desktop', 1280] as const, ['phone', 375] as const]) {
        const page = await environment.page({ colorScheme, width });
        for (const { name, path } of everyPage) {
          await openPage(page, environment, path);
          await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${device}.png`, fullPage: true });
        }
        const signedOut = await environment.page({
          colorScheme,
          width,
          signedIn: false,
          expectedErrors: /401/,
        });
        await signedOut.goto(environment.url);
        await signedOut.getByLabel('Admin token').waitFor();
        await signedOut.screenshot({ path: `${folder}/sign-in-${colorScheme}-${device}.png` });
      }
    }
  });
});
