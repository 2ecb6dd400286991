/** FCM's errors in its JSON format, and the checks of a message. */
import { json } from './http_listener.js';
import type { Reply } from './script.js';

const messageLimitBytes = 4096;

/** `status` is Google's general status; `code` is FCM's own, in the details. */
export function fcmError(httpStatus: number, status: string, code?: string, more: object[] = []): Reply {
  const own = { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: code };
  const details = [...(code === undefined ? [] : [own]), ...more];
  return json(httpStatus, { error: { code: httpStatus, message: status, status, details } });
}

function invalidField(field: string, description: string): Reply {
  const violation = {
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field, description }],
  };
  return fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', [violation]);
}

/** The device got too many messages within a minute. */
export function deviceQuotaExceeded(retryAfterMs: number): Reply {
  const failure = {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ subject: 'device', description: 'Device message rate exceeded' }],
  };
  const reply = fcmError(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED', [failure]);
  const retryAfter = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) };
  return { ...reply, headers: { ...reply.headers, ...retryAfter } };
}

export function refusalOfMessage(message: object | undefined): Reply | undefined {
  if (message === undefined) return invalidField('message', 'not set');
  const { token, data, notification, android } = { ...absent, ...message };
  if (typeof token !== 'string' || token === '')
    return invalidField('message.token', 'Invalid registration token');
  const wrong = Object.entries(data ?? {}).find(([, value]) => typeof value !== 'string');
  if (wrong) return invalidField(`message.data[${wrong[0]}]`, 'not a string');
  const ttl = android?.ttl ?? '0s';
  if (typeof ttl !== 'string' || !/^\d+(\.\d+)?s$/.test(ttl) || Number.parseFloat(ttl) > 2_419_200) {
    return invalidField('message.android.ttl', 'Invalid duration');
  }
  const bytes = Buffer.byteLength(JSON.stringify({ data, notification }));
  return bytes > messageLimitBytes ? invalidField('message', 'Android message is too big') : undefined;
}

const absent: { token?: unknown; data?: object; notification?: object; android?: { ttl?: unknown } } = {};
