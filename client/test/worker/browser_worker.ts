// Web Push in the example's service worker. A push is delivered by the DevTools protocol, as a push service would.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ExampleStage } from '../badge/example_stage.js';
import { openPushedPage, type PushedPage } from './pushed_page.js';

/** As the service sends it. */
const notification = {
  title: 'Alice',
  body: 'Are you there?',
  navigate: '/badge/?conversation=1',
  tag: 'conversation-1',
  data: { conversation: 1 },
  app_badge: '3',
};
const push = { web_push: 8030, notification, app_badge: '3', mutable: true };

export function describeWorker(stage: () => ExampleStage): void {
  describe('a service worker with handleBadgedPush', () => {
    let pushed: PushedPage;
    beforeAll(async () => {
      pushed = await openPushedPage(stage());
    });
    afterEach(() => pushed.clear());
    afterAll(() => pushed.page.close());

    pushTests(() => pushed);
    clickTests(stage, () => pushed);
    subscriptionTests(stage, () => pushed);
  });
}

/** A worker may have to be started first. */
function soon(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 40_000, interval: 20 });
}

function pushTests(pushed: () => PushedPage): void {
  const titleIs = async (shown: string) => {
    await soon(async () =>
      expect(
        Array.of(await pushed().titles())
          .flat()
          .at(-1),
      ).toBe(shown),
    );
    await soon(async () => expect((await pushed().shown()).map(({ title }) => title)).toEqual([shown]));
  };

  it('shows the notification of a push, and sets the number on the icon', async () => {
    await pushed().deliver(JSON.stringify(push));
    await titleIs('Alice');
    const { title, body, tag, data, navigate } = notification;
    expect(await pushed().shown()).toEqual([{ title, body, tag, data: { navigate, data } }]);
    await soon(async () => expect(await pushed().badges()).toEqual([['set', 3]]));
  });

  it('promise 2: clears the icon at 0, and leaves it untouched where a push says nothing of it', async () => {
    const { app_badge: _, ...disabled } = { ...notification, title: 'Badges are disabled' };
    await pushed().deliver(JSON.stringify({ web_push: 8030, notification: disabled, mutable: true }));
    await titleIs('Badges are disabled');
    await pushed().deliver(JSON.stringify({ ...push, app_badge: '0' }));
    await titleIs('Alice');
    await soon(async () => expect(await pushed().badges()).toEqual([['clear']]));
  });

  it('shows something for a push that it cannot read: one that shows nothing costs the subscription', async () => {
    await pushed().deliver('not JSON');
    await titleIs('Something is new');
    expect(await pushed().badges()).toEqual([]);
  });
}

function clickTests(stage: () => ExampleStage, pushed: () => PushedPage): void {
  it.each([
    ['the page that is open there already', '/worker/', 'focused', '/worker/'],
    ['a page that is not open', '/badge/?conversation=1', 'opened', '/badge/?conversation=1'],
    ['another origin: no, to the own pages', 'https://elsewhere.example/', 'focused', '/worker/'],
    ['a script: no, to the own pages', 'javascript:alert(1)', 'focused', '/worker/'],
    ['nowhere in particular', undefined, 'focused', '/worker/'],
  ])('a click closes the notification and leads to %s', async (_, navigate, how, where) => {
    expect(await pushed().click(navigate)).toEqual([1, 0, [how, stage().origin + where]]);
  });
}

function subscriptionTests(stage: () => ExampleStage, pushed: () => PushedPage): void {
  it('registers the browser with the service once, then the one in its place, and takes it back', async () => {
    const { page, changeSubscription } = pushed();
    const outcome = (text: string) => page.locator('#pushes', { hasText: text }).waitFor();
    for (const _ of ['at first', 'at the next start']) {
      await page.click('#subscribe');
      await outcome('will come');
    }
    const first = await stage().devices();
    expect(first).toEqual([expect.objectContaining({ type: 'webpush' })]);
    await changeSubscription();
    expect(await stage().devices()).toHaveLength(2);
    await page.click('#unsubscribe');
    await outcome('will not come');
    const left = await stage().devices();
    expect(left).toHaveLength(1);
    expect(left).not.toEqual(first);
  });

  it('cannot be asked for without the key of the app, and the page says what is needed', async () => {
    const page = await stage().context.newPage();
    await page.route('**/backend/session', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), vapid_public_key: '' } });
    });
    await page.goto(`${stage().origin}/worker/`);
    await page.locator('#pushes', { hasText: '--vapid-public-key' }).waitFor();
    expect(await page.isDisabled('#subscribe')).toBe(true);
    await page.close();
  });
}
