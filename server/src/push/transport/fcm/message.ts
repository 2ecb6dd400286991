/** One FCM message (HTTP v1), without the access token. Pure. */
import type { Alert, Json, JsonObject } from '../alert.js';
import { deliveryProblem } from '../delivery_check.js';
import { lifetimeSeconds } from '../lifetime.js';
import { fitPayload } from '../payload_limit.js';
import type { Delivery, FcmTarget, Prepared } from '../port.js';
import { rejected } from '../verdict.js';

/** Firebase, About FCM messages: the limit of notification and data together. Held by the whole message here. */
export const messageLimitBytes = 4096;

export interface FcmRequest {
  readonly body: string;
}

export function fcmRequest(delivery: Delivery<FcmTarget>, nowMs: number): Prepared<FcmRequest> {
  const refused = deliveryProblem(delivery);
  if (refused) return { refused };
  const body = fitPayload(delivery, messageLimitBytes, (cut) => message(cut, nowMs));
  if (body !== undefined) return { request: { body } };
  return { refused: rejected(`the message exceeds ${messageLimitBytes} bytes without its texts`) };
}

function message(delivery: Delivery<FcmTarget>, nowMs: number): string {
  const { target, alert, badge } = delivery;
  const data = { ...strings(alert?.data), ...(badge === undefined ? {} : { badge: String(badge) }) };
  return JSON.stringify({
    message: {
      token: target.token,
      ...titleAndBody(alert),
      ...(Object.keys(data).length === 0 ? {} : { data }),
      android: android(delivery, nowMs),
      // Read by iOS apps that use FCM; Android ignores it.
      ...(badge === undefined ? {} : { apns: { payload: { aps: { badge } } } }),
    },
  });
}

function titleAndBody({ title, text }: Alert = {}): JsonObject {
  if (title === undefined && text === undefined) return {};
  return {
    notification: {
      ...(title === undefined ? {} : { title }),
      ...(text === undefined ? {} : { body: text }),
    },
  };
}

function android(delivery: Delivery<FcmTarget>, nowMs: number): JsonObject {
  const { alert, collapseId, urgency } = delivery;
  const visible = alert !== undefined && isVisible(alert);
  // A message that shows nothing and is sent with high priority is counted against the app by Android.
  const high = (urgency ?? (visible ? 'high' : 'normal')) === 'high';
  return {
    // FCM stores four collapse keys per device, so only messages that show nothing have one; alerts have a tag instead.
    ...(!visible && collapseId !== undefined ? { collapse_key: collapseId } : {}),
    priority: high ? 'HIGH' : 'NORMAL',
    ttl: `${lifetimeSeconds(delivery, nowMs)}s`,
    ...(visible ? { notification: androidNotification(alert, delivery) } : {}),
  };
}

/** Without words it is a data message: Android would put up an empty notification. */
function isVisible(alert: Alert): boolean {
  const { title, text, 'title-loc-key': titleKey, 'loc-key': textKey } = alert;
  return (title ?? text ?? titleKey ?? textKey) !== undefined;
}

function androidNotification(alert: Alert, delivery: Delivery<FcmTarget>): JsonObject {
  const { badge, collapseId } = delivery;
  return {
    ...(alert['title-loc-key'] === undefined ? {} : { title_loc_key: alert['title-loc-key'] }),
    ...(alert['title-loc-args'] === undefined ? {} : { title_loc_args: alert['title-loc-args'] }),
    ...(alert['loc-key'] === undefined ? {} : { body_loc_key: alert['loc-key'] }),
    ...(alert['loc-args'] === undefined ? {} : { body_loc_args: alert['loc-args'] }),
    ...(alert.sound === undefined ? {} : { sound: alert.sound }),
    ...(alert.category === undefined ? {} : { click_action: alert.category }),
    ...(collapseId === undefined ? {} : { tag: collapseId }),
    // Zero or unset, launchers count up by one: this number cannot clear anything, so 0 travels as data only.
    ...(badge === undefined || badge === 0 ? {} : { notification_count: badge }),
  };
}

/** FCM takes strings only. A `badge` of the app's own would set the icon where the service leaves it alone. */
function strings(data: JsonObject | undefined): Record<string, string> {
  const { badge: _, ...rest } = data ?? {};
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, text(value)]));
}
