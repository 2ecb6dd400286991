// One tab: its icon, its title and the icon of the installed app.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExampleStage } from './example_stage.js';
import { iconPixels } from './icon_pixels.js';

export function describeBadge(stage: () => ExampleStage): void {
  describe('the badge of a page', () => {
    let page: Page;
    const set = async (count: number) => {
      await stage().setCount(count);
      await shows(page, `${count}`);
    };
    beforeAll(async () => {
      page = await stage().open('/badge/');
    });
    beforeEach(async () => {
      await set(0);
      await page.evaluate(() => {
        document.title = 'Inbox';
      });
    });
    afterAll(() => page.close());
    iconTests(() => page, set);
    titleTests(() => page, set);

    it('promise 2: sets the app icon, clears it at 0, and leaves it untouched where badges are disabled', async () => {
      await page.evaluate(() => Reflect.get(globalThis, 'appBadgeCalls').splice(0));
      await set(5);
      await stage().setMode('disabled');
      await shows(page, 'null');
      const kept = [await page.locator('link[data-badged]').count(), await page.title()];
      await stage().setMode('unread_messages');
      await shows(page, '5');
      await set(0);
      expect(kept).toEqual([1, '(5) Inbox']);
      const calls = await appBadgeCalls(page);
      expect(calls).toEqual([['set', 5], ['set', 5], ['clear']]);
    });
  });
}

type Set = (count: number) => Promise<void>;

function iconTests(page: () => Page, set: Set): void {
  it('is drawn on the icon of the tab, another picture for each number, and the own one at 0', async () => {
    const own = await iconPixels(page());
    await set(3);
    const three = await iconPixels(page());
    await set(4);
    const four = await iconPixels(page());
    await set(0);
    expect(await iconPixels(page())).toEqual(own);
    // Of 32 × 32 pixels: the pill covers a good part, and what differs between digits is within it.
    expect(differing(own, three)).toBeGreaterThan(200);
    expect(differing(three, four)).toBeGreaterThan(20);
    expect(differing(three, four)).toBeLessThan(differing(own, three));
  });

  it('is 99+ on the icon beyond 99, and the whole number in the title', async () => {
    await set(99);
    const most = await iconPixels(page());
    await set(100);
    const hundred = await iconPixels(page());
    await set(12_345);
    expect(await page().title()).toBe('(12345) Inbox');
    expect(await iconPixels(page())).toEqual(hundred);
    expect(differing(most, hundred)).toBeGreaterThan(20);
  });

  it('is drawn on the icon that the page changes to, which is there again at 0', async () => {
    await set(3);
    const before = await iconPixels(page());
    const drawn = await page().locator('link[data-badged]').getAttribute('href');
    await page().evaluate((href) => {
      const link = document.createElement('link');
      link.rel = 'shortcut icon';
      link.type = 'image/svg+xml';
      link.href = href;
      document.head.append(link);
    }, blueIcon);
    const isDrawnAnew = (last: string | null) =>
      document.querySelector('link[data-badged]')?.getAttribute('href') !== last;
    await page().waitForFunction(isDrawnAnew, drawn);
    expect(differing(before, await iconPixels(page()))).toBeGreaterThan(100);
    await set(0);
    const rels = page().locator('link[rel~=icon]');
    expect(await rels.evaluateAll((links) => links.map((link) => link.getAttribute('rel')))).toEqual([
      'icon',
      'shortcut icon',
    ]);
    await rels.last().evaluate((link) => link.remove());
  });
}

/** Larger than the page's own, so that browsers take it. */
const blueIcon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><path fill="blue" d="M0 0h99v99H0z"/></svg>',
)}`;

function titleTests(page: () => Page, set: Set): void {
  const titleBecomes = (title: string) =>
    page().waitForFunction((wanted) => document.title === wanted, title);

  it('stays in front of the title when the page changes that, or replaces the element', async () => {
    await set(3);
    await titleBecomes('(3) Inbox');
    await page().click('#rename');
    await titleBecomes('(3) A conversation');
    await page().evaluate(() => {
      document.title = `${document.title} – Mail`;
    });
    await titleBecomes('(3) A conversation – Mail');
    await page().evaluate(() => {
      const title = document.createElement('title');
      title.textContent = 'Settings';
      document.querySelector('title')?.replaceWith(title);
    });
    await titleBecomes('(3) Settings');
    await set(0);
    await titleBecomes('Settings');
  });

  it('gives way to another script that insists on its own title', async () => {
    await set(3);
    const corrections = await page().evaluate(async () => {
      let count = 0;
      const insisting = new MutationObserver(() => {
        if (document.title === 'Inbox') return;
        count++;
        document.title = 'Inbox';
      });
      insisting.observe(document.head, { childList: true, subtree: true });
      document.title = 'Inbox';
      await new Promise((done) => requestAnimationFrame(done));
      insisting.disconnect();
      return count;
    });
    expect(corrections).toBeGreaterThan(0);
    expect(await page().title()).toBe('Inbox');
  });
}

/** Until the page was told this badge, and has drawn it: the number is drawn once the page's own icon is decoded. */
export async function shows(page: Page, badge: string): Promise<void> {
  await page.waitForFunction((text) => {
    const hasIcon = document.querySelector('link[data-badged]') !== null;
    const drawn = text === 'null' || hasIcon === Number(text) > 0;
    return drawn && document.getElementById('badge')?.textContent === text;
  }, badge);
  // From one number to the next, the icon is decoded already, and drawing it takes no longer than this.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
}

export function appBadgeCalls(page: Page): Promise<unknown> {
  return page.evaluate(() => Reflect.get(globalThis, 'appBadgeCalls'));
}

function differing(one: readonly number[], other: readonly number[]): number {
  const differs = (at: number) => Math.abs((one[at] ?? 0) - (other[at] ?? 0)) > 40;
  const pixels = Array.from({ length: one.length / 4 }, (_, pixel) => pixel * 4);
  return pixels.filter((at) => differs(at) || differs(at + 1) || differs(at + 2) || differs(at + 3)).length;
}
