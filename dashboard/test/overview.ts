/** The overview: what the server says of its last hour. */
import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import type { DashboardEnvironment } from './environment.js';

/** The first figures come ten seconds after the start, the next ones ten seconds later. */
const patience = { timeout: 15_000, interval: 250 };

export function overviewTests(environment: DashboardEnvironment): void {
  describe('the overview', () => {
    test('draws what the server says of its last hour, which can be read without seeing it, and with the keyboard', async () => {
      const page = await environment.page();
      await page.goto(`${environment.url}/#/overview`);
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      const chart = page.getByRole('application', { name: /^Requests over time/ });
      await chart.waitFor({ timeout: patience.timeout });

      await vi.waitFor(async () => {
        const { samples } = Object(await environment.call('GET', '/admin/overview'));
        const last = samples.at(-1);
        const peak = Math.max(...samples.map((sample: object) => Reflect.get(sample, 'requests_per_second')));
        expect(await textOf(page, 'Requests')).toContain(
          `${shown(last.requests_per_second)}/s peak ${shown(peak)}/s at `,
        );
        expect(await textOf(page, 'Waiting alerts')).toContain(` ${shown(last.outbox_depth)} `);
        expect(await textOf(page, 'Open streams')).toContain(` ${shown(last.open_streams)} `);
        expect(await textOf(page, 'Latency')).toMatch(/99% within [\d.]+ m?s Half within [\d.]+ m?s/);
      }, patience);

      await chart.focus();
      await page.keyboard.press('ArrowLeft');
      await page
        .getByRole('status')
        .filter({ hasText: /\d:\d\d:\d\d.*Requests.*\/s/s })
        .waitFor();
    }, 40_000);
  });
}

async function textOf(page: Page, name: string): Promise<string> {
  const text = await page.getByRole('region', { name, exact: true }).innerText();
  return text.replaceAll(/\s+/g, ' ');
}

/** As the page writes amounts below a thousand. */
function shown(value: number): string {
  const digits = value < 10 ? { maximumFractionDigits: 2 } : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat('en-US', digits).format(value);
}
