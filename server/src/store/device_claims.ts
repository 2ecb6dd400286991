/**
 * Decides which devices need a push and computes the numbers to send, from devices that an engine has read and the counts
 * in memory. Pure, and the same for every engine: an engine stores devices and claims, and decides nothing.
 */
import type { Claim, Device, DeviceState, DeviceWithBadge, WantedPush } from './push_port.js';

/** The badges of an app's users. */
export interface Badges {
  /** Null where badges are disabled. */
  badge(user: string, now: number): number | null;
}

/**
 * Computes the badge of each user once: a user may have many devices, and very many conversations. For one synchronous step
 * only, in which no badge changes.
 */
export class BadgesOfStep implements Badges {
  readonly #badges: Badges;
  readonly #known = new Map<string, number | null>();

  constructor(badges: Badges) {
    this.#badges = badges;
  }

  badge(user: string, now: number): number | null {
    const known = this.#known.get(user);
    if (known !== undefined) return known;
    const badge = this.#badges.badge(user, now);
    this.#known.set(user, badge);
    return badge;
  }
}

/** As the claim is decided; it holds once it is written. The device comes from the database, undefined if it has none. */
export function decideClaim(app: Badges, device: Device | undefined, wanted: WantedPush, now: number): Claim {
  if (device === undefined || device.target.platform !== wanted.platform) return { kind: 'gone' };
  const showsAlert = !device.isUnregistering && wanted.alertFor === device.user;
  const badge = badgeOf(app, device, now);
  if (!showsAlert && !isWorthAPush(badge, device, wanted)) return { kind: 'right', device };
  return { kind: 'claimed', device, badge, showsAlert };
}

/**
 * Once the claim is durable: the number is computed anew, as it is sent now. While the claim was written, another
 * user may have signed in on the device, or out: then it is not claimed any more, but busy.
 */
export function confirmClaim(app: Badges, claim: Claim, stored: Device | undefined, now: number): Claim {
  if (claim.kind !== 'claimed') return claim;
  const { device, showsAlert } = claim;
  if (!isSame(device, stored)) return { kind: 'busy' };
  const badge = badgeOf(app, device, now);
  return badge === null && !showsAlert ? { kind: 'right', device } : { ...claim, badge };
}

export function withBadge(app: Badges, device: Device, now: number): DeviceWithBadge {
  return { ...device, badge: badgeOf(app, device, now) };
}

export function stateOf(app: Badges, device: Device | undefined, now: number): DeviceState {
  if (device === undefined) return 'gone';
  const badge = badgeOf(app, device, now);
  return !device.isUnregistering && (badge === null || badge === device.accepted) ? 'right' : 'wrong';
}

/** The number that the icon should show; null where badges are disabled. */
function badgeOf(app: Badges, device: Device, now: number): number | null {
  const badge = app.badge(device.user, now);
  return device.isUnregistering && badge !== null ? 0 : badge;
}

/** Whether the number alone is to be sent. */
function isWorthAPush(badge: number | null, { accepted }: Device, wanted: WantedPush): boolean {
  return wanted.takesBadgeAlone && badge !== null && badge !== accepted && badge !== wanted.refused;
}

function isSame(device: Device, stored: Device | undefined): boolean {
  return (
    stored?.user === device.user &&
    stored.registeredAt === device.registeredAt &&
    stored.isUnregistering === device.isUnregistering
  );
}
