/** Every page, in both schemes and at both widths, as axe-core sees it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';
import { everyPage, openPage } from './every_page.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function accessibilityTests(environment: DashboardEnvironment): void {
  describe('accessibility', () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`axe-core finds no serious violation on any page, ${colorScheme}, at phone and desktop width`, async () => {
        const page = await environment.page({ colorScheme });
        for (const { name, path } of everyPage) {
          for (const width of [1280, 375]) {
            await page.setViewportSize({ width, height: 800 });
            await openPage(page, environment, path);
            expect(await violations(page), `${name}, ${width} pixels wide`).toEqual([]);
            expect(await isTooWide(page), `${name} scrolls sideways at ${width} pixels`).toBe(false);
          }
        }
      });
    }
  });
}

type Page = Awaited<ReturnType<DashboardEnvironment['page']>>;

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: unknown = await page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`);
  return Array.isArray(found) ? found.map(String) : [`axe answered ${found}`];
}

function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
