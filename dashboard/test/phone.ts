/**
 * From the dashboard to a phone's icon. Headless Chromium without a network has no push service, so that a subscription
 * is as far as it goes; what arrives is delivered by the DevTools protocol instead.
 */
import type { CDPSession, Page, Worker } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { reachabilityOf } from '../src/try_phone/reachability.js';
import type { DashboardEnvironment } from './environment.js';

export function phoneTests(environment: DashboardEnvironment): void {
  describe('try it on your phone', () => {
    test('an address is judged by what a phone can do with it', () => {
      const kindOf = (address: string) => reachabilityOf(address).kind;
      expect(kindOf('https://badges.example.com')).toBe('phone');
      expect(kindOf('http://192.168.1.7:8080/')).toBe('insecure');
      expect(kindOf('http://localhost:8080')).toBe('this_computer');
      expect(kindOf('http://[::1]:8080')).toBe('this_computer');
      for (const address of [
        '',
        'badges.example.com',
        'https://',
        'https://a.example/path',
        'ftp://a.example',
      ])
        expect(kindOf(address), address).toBe('malformed');
    });

    test('a message that is sent in the dashboard shows on the phone at once, and so does reading it', async () => {
      const user = 'phone of é/<b>';
      const dashboard = await environment.page();
      const address = await phoneLink(environment, user, dashboard);
      const phone = await environment.page({ signedIn: false, width: 375 });
      await phone.goto(address);
      await phone.getByText('Live', { exact: true }).waitFor();
      await phone.getByText(user).waitFor();
      expect(phone.url(), 'the token leaves the address').toBe(`${environment.url}/phone`);
      await dashboard.getByRole('button', { name: 'Send a message' }).click();
      await phone.getByRole('img', { name: 'App icon with badge 1' }).waitFor();
      await dashboard.getByRole('button', { name: 'Read everything' }).click();
      await phone.getByRole('img', { name: 'App icon without a badge' }).waitFor();
      await phone.reload();
      await phone.getByText('Live', { exact: true }).waitFor();
      await phone.getByRole('button', { name: 'Forget this phone' }).click();
      await phone.getByText('paste its link here').waitFor();
      expect(await phone.evaluate(() => localStorage.length)).toBe(0);
    });

    test('it can be installed, and a push shows a notification and sets the number on the icon', async () => {
      const address = await phoneLink(environment, 'pushed-to');
      const phone = await environment.page({ signedIn: false, expectedErrors: /incognito/ });
      const context = phone.context();
      await context.grantPermissions(['notifications'], { origin: environment.url });
      const devTools = await context.newCDPSession(phone);
      const registered = registration(devTools);
      await devTools.send('ServiceWorker.enable');
      await phone.goto(address);
      const registrationId = await registered;
      const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
      expect(await installationProblems(devTools)).toEqual([]);

      await phone.getByRole('button', { name: 'Turn on notifications' }).click();
      await phone.getByRole('alert').filter({ hasText: 'could not subscribe at its push service' }).waitFor();

      await recordInWorker(worker);
      const notification = { title: 'Anna', body: 'Are you there?', navigate: `${environment.url}/phone` };
      const push = { web_push: 8030, notification: { ...notification, app_badge: '3' }, app_badge: '3' };
      const data = JSON.stringify({ ...push, mutable: true });
      await devTools.send('ServiceWorker.deliverPushMessage', {
        origin: environment.url,
        registrationId,
        data,
      });
      // A browser that is asked while it shows a notification may forget that one.
      await expect.poll(() => worker.evaluate(() => Reflect.get(globalThis, 'titles'))).toEqual(['Anna']);
      await expect
        .poll(() => outcomeOf(worker))
        .toEqual({ badges: [3], shown: [['Anna', 'Are you there?']] });
    });

    test('on an iPhone the link stays in the address until the page is on the home screen', async () => {
      const phone = await environment.page({ signedIn: false, width: 375, expectedErrors: /401/ });
      await phone.addInitScript(() => Reflect.set(navigator, 'standalone', false));
      const link = `#${new URLSearchParams({ app: environment.app, user: 'phone', token: 'stale', key: 'BA' })}`;
      await phone.goto(`${environment.url}/phone${link}`);
      await phone.getByText('The link has expired').waitFor();
      expect(new URL(phone.url()).hash).toBe(link);
      const manifest = await phone.locator('link[rel=manifest]').getAttribute('href');
      const answer = await fetch(new URL(manifest ?? '', environment.url));
      const { display, start_url } = Object(await answer.json());
      expect({ display, start_url }).toEqual({ display: 'standalone', start_url: undefined });
    });

    test('a link that is not good any more is said to be so, and another can be pasted', async () => {
      const phone = await environment.page({ signedIn: false, expectedErrors: /401/ });
      const stale = new URLSearchParams({ app: environment.app, user: 'phone', token: 'stale', key: 'BA' });
      await phone.goto(`${environment.url}/phone#${stale}`);
      await phone.getByText('The link has expired').waitFor();
      await phone.getByLabel('Link').fill(await phoneLink(environment, 'pasted'));
      await phone.getByRole('button', { name: 'Open' }).click();
      await phone.getByText('Live', { exact: true }).waitFor();
    });
  });
}

