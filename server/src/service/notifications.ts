/** Notifications: the visible part of the push of a message or an announcement, and pushes without either. */
import type { AlertContent } from '../store/push_port.js';
import { type ChosenId, checkUserCount, parseResourceId, userId, userIds } from './ids.js';
import { refuseInvalid } from './refused.js';
import type { Service } from './service.js';

export interface Texts {
  readonly title?: string | undefined;
  readonly text?: string | undefined;
  readonly sound?: string | undefined;
}

/** The notification object of the API. It never has a badge: the service computes it. */
export interface Notification extends Texts {
  readonly category?: string | undefined;
  readonly 'title-loc-key'?: string | undefined;
  readonly 'title-loc-args'?: readonly string[] | undefined;
  readonly 'loc-key'?: string | undefined;
  readonly 'loc-args'?: readonly string[] | undefined;
  readonly apns?: object | undefined;
  readonly data?: object | undefined;
  /** Texts for single users. A text that is missing is taken from above. */
  readonly recipients?: readonly (Texts & { readonly user_id: string })[] | undefined;
}

/** Undefined if it has nothing to show to any user: then only the badge is sent. */
export function alertOf(service: Service, notification: Notification | undefined): AlertContent | undefined {
  if (notification === undefined) return undefined;
  const known = knownFields(notification);
  return hasText(known) ? content(service, known) : undefined;
}

export interface NewNotification extends ChosenId {
  readonly recipients: readonly string[];
  readonly notification: Notification;
}

export interface SentNotification {
  readonly id: string;
  /** Each once, as plain ids. */
  readonly recipients: readonly string[];
}

/** A push without a message, with the badge. A retry with the same id pushes once. */
export async function notify(
  service: Service,
  app: string,
  input: NewNotification,
): Promise<SentNotification> {
  const users = [...new Set(userIds(input.recipients, 'recipients'))];
  if (users.length === 0) refuseInvalid('recipients', 'A notification needs at least one recipient.');
  const id = chosenId(input) ?? service.newId();
  const alert = content(service, knownFields(input.notification));
  await service.store.push.enqueue(app, { id, users, content: alert });
  return { id, recipients: users };
}

function chosenId({ id, requestId }: ChosenId): string | undefined {
  if (id === undefined) return requestId;
  const refuse = () => refuseInvalid('id', 'id must be a UUID. Choose another, or leave it out.');
  return parseResourceId('notifications', id) ?? refuse();
}

function content(service: Service, notification: Notification): AlertContent {
  return {
    notification: JSON.stringify(notification),
    expiresAt: service.now() + service.notificationTtlMs,
  };
}

/** Only what a push may need is stored until it is delivered. */
function knownFields(notification: Notification): Notification {
  const { title, text, sound, category, apns, data, recipients } = notification;
  checkUserCount(recipients?.length ?? 0, 'notification.recipients');
  return {
    title,
    text,
    sound,
    category,
    'title-loc-key': notification['title-loc-key'],
    'title-loc-args': notification['title-loc-args'],
    'loc-key': notification['loc-key'],
    'loc-args': notification['loc-args'],
    apns,
    data,
    recipients: recipients?.map(({ user_id, title, text, sound }, index) => ({
      user_id: userId(user_id, `notification.recipients.${index}.user_id`),
      title,
      text,
      sound,
    })),
  };
}

function hasText(notification: Notification): boolean {
  const { title, text, recipients = [] } = notification;
  const words = [title, text, notification['title-loc-key'], notification['loc-key']];
  const own = recipients.flatMap((recipient) => [recipient.title, recipient.text]);
  return [...words, ...own].some((word) => word !== undefined && word !== '');
}
