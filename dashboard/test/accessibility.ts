/** Every page, in both schemes and at both widths, as axe-core sees it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';
import { everyPage, openPage } from './every_page.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const views = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 375 },
] as const;

export function accessibilityTests(environment: DashboardEnvironment): void {
  describe('accessibility', () => {
    test('axe-core finds no serious violation on any page, light and dark, and none scrolls sideways', async () => {
      const page = await environment.page();
      for (const { name, path } of everyPage) {
        await openPage(page, environment, path);
        await page.evaluate(axe);
        for (const { colorScheme, width } of views) {
          const where = `${name}, ${colorScheme}, ${width} pixels wide`;
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          expect(await violations(page), where).toEqual([]);
          expect(await isTooWide(page), where).toBe(false);
        }
      }
    });
  });
}

type Page = Awaited<ReturnType<DashboardEnvironment['page']>>;

async function violations(page: Page): Promise<string[]> {
  // A color on its way from one scheme to the other is neither, and it goes when the page has heard of the change.
  // What turns for ever, such as the sign of a page that loads, has no end to go to.
  await page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    for (const animation of document.getAnimations())
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
  });
  const found: unknown =
    await page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`);
  return Array.isArray(found) ? found.map(String) : [`axe answered ${found}`];
}

function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
