/**
 * Web Push in a service worker: each push shows its notification and sets the number on the app's icon, and the worker
 * is kept alive until both are done. A push that shows nothing costs a site its subscription, so every one shows
 * something.
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
  /** The title of the notification for a push that has none, because it comes from elsewhere or cannot be read. */
  readonly fallbackTitle?: string;
  /** For every notification: its icon, its monochrome icon in a status bar, its sound … A push's own tag wins. */
  readonly notification?: NotificationOptions;
  /**
   * Tells your backend, or the service, of the subscription that the browser put in the place of the one it had.
   * Without it, pushes cease until a page subscribes again.
   */
  readonly register?: (token: PushToken) => unknown;
}

export function handleBadgedPush(scope: WorkerScope, options: PushHandlerOptions = {}): void {
  // A worker's events have no common type that pages know of: each is told by the name that it is listened to by.
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
  // Whether the icon takes the number or not, what counts for the subscription is that something was shown.
  await Promise.all([notification, setBadge(scope.navigator, badge)]);
}

async function setBadge(navigator: object, badge: number | undefined): Promise<void> {
  if (badge === undefined || !isBadging(navigator)) return;
  await (badge > 0 ? navigator.setAppBadge(badge) : navigator.clearAppBadge()).catch(() => {});
}

/** To the page that is open already, or to a new one; never to another origin, whoever wrote the push. */
async function visit({ clients, location, registration }: WorkerScope, data: unknown): Promise<void> {
  const wanted = typeof data === 'object' && data !== null ? Reflect.get(data, 'navigate') : undefined;
  const { scope } = registration;
  const isUrl = typeof wanted === 'string' && URL.canParse(wanted, scope);
  const target = isUrl ? new URL(wanted, scope) : new URL(scope);
  const url = target.origin === location.origin ? target.href : scope;
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find((window) => window.url === url);
  await (open === undefined ? clients.openWindow(url) : open.focus());
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
