// <badged-count> on its example page: what is shown, what is read aloud, and how it is styled.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExampleStage } from '../badge/example_stage.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export function describeElement(stage: () => ExampleStage): void {
  describe('<badged-count>', () => {
    let page: Page;
    beforeAll(async () => {
      page = await stage().open('/element/');
    });
    afterAll(() => page.close());
    countTests(stage, () => page);
    styleTests(stage, () => page);
  });
}

function countTests(stage: () => ExampleStage, page: () => Page): void {
  it('follows a watch, and says the whole number while it shows 99+', async () => {
    const { setCount } = stage();
    const button = (name: string) => page().getByRole('button', { name, exact: true });
    await setCount(3);
    await button('Notifications 3 unread').waitFor();
    await setCount(120);
    await button('Notifications 120 unread').waitFor();
    expect(await page().locator('#live').getByRole('img').textContent()).toBe('99+');
    await setCount(0);
    await button('Notifications').waitFor();
  });

  it('is nothing at 0 unless it is told to show that, and nothing where the number is not known', async () => {
    expect(await shownTexts(page())).toEqual({ tasks: '99+', 'shown-zero': '0' });
    const shown = page().locator('#shown-zero');
    await shown.evaluate((element) => element.removeAttribute('value'));
    expect(await shownTexts(page())).toEqual({ tasks: '99+' });
    await shown.evaluate((element) => element.setAttribute('value', '0'));
  });

  it('takes what was set on it before its code was there', async () => {
    const text = await page().evaluate(() => {
      // An element of a document without a window is not upgraded before it comes into this one.
      const early = document.implementation.createHTMLDocument().createElement('badged-count');
      Object.defineProperty(early, 'value', { value: 7, configurable: true, writable: true });
      document.body.append(early);
      const shown = early.shadowRoot?.querySelector('[part=count]')?.textContent;
      early.remove();
      return shown;
    });
    expect(text).toBe('7');
  });

  it('is announced politely: a change at once, then the latest of a burst; and never the first number', async () => {
    const timed = await stage().context.newPage();
    await timed.clock.install();
    await timed.goto(`${stage().origin}/element/`);
    await timed.locator('#tasks').getByRole('img').waitFor();
    const announced = await timed.evaluateHandle(() => {
      const { shadowRoot } = document.querySelector('[data-badged-announcer]') ?? {};
      const region = shadowRoot?.querySelector('[role=status]');
      const heard: (string | null)[] = [];
      const listening = new MutationObserver(() => heard.push(region?.textContent ?? null));
      if (region) listening.observe(region, { childList: true });
      return heard;
    });
    await timed.locator('#shown-zero').evaluate((element) => {
      for (let count = 2; count <= 50; count++) element.setAttribute('value', `${count}`);
    });
    expect(await announced.jsonValue()).toEqual(['2 unread']);
    await timed.clock.runFor(3_000);
    expect(await announced.jsonValue()).toEqual(['2 unread']);
    await timed.clock.runFor(10_000);
    expect(await announced.jsonValue()).toEqual(['2 unread', '50 unread']);
    await timed.close();
  });
}

function styleTests(stage: () => ExampleStage, page: () => Page): void {
  it('is styled from outside, and holds still for those who want that', async () => {
    const count = page().locator('#tasks').getByRole('img', { name: '120 open tasks' });
    const style = (property: string) =>
      count.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    expect(await style('background-color')).toBe('rgb(29, 78, 216)');
    expect(await style('animation-name')).toBe('badged-appear');
    await page().emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
    expect([await style('animation-name'), await style('border-top-width')]).toEqual(['none', '1px']);
    await page().emulateMedia({ reducedMotion: null, forcedColors: null });
  });

  it.each(['light', 'dark'] as const)('has no accessibility violation, in %s', async (colorScheme) => {
    await page().emulateMedia({ colorScheme });
    await stage().setCount(3);
    await page().locator('#live').getByRole('img', { name: '3 unread' }).waitFor();
    // The page's own policy lets no other script in; what the debugger runs is none of the page's.
    await page().evaluate(readFileSync(axe, 'utf8'));
    const violations = await page().evaluate(async () => {
      const { violations: found } = await Reflect.get(globalThis, 'axe').run();
      return found.map(({ id, impact }: { id: string; impact: string }) => `${impact}: ${id}`);
    });
    expect(violations).toEqual([]);
  });
}

/** By the element's id, what each one that shows anything shows. */
function shownTexts(page: Page): Promise<Record<string, string | null>> {
  return page.locator('badged-count').evaluateAll((elements) => {
    const shown = elements.flatMap(({ id, shadowRoot }) => {
      const count = shadowRoot?.querySelector('[part=count]');
      return count?.checkVisibility() ? [[id, count.textContent] as const] : [];
    });
    return Object.fromEntries(shown);
  });
}
