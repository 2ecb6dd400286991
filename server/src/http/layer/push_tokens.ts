/** Devices: registered with their platform's push token, by the app or by the user's own client. */

import { limits } from '@badged/core';
import Type, { type Static } from 'typebox';
import type { ApnsEnvironment } from '../../push_target.js';
import {
  type DeviceType,
  deviceTypes,
  type ListedDevice,
  listDevices,
  type NewPushToken,
  registerDevice,
  unregisterDevice,
} from '../../service/devices.js';
import { endpoint, NoContent, respond } from '../foundation/endpoint.js';
import { isoTime, nullableInteger, nullableText, Time, UserId } from '../foundation/ids.js';
import { examples } from './examples/users.js';

const tag = 'devices';
const url = '/apps/:app_uuid/users/:user_id/push_tokens';
const ownUrl = '/push_tokens';

const DeviceId = Type.String({
  description: `An id of your choice: 1 to ${limits.deviceIdBytes} bytes, unique in the app.`,
});
const Environment = Type.Unsafe<ApnsEnvironment>({
  type: 'string',
  enum: ['production', 'development'],
  description: 'production (the default) or development.',
});

const body = {
  device_id: DeviceId,
  type: Type.Unsafe<DeviceType>({
    type: 'string',
    enum: [...deviceTypes],
    description: `One of ${deviceTypes.join(', ')}; gcm is another name of fcm.`,
  }),
  token: Type.Optional(Type.String({ description: 'A string: the device token from APNs or FCM.' })),
  apns_bundle_id: Type.Optional(Type.String({ description: 'A bundle id; required with apns.' })),
  apns_environment: Type.Optional(Environment),
  gcm_sender_id: Type.Optional(Type.String({ description: 'A string. FCM no longer uses it.' })),
  subscription: Type.Optional(
    Type.Object(
      {
        endpoint: Type.String({ description: 'A URL of a push service.' }),
        keys: Type.Object(
          {
            p256dh: Type.String({ description: 'A P-256 public key, base64url.' }),
            auth: Type.String({ description: '16 bytes, base64url.' }),
          },
          { description: 'An object: {"p256dh": "…", "auth": "…"}.' },
        ),
      },
      {
        $id: 'PushSubscriptionJson',
        description: 'An object, required with webpush: the result of pushManager.subscribe(), as JSON.',
      },
    ),
  ),
};

const Device = Type.Object(
  {
    device_id: Type.String(),
    type: Type.Unsafe<'apns' | 'fcm' | 'webpush'>({ type: 'string', enum: ['apns', 'fcm', 'webpush'] }),
    apns_bundle_id: Type.Optional(Type.String()),
    apns_environment: Type.Optional(Environment),
    registered_at: Time,
    badge: nullableInteger({
      description: 'The last badge that was delivered to the device; null if it is unknown.',
    }),
    badge_accepted_at: nullableText({
      format: 'date-time',
      description: 'The time of the last delivered badge.',
    }),
    badge_held_back_until: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'Only while the current badge is held back: when it is sent. FCM delays frequent pushes of a badge alone. The next alert carries it at once.',
      }),
    ),
  },
  { $id: 'Device' },
);

const accepted = respond(202, null);

export const pushTokenEndpoints = [
  endpoint({
    name: 'register_push_token',
    example: examples.register_push_token,
    summary:
      'Register a device. If another user had it, it moves to this user; with a user token, only if the push token is the same.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url,
    access: 'user',
    batch: true,
    params: { user_id: UserId },
    body,
    responses: { 202: NoContent },
    run: async ({ service, app, user }, { user_id, ...token }) => {
      await registerDevice(service, app, user_id, newToken(token), user === '' ? 'app' : 'user');
      return accepted;
    },
  }),

  endpoint({
    name: 'register_own_push_token',
    example: examples.register_own_push_token,
    summary: 'Register a device for the user of the token.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: ownUrl,
    access: 'self',
    params: {},
    body,
    responses: { 202: NoContent },
    run: async ({ service, app, user }, token) => {
      await registerDevice(service, app, user, newToken(token), 'user');
      return accepted;
    },
  }),

  endpoint({
    name: 'list_push_tokens',
    example: examples.list_push_tokens,
    summary: "List a user's devices, most recently used first, without their push tokens.",
    tag,
    method: 'GET',
    url,
    access: 'user',
    params: { user_id: UserId },
    responses: { 200: Type.Array(Device) },
    run: async ({ service, app }, { user_id }) =>
      respond(200, (await listDevices(service, app, user_id)).map(deviceResponse)),
  }),

  endpoint({
    name: 'list_own_push_tokens',
    example: examples.list_own_push_tokens,
    summary: 'List the devices of the user of the token.',
    tag,
    method: 'GET',
    url: ownUrl,
    access: 'self',
    params: {},
    responses: { 200: Type.Array(Device) },
    run: async ({ service, app, user }) =>
      respond(200, (await listDevices(service, app, user)).map(deviceResponse)),
  }),

  endpoint({
    name: 'unregister_push_token',
    summary: 'Unregister a device. Its badge is cleared, and it gets no more pushes.',
    tag,
    method: 'DELETE',
    url: `${url}/:device_id`,
    access: 'user',
    batch: true,
    params: { user_id: UserId, device_id: DeviceId },
    responses: { 202: NoContent },
    run: async ({ service, app }, { user_id, device_id }) => {
      await unregisterDevice(service, app, user_id, device_id);
      return accepted;
    },
  }),

  endpoint({
    name: 'unregister_own_push_token',
    summary: 'Unregister a device of the user of the token.',
    tag,
    method: 'DELETE',
    url: `${ownUrl}/:device_id`,
    access: 'self',
    params: { device_id: DeviceId },
    responses: { 202: NoContent },
    run: async ({ service, app, user }, { device_id }) => {
      await unregisterDevice(service, app, user, device_id);
      return accepted;
    },
  }),
];

const PushToken = Type.Object(body);

function newToken(given: Static<typeof PushToken>): NewPushToken {
  const { device_id, type, token, apns_bundle_id, apns_environment, subscription } = given;
  return {
    deviceId: device_id,
    type,
    token,
    bundleId: apns_bundle_id,
    environment: apns_environment,
    subscription,
  };
}

function deviceResponse(device: ListedDevice): Static<typeof Device> {
  const { target, accepted, acceptedAt, heldBackUntil } = device;
  return {
    device_id: device.id,
    type: target.platform,
    ...(target.platform === 'apns' && {
      apns_bundle_id: target.bundleId,
      apns_environment: target.environment,
    }),
    registered_at: isoTime(device.registeredAt),
    badge: accepted,
    badge_accepted_at: acceptedAt === null ? null : isoTime(acceptedAt),
    ...(heldBackUntil !== undefined && { badge_held_back_until: isoTime(heldBackUntil) }),
  };
}
