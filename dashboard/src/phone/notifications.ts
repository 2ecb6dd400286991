/** Turns notifications on: service worker, permission, subscription, registration. Each can fail. */
import { type PushToken, subscribeToPush, unsubscribeFromPush } from '@badged/client/worker';
import type { PhoneLink } from './phone_link.js';
import { isIosBrowser } from './stored_link.js';

/** An error with a message for the user. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** Why this browser cannot show notifications; undefined if it can. */
export function obstacle(): string | undefined {
  if (!isSecureContext)
    return 'Browsers allow notifications over https only. Open this page with an https URL.';
  if (isIosBrowser())
    return 'On an iPhone or iPad (iOS 16.4 or later), first add this page to the home screen and open it from there.';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'This browser does not support Web Push. The number above is live while this page is open.';
  if (Notification.permission === 'denied')
    return 'Notifications are blocked for this page. Allow them in the settings of the browser, then reload.';
  return undefined;
}

/** Registers the service worker, if it is not registered yet. */
async function startWorker(): Promise<ServiceWorkerRegistration> {
  const { serviceWorker } = navigator;
  // The scope is above the worker's path; the server allows it with a header.
  const registration = await serviceWorker.register(workerUrl(), { scope });
  return active(registration);
}

/** Asks for permission, so it must be called from a click. */
export async function turnOn(link: PhoneLink): Promise<void> {
  const registration = await startWorker();
  const permission = await Notification.requestPermission();
  if (permission !== 'granted')
    throw new Problem(
      permission === 'denied'
        ? 'You did not allow notifications. Allow them in the settings of the browser, then reload.'
        : 'Press the button again, and allow notifications.',
    );
  await subscribe(registration, link);
}

/** Whether this browser is subscribed. Registers again at each start, in case the server lost the device. */
export async function keepOn(link: PhoneLink): Promise<boolean> {
  if (Notification.permission !== 'granted') return false;
  const registration = await startWorker();
  if ((await registration.pushManager.getSubscription()) === null) return false;
  await subscribe(registration, link);
  return true;
}

export async function turnOff(link: PhoneLink): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration(scope);
  if (registration === undefined) return;
  const unregister = (device: string) => ask(link, 'DELETE', `/push_tokens/${encodeURIComponent(device)}`);
  await unsubscribeFromPush({ registration, unregister });
}

async function subscribe(registration: ServiceWorkerRegistration, link: PhoneLink): Promise<void> {
  const register = (token: PushToken) => ask(link, 'POST', '/push_tokens', token);
  try {
    await subscribeToPush({ registration, vapidPublicKey: link.key, register });
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(subscriptionProblems[nameOf(error)] ?? `The browser could not subscribe: ${error}`);
  }
}

/** By the name of what pushManager.subscribe throws (https://www.w3.org/TR/push-api/). */
const subscriptionProblems: Readonly<Record<string, string>> = {
  NotAllowedError: 'The browser blocks notifications. Allow them in its settings, then reload.',
  AbortError:
    'The browser could not subscribe at its push service. Check the connection. Private windows do not support Web Push.',
  InvalidAccessError: 'The key in the link is wrong. Create a new link in the dashboard.',
};

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

async function ask({ token }: PhoneLink, method: string, path: string, body?: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.ok) return;
  if (response.status === 401) throw new Problem(expired);
  const refusal: unknown = await response.json().catch(() => undefined);
  const message =
    typeof refusal === 'object' && refusal !== null ? Reflect.get(refusal, 'message') : undefined;
  throw new Problem(
    typeof message === 'string' ? message : `The server responded with ${response.status}. Try again later.`,
  );
}

export const expired =
  'The link has expired. Create a new one in the dashboard, and scan it with this phone.';

const workerPath = '/phone/worker.js';
const scope = '/phone';

/** Missing in TypeScript's types. A policy's result is accepted where a string is. */
declare global {
  var trustedTypes:
    | {
        createPolicy(
          name: string,
          rules: { createScriptURL(url: string): string },
        ): { createScriptURL(url: string): string };
      }
    | undefined;
}

/** Required for a worker's URL where the content policy requires trusted types. */
const trusted = globalThis.trustedTypes?.createPolicy('badged-phone', { createScriptURL: () => workerPath });

function workerUrl(): string {
  return trusted?.createScriptURL(workerPath) ?? workerPath;
}

/** Waits until the worker is active, which subscribing requires. */
async function active(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active !== null || worker === null) return registration;
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(registration);
      if (worker.state === 'redundant')
        reject(new Problem('The service worker failed to start. Reload the page.'));
    });
  });
}
