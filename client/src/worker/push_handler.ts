/**
 * Web Push in a service worker: each push shows its notification and sets the number on the app's icon, and the worker
 * stays alive until both are done. Browsers cancel the subscription of a site whose pushes show nothing, so every push
 * shows something.
 */
import { type PushMessage, pushMessage } from './push_message.js';
import { type PushToken, pushToken } from './push_token.js';
import type {
  NotificationEventLike,
  PushEventLike,
  SubscriptionChangeEventLike,
  WorkerScope,
} from './scope.js';

export interface PushHandlerOptions {
  /** The title for a push without one: it comes from another service, or cannot be read. */
  readonly fallbackTitle?: string;
  /** Options of every notification, such as its icon. The push's own tag wins. */
  readonly notification?: NotificationOptions;
  /**
   * Registers the subscription with which the browser replaced its old one, by your backend or the service itself.
   * Without it, pushes stop until a page subscribes again.
   */
  readonly register?: (token: PushToken) => unknown;
}

/**
 * Adds the listeners for pushes, clicks on notifications and replaced subscriptions. Call it at the top level of the
 * service worker.
 *
 * @example handleBadgedPush(self, { fallbackTitle: 'New activity' });
 */
export function handleBadgedPush(scope: WorkerScope, options: PushHandlerOptions = {}): void {
  // A worker's events have no type that pages share, so each is narrowed by what it has.
  const on = <E extends Event>(
    type: string,
    isEvent: (event: Event) => event is E,
    handle: (event: E) => void,
  ) =>
    scope.addEventListener(type, (event) => {
      if (isEvent(event)) handle(event);
    });
  on('push', isPush, (event) => event.waitUntil(receive(scope, options, pushMessage(event))));
  on('notificationclick', isNotificationEvent, (event) => {
    event.notification.close();
    event.waitUntil(visit(scope, event.notification.data));
  });
  on('pushsubscriptionchange', isSubscriptionChange, (event) =>
    event.waitUntil(resubscribe(scope, options, event)),
  );
}

async function receive(
  scope: WorkerScope,
  options: PushHandlerOptions,
  message: PushMessage = { title: options.fallbackTitle ?? 'Something is new' },
): Promise<void> {
  const { title, body, tag, data, navigate, badge } = message;
  const notification = scope.registration.showNotification(title, {
    ...options.notification,
    ...(body !== undefined && { body }),
    ...(tag !== undefined && { tag }),
    data: { navigate, data },
  });
  // The notification is shown even if the icon does not take the number.
  await Promise.all([notification, setBadge(scope.navigator, badge)]);
}

async function setBadge(navigator: object, badge: number | undefined): Promise<void> {
  if (badge === undefined || !isBadging(navigator)) return;
  await (badge > 0 ? navigator.setAppBadge(badge) : navigator.clearAppBadge()).catch(() => {});
}

/** Focuses the window that is open there, or opens one. Never leads to another origin, whatever the push says. */
async function visit({ clients, location, registration }: WorkerScope, data: unknown): Promise<void> {
  const wanted = typeof data === 'object' && data !== null ? Reflect.get(data, 'navigate') : undefined;
  const { scope } = registration;
  const target = typeof wanted === 'string' ? parseUrl(wanted, scope) : undefined;
  const url = target?.origin === location.origin ? target.href : scope;
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find((window) => window.url === url);
  await (open === undefined ? clients.openWindow(url) : open.focus());
}

/** Not URL.canParse, which Safari 16.4 lacks. */
function parseUrl(text: string, base: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

async function resubscribe(
  { registration }: WorkerScope,
  { register }: PushHandlerOptions,
  { newSubscription, oldSubscription }: SubscriptionChangeEventLike,
): Promise<void> {
  if (register === undefined) return;
  const options = oldSubscription?.options;
  const subscription =
    newSubscription ??
    (await registration.pushManager.getSubscription()) ??
    (options === undefined ? undefined : await registration.pushManager.subscribe(again(options)));
  if (subscription !== undefined) await register(await pushToken(subscription));
}

function again({ applicationServerKey }: PushSubscriptionOptions): PushSubscriptionOptionsInit {
  return { userVisibleOnly: true, applicationServerKey };
}

function isPush(event: Event): event is Event & PushEventLike {
  return 'waitUntil' in event;
}

function isNotificationEvent(event: Event): event is Event & NotificationEventLike {
  return 'waitUntil' in event && 'notification' in event;
}

function isSubscriptionChange(event: Event): event is Event & SubscriptionChangeEventLike {
  return 'waitUntil' in event;
}

interface Badging {
  setAppBadge(count: number): Promise<void>;
  clearAppBadge(): Promise<void>;
}

function isBadging(navigator: object): navigator is Badging {
  return 'setAppBadge' in navigator && 'clearAppBadge' in navigator;
}
