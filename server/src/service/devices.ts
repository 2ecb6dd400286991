/** Devices: registered, listed without their push targets, and unregistered. */
import { limits, refuse } from '@badged/core';
import type { ApnsEnvironment, PushTarget, WebPushTarget } from '../push_target.js';
import type { Device } from '../store/push_port.js';
import { userId } from './ids.js';
import { checkedName } from './names.js';
import { Refused, refuseInvalid, refuseMissing } from './refused.js';
import type { Service } from './service.js';

export const deviceTypes = ['apns', 'fcm', 'gcm', 'webpush'] as const;
export type DeviceType = (typeof deviceTypes)[number];

export interface NewPushToken {
  readonly deviceId: string;
  readonly type: DeviceType;
  readonly token: string | undefined;
  readonly bundleId: string | undefined;
  readonly environment: ApnsEnvironment | undefined;
  readonly subscription: Omit<WebPushTarget, 'platform'> | undefined;
}

/**
 * The device gets its number at once. Older devices of the user above the limit are sent 0 at once.
 *
 * @param by - Who registers it. Users move the device of another user only if they show its push target.
 */
export async function registerDevice(
  service: Service,
  app: string,
  user: string,
  token: NewPushToken,
  by: 'app' | 'user',
): Promise<void> {
  const owner = userId(user, 'user_id');
  const id = checkedName(token.deviceId, 'device_id', limits.deviceIdBytes);
  const target = targetOf(service, token);
  const { devicesPerUser } = limits;
  const options = { devicesPerUser, now: service.now(), movesByTargetOnly: by === 'user' };
  const changed = await service.store.push.register(app, { id, user: owner, target }, options);
  if (changed.length === 0) refuseMove();
  for (const device of changed) service.push.deviceChanged(app, device);
}

export interface ListedDevice extends Device {
  /** Until when its newest number is held back, because its provider would delay it; undefined if it is not. */
  readonly heldBackUntil: number | undefined;
}

/** Most recently used first. */
export async function listDevices(
  service: Service,
  app: string,
  user: string,
): Promise<readonly ListedDevice[]> {
  const devices = await service.store.push.devices(app, [userId(user, 'user_id')], service.now());
  return devices.map((device) => ({ ...device, heldBackUntil: service.push.heldBackUntil(app, device) }));
}

/** The device is sent 0, then forgotten. Unregistering one that is not registered changes nothing. */
export async function unregisterDevice(
  service: Service,
  app: string,
  user: string,
  id: string,
): Promise<void> {
  const device = await service.store.push.unregister(app, userId(user, 'user_id'), id);
  if (device !== undefined) service.push.deviceChanged(app, device);
}

function refuseMove(): never {
  const message =
    'Another user has a device with this device_id and another push token. Choose another device_id, or let your backend register the device.';
  throw new Refused(refuse('id_in_use', message));
}

function targetOf(service: Service, given: NewPushToken): PushTarget {
  switch (given.type) {
    case 'apns':
      return {
        platform: 'apns',
        token: apnsToken(given.token ?? missingToken()),
        bundleId: bundleId(given.bundleId),
        environment: given.environment ?? 'production',
      };
    case 'fcm':
    case 'gcm':
      return { platform: 'fcm', token: fcmToken(given.token ?? missingToken()) };
    case 'webpush':
      return webPushTarget(service, given.subscription);
  }
}

function missingToken(): never {
  return refuseMissing('token', 'token is missing. Send the token that the platform gave this device.');
}

/** Apple says that the length may change; it has been 32 bytes since 2009. Two spellings would be two devices. */
function apnsToken(token: string): string {
  if (/^([0-9a-f]{2}){8,200}$/i.test(token)) return token.toLowerCase();
  return refuseInvalid('token', 'token must be the APNs device token in hexadecimal, without spaces or <>.');
}

function fcmToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token) && token.length <= limits.pushTokenBytes) return token;
  return refuseInvalid('token', 'token must be the FCM registration token, as the client library gives it.');
}

function bundleId(bundle: string | undefined): string {
  if (bundle === undefined) {
    const message = 'apns_bundle_id is missing. Send the bundle id of the app on the device.';
    return refuseMissing('apns_bundle_id', message);
  }
  if (/^[\w.-]{1,255}$/.test(bundle)) return bundle;
  return refuseInvalid('apns_bundle_id', 'apns_bundle_id must be a bundle id, such as com.example.chat.');
}

function webPushTarget(service: Service, subscription: NewPushToken['subscription']): WebPushTarget {
  if (subscription === undefined) {
    const message = 'subscription is missing. Send what pushManager.subscribe() gave, as JSON.';
    return refuseMissing('subscription', message);
  }
  const { endpoint, keys } = subscription;
  const target = {
    platform: 'webpush' as const,
    endpoint,
    keys: { p256dh: keys.p256dh, auth: keys.auth },
  };
  const problem = service.push.targetProblem(target);
  if (problem !== undefined) refuseInvalid('subscription', `subscription cannot be pushed to: ${problem}.`);
  return target;
}
