/** What each platform can do, as flags, so that callers do not depend on a platform's name. */
import type { Platform } from '../../push_target.js';

export type { Platform };

export interface Capabilities {
  /**
   * Whether a delivery without an alert may be sent. False for Web Push: a push that shows nothing costs the
   * subscription (Safari revokes it after about three), so there the badge is sent only with visible notifications.
   */
  readonly badgeOnly: boolean;
}

export const capabilities: Readonly<Record<Platform, Capabilities>> = {
  apns: { badgeOnly: true },
  fcm: { badgeOnly: true },
  webpush: { badgeOnly: false },
};