function registration(devTools: CDPSession): Promise<string> {
  return new Promise((resolve) => {
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first !== undefined) resolve(first.registrationId);
    });
  });
}

/** Playwright's pages are private windows, in which nothing can be installed. */
async function installationProblems(devTools: CDPSession): Promise<readonly string[]> {
  const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
  return installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
}

/** The browser tells nobody what an icon shows, so the worker's calls are listened to on their way. */
/** The numbers that the worker sets, and the titles of the notifications that it has shown. */
async function recordInWorker(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    const titles: string[] = [];
    const registration: ServiceWorkerRegistration = Reflect.get(globalThis, 'registration');
    const { showNotification } = ServiceWorkerRegistration.prototype;
    registration.showNotification = async (title, options) => {
      await showNotification.call(registration, title, options);
      titles.push(title);
    };
    const badges: number[] = [];
    const setAppBadge = navigator.setAppBadge.bind(navigator);
    navigator.setAppBadge = (badge) => {
      badges.push(badge ?? -1);
      return setAppBadge(badge);
    };
    Object.assign(globalThis, { badges, titles });
  });
}

async function outcomeOf(worker: Worker): Promise<unknown> {
  return worker.evaluate(async () => {
    const registration: unknown = Reflect.get(globalThis, 'registration');
    if (!(registration instanceof ServiceWorkerRegistration)) return undefined;
    const notifications = await registration.getNotifications();
    const shown = notifications.map(({ title, body }) => [title, body]);
    return { badges: Reflect.get(globalThis, 'badges'), shown };
  });
}

/** From the page "Try it on your phone", which makes the app's keys first if it has none. */
export async function phoneLink(
  environment: DashboardEnvironment,
  user: string,
  page?: Page,
): Promise<string> {
  const dashboard = page ?? (await environment.page());
  await dashboard.goto(`${environment.url}/#/try/${environment.app}`);
  await dashboard.getByLabel('User id').fill(user);
  await dashboard.getByRole('button', { name: 'Create the link' }).click();
  const link = dashboard.getByRole('link', { name: 'Open here' });
  const contact = dashboard.getByLabel('Your e-mail address');
  await link.or(contact).waitFor();
  if (await contact.isVisible()) {
    await contact.fill('me@example.com');
    await dashboard.getByRole('button', { name: 'Generate keys and create the link' }).click();
  }
  const address = await link.getAttribute('href');
  if (address === null) throw new Error('There is no link.');
  await dashboard.getByRole('img', { name: /^Code of the link/ }).waitFor();
  return address;
}
