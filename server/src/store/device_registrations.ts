/** What makes two registrations of a device the same. Pure, and the same for every engine. */
import { isDeepStrictEqual } from 'node:util';
import type { PushTarget } from '../push_target.js';
import type { Device, NewDevice } from './push_port.js';

/** What makes two targets the same. An APNs token stays itself in whichever environment it is known. */
export function targetKey(target: PushTarget): string {
  return target.platform === 'webpush' ? `webpush ${target.endpoint}` : `${target.platform} ${target.token}`;
}

/** Whether the stored device with this id is another user's, and the new one shows another target. */
export function isAnothers(before: Device, now: NewDevice): boolean {
  if (before.user === now.user || before.isUnregistering) return false;
  return targetKey(before.target) !== targetKey(now.target);
}

/** An APNs token is kept in the environment that is known to take it, whatever the device says again. */
export function isSameRegistration(before: Device, now: NewDevice): boolean {
  const lasting = (target: PushTarget) => ({
    ...target,
    ...(target.platform === 'apns' && { environment: null }),
  });
  return before.user === now.user && isDeepStrictEqual(lasting(before.target), lasting(now.target));
}
