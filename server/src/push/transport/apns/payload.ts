/** One APNs request, without the provider token: path, headers and payload of a delivery. Pure. */
import type { Alert, JsonObject } from '../alert.js';
import { apnsCollapseId } from '../collapse_id.js';
import { deliveryProblem } from '../delivery_check.js';
import { lifetimeSeconds } from '../lifetime.js';
import { fitPayload } from '../payload_limit.js';
import type { ApnsEnvironment, ApnsTarget, Delivery, Prepared } from '../port.js';
import { rejected } from '../verdict.js';

/** Apple, Generating a remote notification: the limit of a regular push. */
export const payloadLimitBytes = 4096;

export interface ApnsRequest {
  readonly environment: ApnsEnvironment;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function apnsRequest(delivery: Delivery<ApnsTarget>, nowMs: number): Prepared<ApnsRequest> {
  const refused = deliveryProblem(delivery);
  if (refused) return { refused };
  const { token, bundleId, environment } = delivery.target;
  if (!/^[\w.-]{1,255}$/.test(bundleId)) return { refused: rejected('the bundle id is malformed') };
  const body = fitPayload(delivery, payloadLimitBytes, payload);
  if (body === undefined)
    return { refused: rejected(`the payload exceeds ${payloadLimitBytes} bytes without its texts`) };
  const path = `/3/device/${encodeURIComponent(token)}`;
  return { request: { environment, path, headers: headers(delivery, nowMs), body } };
}

function headers(delivery: Delivery<ApnsTarget>, nowMs: number): Record<string, string> {
  const expiresAtSeconds = Math.floor(nowMs / 1000) + lifetimeSeconds(delivery, nowMs);
  return {
    'apns-topic': delivery.target.bundleId,
    // A badge-only push is an alert too: a background push must not badge, and is throttled to a few an hour.
    'apns-push-type': 'alert',
    // A changed icon is something the user sees, so 10 (at once) is permitted, and read elsewhere means at once.
    'apns-priority': (delivery.urgency ?? 'high') === 'high' ? '10' : '5',
    'apns-expiration': String(expiresAtSeconds),
    ...(delivery.collapseId === undefined ? {} : { 'apns-collapse-id': apnsCollapseId(delivery.collapseId) }),
  };
}

function payload(delivery: Delivery<ApnsTarget>): string {
  const { alert, badge } = delivery;
  const count = badge === undefined ? {} : { badge };
  if (alert === undefined) return JSON.stringify({ aps: count });
  // Last, so that nothing an app passes through can replace `aps`, or the badge inside it.
  return JSON.stringify({ ...withoutKey(alert.data, 'aps'), aps: { ...aps(alert), ...count } });
}

function aps(alert: Alert): JsonObject {
  const { title, text, sound, category } = alert;
  const shown = {
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { body: text }),
    ...pick(alert, 'title-loc-key'),
    ...pick(alert, 'title-loc-args'),
    ...pick(alert, 'loc-key'),
    ...pick(alert, 'loc-args'),
  };
  return {
    ...withoutKey(alert.apns, 'badge'),
    ...(Object.keys(shown).length === 0 ? {} : { alert: shown }),
    ...(sound === undefined ? {} : { sound }),
    ...(category === undefined ? {} : { category }),
  };
}

function pick<K extends keyof Alert>(alert: Alert, key: K): JsonObject {
  const value = alert[key];
  return value === undefined ? {} : { [key]: value };
}

function withoutKey(object: JsonObject | undefined, key: string): JsonObject {
  const { [key]: _, ...rest } = object ?? {};
  return rest;
}
