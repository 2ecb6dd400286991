/** What other sites' pages, and hostile names, can do to whoever is signed in: nothing. */
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';

const hostile = '<img src=x onerror="window.stolen=1"><script>window.stolen=1</script>"\'>';

export function securityTests(environment: DashboardEnvironment): void {
  describe('security', () => {
    test('a page of another origin on the same machine, where the cookie is sent, changes and reads nothing', async () => {
      const before = await environment.call('GET', '/admin/apps');
      // The same host on another port is the same site: SameSite alone would not be enough.
      const outcomes = await fromAnotherOrigin(environment, attacks);
      expect(outcomes).toEqual(attacks.map(() => 'refused'));
      expect(await environment.call('GET', '/admin/apps')).toEqual(before);
    });

    test('no page can be put into a frame', async () => {
      const framed = await fromAnotherOrigin(
        environment,
        `async (url) => {
        const frame = document.createElement('iframe');
        frame.src = url;
        await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
        try { return [frame.contentDocument === null ? 'refused' : 'blank']; } catch { return ['shown']; }
      }`,
      );
      expect(framed).toEqual(['refused']);
    });

    test('names of users, conversations and apps are text, whatever they say', async () => {
      await environment.call('POST', `/apps/${environment.app}/conversations`, {
        participants: [hostile, 'alice'],
        metadata: { title: hostile },
      });
      const { id } = Object(
        await environment.call('POST', `/apps/${environment.app}/conversations`, {
          participants: [hostile, 'mallory'],
          metadata: { title: hostile },
        }),
      );
      await environment.call(
        'POST',
        `/apps/${environment.app}/conversations/${String(id).split('/').pop()}/messages`,
        {
          sender: { user_id: 'mallory' },
          parts: [{ body: hostile, mime_type: 'text/plain' }],
        },
      );
      const app = Object(await environment.call('POST', '/admin/apps', { name: hostile }));
      const page = await environment.page();
      const user = encodeURIComponent(hostile);
      for (const path of [
        `#/users/${environment.app}/${user}`,
        '#/apps',
        `#/apps/${app.id}/settings`,
        '#/playground',
      ]) {
        await page.goto('about:blank');
        await page.goto(`${environment.url}/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('load');
        expect(await page.evaluate(() => Reflect.has(window, 'stolen')), path).toBe(false);
      }
      await environment.call('DELETE', `/admin/apps/${app.id}`);
    });
  });
}

/** Each tries to do or to learn something, as whoever is signed in; "refused" is what it should come to. */
const attacks = [
  // A form of the kind that browsers send without asking.
  `async (url) => {
    const body = JSON.stringify({ name: 'stolen' });
    const form = { method: 'POST', mode: 'no-cors', credentials: 'include', body };
    return fetch(url + '/admin/apps', form).then(({ type }) => type, () => 'refused');
  }`,
  // As the dashboard itself asks: the header needs a preflight.
  `async (url) => fetch(url + '/admin/apps', {
    credentials: 'include',
    headers: { 'x-requested-with': 'badged' },
  }).then(() => 'read', () => 'refused')`,
  `async (url) => fetch(url + '/admin/apps', { credentials: 'include' }).then(() => 'read', () => 'refused')`,
  // A page cannot read what it loads as a script, but it must not run as one either.
  `(url) => new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = url + '/admin/apps';
    script.onload = () => resolve('ran');
    script.onerror = () => resolve('refused');
    document.body.append(script);
  })`,
];

async function fromAnotherOrigin(
  environment: DashboardEnvironment,
  attack: string | readonly string[],
): Promise<unknown> {
  const scripts = typeof attack === 'string' ? [attack] : attack;
  const page = await environment.page({ expectedErrors: /./, otherOrigins: true });
  const foreign = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Another origin</title><body>');
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  try {
    const address = foreign.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on a port');
    await page.goto(`http://127.0.0.1:${address.port}/`);
    const outcomes: unknown[] = [];
    for (const script of scripts) {
      const outcome: unknown = await page.evaluate(`(${script})(${JSON.stringify(environment.url)})`);
      outcomes.push(...(Array.isArray(outcome) ? outcome : [outcome]));
    }
    return outcomes;
  } finally {
    foreign.closeAllConnections();
    foreign.close();
  }
}
