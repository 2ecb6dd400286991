// Several tabs of one origin: one stream for all of them, handed over when its tab goes or sleeps.

import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appBadgeCalls, shows } from './browser_badge.js';
import type { ExampleStage } from './example_stage.js';
import { iconPixels } from './icon_pixels.js';

export function describeTabs(stage: () => ExampleStage): void {
  describe('tabs of one origin', () => {
    beforeEach(() => void stage().streamsAskedFor());
    afterEach(() =>
      Promise.all(
        stage()
          .context.pages()
          .map((page) => page.close()),
      ),
    );
    tabTests(stage);
  });
}

function tabTests(stage: () => ExampleStage): void {
  const openTwo = async (count: number): Promise<[Page, Page]> => {
    await stage().setCount(count);
    const leader = await stage().open('/badge/');
    await shows(leader, `${count}`);
    const follower = await stage().open('/badge/');
    await shows(follower, `${count}`);
    return [leader, follower];
  };
  const streamsAre = (count: number) =>
    vi.waitFor(async () => expect(await stage().openStreams()).toBe(count), {
      timeout: 20_000,
      interval: 30,
    });

  it('share one stream, and a new one knows the badge at once', async () => {
    const { setCount, streamsAskedFor } = stage();
    const tabs = await openTwo(2);
    expect(await stage().openStreams()).toBe(1);
    await setCount(7);
    for (const tab of tabs) await shows(tab, '7');
    expect(streamsAskedFor()).toHaveLength(1);
    expect(await Promise.all(tabs.map((tab) => tab.title()))).toEqual(['(7) Inbox', '(7) Inbox']);
    for (const tab of tabs) expect(await appBadgeCalls(tab)).toContainEqual(['set', 7]);
  });

  it('hand the stream over when the tab that has it is closed', async () => {
    const { setCount, streamsAskedFor } = stage();
    const [leader, follower] = await openTwo(2);
    await leader.close();
    await setCount(8);
    await shows(follower, '8');
    await streamsAre(1);
    expect(streamsAskedFor()).toHaveLength(2);
  });

  it('hand it over when that tab is frozen, which has the newest badge when it wakes', async () => {
    const { setCount, context } = stage();
    const [leader, follower] = await openTwo(2);
    const debug = await context.newCDPSession(leader);
    await debug.send('Debugger.enable');
    const frozen = new Promise((resolve) => debug.once('Debugger.paused', resolve));
    // A page without a window to hide is never frozen. As there, it is told and runs no task after that.
    const awake = leader.evaluate(async () => {
      document.dispatchEvent(new Event('freeze'));
      for (let turn = 0; turn < 50; turn++) await null;
      // biome-ignore lint/suspicious/noDebugger: Here the page stands still until the test goes on.
      debugger;
      document.dispatchEvent(new Event('resume'));
    });
    await frozen;
    await setCount(9);
    // Sooner than a visible tab would look after a tab that does not answer.
    await follower.locator('#badge', { hasText: /^9$/ }).waitFor();
    await debug.send('Debugger.resume');
    await awake;
    await shows(leader, '9');
    await streamsAre(1);
  });

  it('do not starve where whoever holds the lock is silent: a visible one reads for itself', async () => {
    const { setCount, open } = stage();
    await setCount(2);
    const leader = await open('/badge/');
    await shows(leader, '2');
    const mute = await open('/badge/icon.svg');
    await mute.evaluate(async () => {
      const { held } = await navigator.locks.query();
      void navigator.locks.request(held?.[0]?.name ?? '', () => new Promise(() => {}));
    });
    await leader.close();
    const page = await open('/badge/');
    await setCount(6);
    await shows(page, '6');
    await mute.close();
    await setCount(5);
    await shows(page, '5');
    await streamsAre(1);
  });

  it.each(['online', 'visibilitychange'])(
    'come back at once on %s, instead of after a rest',
    async (event) => {
      const { setCount, context, origin, complaints } = stage();
      await setCount(2);
      const page = await context.newPage();
      // Of the times to rest that are drawn, the longest: twelve seconds.
      await page.addInitScript(() => {
        Math.random = () => 0.999;
      });
      await page.route('**/badge', (route) => route.abort());
      await page.goto(`${origin}/badge/`);
      await page.locator('#state', { hasText: 'waiting' }).waitFor();
      await page.unroute('**/badge');
      expect(complaints()).toEqual([expect.stringContaining('ERR_FAILED')]);
      await page.evaluate((type) => {
        (type === 'online' ? globalThis : document).dispatchEvent(new Event(type));
      }, event);
      await page.locator('#badge', { hasText: /^2$/ }).waitFor({ timeout: 8_000 });
    },
  );

  it('are all cleared by signing out in one, and the stream ends', async () => {
    const tabs = await openTwo(4);
    await tabs[1].click('#sign-out');
    for (const tab of tabs) await tab.locator('#state', { hasText: 'signed-out' }).waitFor();
    for (const tab of tabs) {
      expect(await tab.title()).toBe('Inbox');
      expect(await tab.locator('link[rel=icon]').getAttribute('href')).toBe('icon.svg');
      expect(await appBadgeCalls(tab)).toEqual([['set', 4], ['clear']]);
      expect(await tab.locator('#badge').textContent()).toBe('no user is signed in');
    }
    expect(await iconPixels(tabs[0])).toEqual(await iconPixels(tabs[1]));
    await streamsAre(0);
  });

  it('each have a stream of their own where the browser has no locks', async () => {
    const { context, origin, setCount } = stage();
    await setCount(1);
    const pages = await Promise.all([context.newPage(), context.newPage()]);
    for (const page of pages) {
      await page.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
      await page.goto(`${origin}/badge/`);
      await shows(page, '1');
    }
    expect(await stage().openStreams()).toBe(2);
  });
}
