/**
 * One Web Push message before encryption: a declarative body (WebKit, Declarative Web Push) that an ordinary
 * service worker reads too, and the headers of RFC 8030. Pure.
 */
import type { Alert } from '../alert.js';
import { webPushTopic } from '../collapse_id.js';
import { deliveryProblem } from '../delivery_check.js';
import { lifetimeSeconds } from '../lifetime.js';
import { fitPayload } from '../payload_limit.js';
import type { Delivery, Prepared, WebPushTarget } from '../port.js';
import { rejected } from '../verdict.js';
import { plaintextLimitBytes, type SubscriptionKeys, subscriptionKeys } from './encryption.js';
import { type EndpointPolicy, guardEndpoint } from './endpoint_guard.js';

export interface WebPushRequest {
  readonly endpoint: string;
  readonly keys: SubscriptionKeys;
  /** Whether the endpoint is the exempt local service, to which the endpoint guard does not apply. */
  readonly local: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly plaintext: string;
}

export interface MessageSettings {
  readonly policy: EndpointPolicy;
  /** Where a click leads unless the alert's data names a `navigate` of its own. A declarative push needs one. */
  readonly navigate: string;
}

export function webPushRequest(
  delivery: Delivery<WebPushTarget>,
  nowMs: number,
  settings: MessageSettings,
): Prepared<WebPushRequest> {
  const { target, alert } = delivery;
  const refused = deliveryProblem(delivery);
  if (refused) return { refused };
  if ((alert?.title ?? alert?.text ?? '') === '')
    return { refused: rejected('nothing to show: neither title nor text') };
  const guarded = guardEndpoint(target.endpoint, settings.policy);
  if ('refusal' in guarded) return { refused: rejected(guarded.refusal) };
  const keys = subscriptionKeys(target.keys);
  if (keys === undefined) return { refused: rejected('the keys of the subscription are malformed') };
  const plaintext = fitPayload(delivery, plaintextLimitBytes, (cut) => body(cut, settings.navigate));
  if (plaintext === undefined) {
    return { refused: rejected(`the message exceeds ${plaintextLimitBytes} bytes without its texts`) };
  }
  const { endpoint } = target;
  return { request: { endpoint, keys, local: guarded.local, headers: headers(delivery, nowMs), plaintext } };
}

function headers(delivery: Delivery<WebPushTarget>, nowMs: number): Record<string, string> {
  return {
    'content-type': 'application/notification+json',
    'content-encoding': 'aes128gcm',
    ttl: String(lifetimeSeconds(delivery, nowMs)),
    urgency: delivery.urgency ?? 'high',
    ...(delivery.collapseId === undefined ? {} : { topic: webPushTopic(delivery.collapseId) }),
  };
}

function body(delivery: Delivery<WebPushTarget>, navigate: string): string {
  const { alert = {}, badge, collapseId } = delivery;
  // In both places, and as digits: browsers differ in which they read.
  const count = badge === undefined ? {} : { app_badge: String(badge) };
  const notification = {
    ...shown(alert),
    navigate: typeof alert.data?.navigate === 'string' ? alert.data.navigate : navigate,
    ...(collapseId === undefined ? {} : { tag: collapseId }),
    ...(alert.data === undefined ? {} : { data: alert.data }),
    ...count,
  };
  return JSON.stringify({ web_push: 8030, notification, ...count, mutable: true });
}

/** A notification must have a title; the text takes its place if there is none. */
function shown(alert: Alert): { title: string; body?: string } {
  const { title = '', text = '' } = alert;
  if (title === '') return { title: text };
  return text === '' ? { title } : { title, body: text };
}
