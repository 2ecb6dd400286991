/** The overview: what the server says of its last hour. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';

export function overviewTests(environment: DashboardEnvironment): void {
  describe('the overview', () => {
    test('draws what the server says of its last hour, which can be read without seeing it, and with the keyboard', async () => {
      const page = await environment.page();
      const heard = heardOf(page);
      await page.goto(`${environment.url}/#/overview`);
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      const chart = page.getByRole('application', { name: /^Requests over time/ });
      await chart.waitFor();

      const samples = await heard;
      const last = samples.at(-1);
      const peak = Math.max(...samples.map((sample) => Number(Reflect.get(sample, 'requests_per_second'))));
      const figure = (name: string) =>
        shown(Number(last === undefined ? undefined : Reflect.get(last, name)));
      expect(await textOf(page, 'Requests')).toContain(
        `${figure('requests_per_second')}/s peak ${shown(peak)}/s at `,
      );
      expect(await textOf(page, 'Pending alerts')).toContain(` ${figure('outbox_depth')} `);
      expect(await textOf(page, 'Open streams')).toContain(` ${figure('open_streams')} `);
      expect(await textOf(page, 'Latency')).toMatch(/99% [\d.]+ m?s Median [\d.]+ m?s/);

      await chart.focus();
      await page.keyboard.press('ArrowLeft');
      await page
        .getByRole('status')
        .filter({ hasText: /\d:\d\d:\d\d.*Requests.*\/s/s })
        .waitFor();
    });
  });
}

/** The first samples that the page was told: they come ten seconds after the start of the server. */
async function heardOf(page: Page): Promise<readonly object[]> {
  for (;;) {
    const answer = await page.waitForResponse((response) => response.url().endsWith('/admin/overview'));
    const { samples } = Object(await answer.json());
    if (Array.isArray(samples) && samples.length > 0) return samples;
  }
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
