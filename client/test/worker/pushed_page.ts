// The example's page and its service worker, with what a push service, a person who clicks and a browser that changes
// its subscription would do.

import type { CDPSession, Page, Worker } from 'playwright-core';
import type { ExampleStage } from '../badge/example_stage.js';

export interface PushedPage {
  readonly page: Page;
  /** Forgets what was shown and set. */
  clear(): Promise<void>;
  deliver(data: string): Promise<void>;
  /**
   * The titles of the notifications that the worker has shown, in order. Wait for a title here before you call `shown`: a
   * browser that is asked while it shows a notification may forget that one.
   */
  titles(): Promise<unknown>;
  shown(): Promise<Shown[]>;
  /** What the worker asked the app's icon to show. */
  badges(): Promise<unknown>;
  /** Clicks on a notification that leads there, and says what became of it. */
  click(navigate: string | undefined): Promise<unknown>;
  /** The browser puts another subscription in the place of the one it has. */
  changeSubscription(): Promise<void>;
}

export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly data: unknown;
}

export async function openPushedPage({ context, origin }: ExampleStage): Promise<PushedPage> {
  const page = await context.newPage();
  await page.addInitScript(defineSubscriptions);
  await page.addInitScript(subscribeWithoutPushService);
  const registered = context.waitForEvent('serviceworker');
  const devTools = await context.newCDPSession(page);
  const registration = registrationOf(devTools);
  await page.goto(`${origin}/worker/`);
  const worker = await registered;
  await page.locator('#worker', { hasText: 'ready' }).waitFor();
  await worker.evaluate(defineSubscriptions);
  await worker.evaluate(recordInWorker);
  const registrationId = await registration;
  return {
    page,
    clear: () => clear(page, worker),
    deliver: async (data) =>
      void (await devTools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })),
    titles: () => worker.evaluate(() => Reflect.get(globalThis, 'titles')),
    shown: () =>
      page.evaluate(async () => {
        const notifications = await (await navigator.serviceWorker.ready).getNotifications();
        return notifications.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
      }),
    badges: () => worker.evaluate(() => Reflect.get(globalThis, 'badgeCalls')),
    click: (navigate) => worker.evaluate(clickInWorker, navigate),
    changeSubscription: () => worker.evaluate(changeSubscriptionInWorker),
  };
}

async function registrationOf(devTools: CDPSession): Promise<string> {
  const found = new Promise<string>((resolve) => {
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations.filter(({ isDeleted }) => !isDeleted);
      if (registration !== undefined) resolve(registration.registrationId);
    });
  });
  await devTools.send('ServiceWorker.enable');
  return found;
}

async function clear(page: Page, worker: Worker): Promise<void> {
  await page.evaluate(async () => {
    for (const notification of await (await navigator.serviceWorker.ready).getNotifications())
      notification.close();
  });
  await worker.evaluate(recordInWorker);
}

/** No one may open a window or take the focus without a person's click, nor is there an icon. */
function recordInWorker(): void {
  const badges: unknown[] = [];
  const visits: unknown[] = [];
  const titles: string[] = [];
  Object.assign(globalThis, { badgeCalls: badges, visits, titles });
  const registration: ServiceWorkerRegistration = Reflect.get(globalThis, 'registration');
  const { showNotification } = ServiceWorkerRegistration.prototype;
  Object.assign(registration, {
    async showNotification(title: string, options?: NotificationOptions) {
      await showNotification.call(registration, title, options);
      titles.push(title);
    },
  });
  Object.assign(navigator, {
    setAppBadge: async (count: number) => badges.push(['set', count]),
    clearAppBadge: async () => badges.push(['clear']),
  });
  const windows: { prototype: object } = Reflect.get(globalThis, 'WindowClient');
  Object.assign(windows.prototype, {
    async focus(this: { url: string }) {
      visits.push(['focused', this.url]);
    },
  });
  Object.assign(Reflect.get(globalThis, 'clients'), {
    openWindow: async (url: string) => visits.push(['opened', url]),
  });
}

async function clickInWorker(navigate: string | undefined): Promise<unknown> {
  const registration: ServiceWorkerRegistration = Reflect.get(globalThis, 'registration');
  await registration.showNotification('To be clicked', { tag: 'clicked', data: { navigate } });
  const [notification] = await registration.getNotifications({ tag: 'clicked' });
  const event: Event = new (Reflect.get(globalThis, 'NotificationEvent'))('notificationclick', {
    notification,
  });
  const waiting: Promise<unknown>[] = [];
  // Only of an event that the browser itself made can it be asked to wait.
  Object.defineProperty(event, 'waitUntil', { value: (done: Promise<unknown>) => waiting.push(done) });
  dispatchEvent(event);
  await Promise.all(waiting);
  const left = await registration.getNotifications({ tag: 'clicked' });
  return [waiting.length, left.length, Reflect.get(globalThis, 'visits').pop()];
}

async function changeSubscriptionInWorker(): Promise<void> {
  const waiting: Promise<unknown>[] = [];
  const event = Object.assign(new Event('pushsubscriptionchange'), {
    newSubscription: await Reflect.get(globalThis, 'makeSubscription')(),
    waitUntil: (done: Promise<unknown>) => waiting.push(done),
  });
  dispatchEvent(event);
  await Promise.all(waiting);
}

/** Without a network no push service gives subscriptions. These have keys that could be encrypted for. */
function defineSubscriptions(): void {
  const base64url = (bytes: Uint8Array) =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  Reflect.set(globalThis, 'makeSubscription', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const auth = crypto.getRandomValues(new Uint8Array(16));
    const endpoint = `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`;
    const keys = { p256dh: base64url(publicKey), auth: base64url(auth) };
    return { endpoint, toJSON: () => ({ endpoint, keys }) };
  });
}

function subscribeWithoutPushService(): void {
  let current: unknown = null;
  Object.assign(PushManager.prototype, {
    getSubscription: async () => current,
    async subscribe({ userVisibleOnly }: PushSubscriptionOptionsInit) {
      if (userVisibleOnly !== true) throw new TypeError('Pushes have to be visible.');
      const made = await Reflect.get(globalThis, 'makeSubscription')();
      const unsubscribe = async () => {
        current = null;
        return true;
      };
      current = { ...made, unsubscribe };
      return current;
    },
  });
}
