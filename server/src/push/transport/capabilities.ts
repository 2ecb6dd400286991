/** What each platform can do, as flags, so that callers do not depend on a platform's name. */
import type { Platform } from '../../push_target.js';

export type { Platform };

/** How often a device may get a delivery. */
export interface Pace {
  /** So many at once … */
  readonly burst: number;
  /** … and one more each time that this is over. */
  readonly refillMs: number;
}

export interface Capabilities {
  /**
   * Whether a delivery without an alert may be sent. False for Web Push: a push that shows nothing costs the
   * subscription (Safari revokes it after about three), so there the badge is sent only with visible notifications.
   */
  readonly badgeOnly: boolean;
  /** How often a device gets deliveries without an alert at once; beyond it the provider delays them, and says nothing. */
  readonly badgePace?: Pace;
}

/** Firebase, Throttling and quotas: collapsible messages to one device, as badge-only ones are; see fcm/message.ts. */
const fcmCollapsible: Pace = { burst: 20, refillMs: 180_000 };

export const capabilities: Readonly<Record<Platform, Capabilities>> = {
  apns: { badgeOnly: true },
  fcm: { badgeOnly: true, badgePace: fcmCollapsible },
  webpush: { badgeOnly: false },
};
