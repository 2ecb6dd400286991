/** A test push: one, now, to one device, with the provider's verdict. */
import type { Platform } from '../push_target.js';
import { userId } from './ids.js';
import { readCredentials } from './push_credentials.js';
import type { TestAlert, TestedPush } from './push_delivery.js';
import { Refused, refuseNotFound } from './refused.js';
import type { Service } from './service.js';

export interface TestTarget {
  readonly platform: Platform;
  readonly user: string;
  readonly device: string;
}

export async function testPush(
  service: Service,
  app: string,
  target: TestTarget,
  alert: TestAlert,
): Promise<Extract<TestedPush, { kind: 'sent' }>> {
  const { platform, user } = target;
  // Without credentials, pushes are only written to the log, so a test would always succeed.
  await readCredentials(service, app, platform);
  const devices = await service.store.push.devices(app, [userId(user, 'user_id')], service.now());
  const device = devices.find((each) => each.id === target.device && each.target.platform === platform);
  if (device === undefined) return refuseNotFound(`A device of this user and id on ${platform}`);
  const tested = await service.push.test(app, device, alert);
  if (tested.kind === 'sent') return tested;
  const message = 'Another push to this device is in flight. Try again in a moment.';
  throw new Refused({ code: 'invalid_operation', message });
}
