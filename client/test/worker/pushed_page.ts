// The example's page and its service worker, with what a push service, a person who clicks and a browser that changes
// its subscription would do.

import type { CDPSession, Page, Worker } from 'playwright-core';
import type { ExampleStage } from '../badge/example_stage.js';

export interface PushedPage {
  readonly page: Page;
  /** Forgets what was shown and set. */
  clear(): Promise<void>;
  deliver(data: string): Promise<void>;
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
  await page.addInitScript(subscribeWithoutPushService);
  const registered = context.waitForEvent('serviceworker');
  const devTools = await context.newCDPSession(page);
  const registration = registrationOf(devTools);
  await page.goto(`${origin}/worker/`);
  const worker = await registered;
  await page.locator('#worker', { hasText: 'ready' }).waitFor();
  await worker.evaluate(recordInWorker);
  const registrationId = await registration;
  return {
    page,
    clear: () => clear(page, worker),
    deliver: async (data) =>
      void (await devTools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })),
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
  Object.assign(globalThis, { badgeCalls: badges, visits });
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
  const { registration, visits, NotificationEvent } = globalThis as unknown as {
    registration: ServiceWorkerRegistration;
    visits: unknown[];
    NotificationEvent: new (type: string, init: object) => Event;
  };
  await registration.showNotification('To be clicked', { tag: 'clicked', data: { navigate } });
  const [notification] = await registration.getNotifications({ tag: 'clicked' });
  const event = new NotificationEvent('notificationclick', { notification });
  const waiting: Promise<unknown>[] = [];
  // Only of an event that the browser itself made can it be asked to wait.
  Object.defineProperty(event, 'waitUntil', { value: (done: Promise<unknown>) => waiting.push(done) });
  dispatchEvent(event);
  await Promise.all(waiting);
  const left = await registration.getNotifications({ tag: 'clicked' });
  return [waiting.length, left.length, visits.pop()];
}

async function changeSubscriptionInWorker(): Promise<void> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const text = (bytes: ArrayBuffer) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  const endpoint = `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`;
  const p256dh = text(await crypto.subtle.exportKey('raw', pair.publicKey));
  const keys = { p256dh, auth: text(crypto.getRandomValues(new Uint8Array(16)).buffer) };
  const newSubscription = { endpoint, toJSON: () => ({ endpoint, keys }) };
  const waiting: Promise<unknown>[] = [];
  const event = Object.assign(new Event('pushsubscriptionchange'), {
    newSubscription,
    waitUntil: (done: Promise<unknown>) => waiting.push(done),
  });
  dispatchEvent(event);
  await Promise.all(waiting);
}

/** Without a network no push service gives subscriptions. This one has keys that could be encrypted for. */
function subscribeWithoutPushService(): void {
  let current: unknown = null;
  const text = (bytes: ArrayBuffer) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  Object.assign(PushManager.prototype, {
    getSubscription: async () => current,
    async subscribe({ userVisibleOnly }: PushSubscriptionOptionsInit) {
      if (userVisibleOnly !== true) throw new TypeError('Pushes have to be visible.');
      const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
        'deriveBits',
      ]);
      const endpoint = `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`;
      const p256dh = text(await crypto.subtle.exportKey('raw', pair.publicKey));
      const keys = { p256dh, auth: text(crypto.getRandomValues(new Uint8Array(16)).buffer) };
      current = {
        endpoint,
        toJSON: () => ({ endpoint, keys }),
        async unsubscribe() {
          current = null;
          return true;
        },
      };
      return current;
    },
  });
}
