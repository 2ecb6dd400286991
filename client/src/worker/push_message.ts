/**
 * The content of a push: the declarative body that the service sends (https://www.w3.org/TR/push-api/, Declarative Web
 * Push), or the notification that a browser made of it. A push that cannot be read must still show something. Pure.
 */
import type { PushEventLike } from './scope.js';

export interface PushMessage {
  readonly title: string;
  readonly body?: string;
  readonly tag?: string;
  readonly data?: unknown;
  /** The URL that a click opens. */
  readonly navigate?: string;
  /** The number on the app's icon. Undefined if the push has none, which differs from 0. */
  readonly badge?: number;
}

/** Undefined if it has nothing to show. */
export function pushMessage({ data, notification, appBadge }: PushEventLike): PushMessage | undefined {
  if (data !== null && data !== undefined) return parsePush(data.text());
  if (notification === null || notification === undefined) return undefined;
  const badge = count(appBadge);
  return { ...shown(notification), ...(badge !== undefined && { badge }) };
}

export function parsePush(text: string): PushMessage | undefined {
  const message = record(json(text));
  const notification = record(message?.notification);
  if (message?.web_push !== 8030 || notification === undefined) return undefined;
  const badge = count(message.app_badge) ?? count(notification.app_badge);
  const { title, ...rest } = shown(notification);
  if (title === '') return undefined;
  return { title, ...rest, ...(badge !== undefined && { badge }) };
}

function shown(notification: object): PushMessage {
  const { title, body, tag, navigate, data } = { ...record(notification) };
  return {
    title: typeof title === 'string' ? title : '',
    ...(typeof body === 'string' && body !== '' && { body }),
    ...(typeof tag === 'string' && tag !== '' && { tag }),
    ...(typeof navigate === 'string' && navigate !== '' && { navigate }),
    ...(data !== undefined && data !== null && { data }),
  };
}

/** Digits or a number: the service sends both, since browsers differ in which they read. */
function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && Number(number) >= 0 ? Number(number) : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Read by name, since a Notification's properties are accessors of its prototype. */
function record(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const names = ['web_push', 'notification', 'app_badge', 'title', 'body', 'tag', 'navigate', 'data'];
  return Object.fromEntries(names.map((name) => [name, Reflect.get(value, name)]));
}
