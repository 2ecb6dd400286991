/** Turning notifications on: the worker, the permission, the subscription, the registration; each can say no. */
import { type PushToken, subscribeToPush, unsubscribeFromPush } from '@badged/client/worker';
import { isIosBrowser } from './kept_link.js';
import type { PhoneLink } from './phone_link.js';

/** A sentence for people. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** Why this browser cannot have notifications now; undefined if it can. */
export function obstacle(): string | undefined {
  if (!isSecureContext)
    return 'Browsers allow notifications on pages over https only. Open this page at an https address of the server.';
  if (isIosBrowser())
    return 'On an iPhone or iPad, add this page to the home screen first and open it from there. It takes iOS 16.4 or later.';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'This browser has no Web Push. The number above is live all the same, while this page is open.';
  if (Notification.permission === 'denied')
    return 'Notifications are blocked for this page. Allow them in the settings of the browser, then reload.';
  return undefined;
}

/** The same worker again, if it is there already. */
export async function startWorker(): Promise<ServiceWorkerRegistration> {
  const { serviceWorker } = navigator;
  // The page is one level above the worker; the server allows that.
  const registration = await serviceWorker.register(workerUrl(), { scope });
  return active(registration);
}

/** Asks for the permission, so it is called because somebody pressed a button. */
export async function turnOn(link: PhoneLink): Promise<void> {
  const registration = await startWorker();
  const permission = await Notification.requestPermission();
  if (permission !== 'granted')
    throw new Problem(
      permission === 'denied'
        ? 'You did not allow notifications. Allow them in the settings of the browser, then reload.'
        : 'Nothing was decided. Press the button again, and allow notifications.',
    );
  await subscribe(registration, link);
}

/** Whether this browser is subscribed. At each start it registers again, which costs little and heals much. */
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
  NotAllowedError:
    'The browser does not allow pushes here. Allow notifications in its settings, then reload.',
  AbortError:
    'The browser could not subscribe at its push service. Is it online? Private windows have no pushes: open the link in an ordinary one.',
  InvalidAccessError: 'The key in the link is wrong. Make a new link in the dashboard.',
};

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

async function ask({ token }: PhoneLink, method: string, path: string, body?: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return;
  if (answer.status === 401) throw new Problem(expired);
  const refusal: unknown = await answer.json().catch(() => undefined);
  const message =
    typeof refusal === 'object' && refusal !== null ? Reflect.get(refusal, 'message') : undefined;
  throw new Problem(
    typeof message === 'string' ? message : `The server answered ${answer.status}. Try again later.`,
  );
}

export const expired = 'The link has expired. Make a new one in the dashboard, and scan it with this phone.';

const workerPath = '/phone/worker.js';
const scope = '/phone';

/** Not in TypeScript's own types yet. What a policy makes is no string, but passes where one does. */
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

/** Where the content policy asks for trusted types, a worker's address has to be one. */
const trusted = globalThis.trustedTypes?.createPolicy('badged-phone', { createScriptURL: () => workerPath });

function workerUrl(): string {
  return trusted?.createScriptURL(workerPath) ?? workerPath;
}

/** Subscribing needs a worker that is past its installation. */
async function active(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active !== null || worker === null) return registration;
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(registration);
      if (worker.state === 'redundant') reject(new Problem('The page could not be prepared. Reload it.'));
    });
  });
}
