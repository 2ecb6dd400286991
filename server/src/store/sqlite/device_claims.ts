/**
 * Finds the devices that need a push, and the number to send, from the rows of the devices and the counts in memory.
 * Claims are synchronous. The push store decides when to call it.
 */
import { mapInSlices } from '../../slices.js';
import type { HostedApp } from '../engine.js';
import type { Claim, ClaimTime, Device, DeviceState, DeviceWithBadge, WantedPush } from '../push_port.js';
import type { Devices } from './devices.js';

export class DeviceClaims {
  readonly #devices: Devices;

  constructor(devices: Devices) {
    this.#devices = devices;
  }

  /** Call it inside a transaction. `confirm` computes the final numbers. */
  claim(loaded: HostedApp, wanted: WantedPush, time: ClaimTime): Claim {
    const device = this.#devices.device(loaded.number, wanted.device);
    if (device === undefined || device.target.platform !== wanted.platform) return { kind: 'gone' };
    const showsAlert = !device.isUnregistering && wanted.alertFor === device.user;
    const number = badgeOf(loaded, device, time.now);
    if (!showsAlert && !isWorthAPush(number, device, wanted)) return { kind: 'right', device };
    if (!this.#devices.claim(loaded.number, device.id, time)) return { kind: 'busy' };
    return { kind: 'claimed', device, badge: number, showsAlert };
  }

  /**
   * Once the claim is durable: the number is computed anew, as it is sent now. While the claim was written, another
   * user may have signed in on the device, or out: then it is not claimed any more, but busy.
   */
  confirm(loaded: HostedApp, claim: Claim, now: number): Claim {
    if (claim.kind !== 'claimed') return claim;
    const { device, showsAlert } = claim;
    if (!isSame(device, this.#devices.device(loaded.number, device.id))) return { kind: 'busy' };
    const number = badgeOf(loaded, device, now);
    return number === null && !showsAlert ? { kind: 'right', device } : { ...claim, badge: number };
  }

  /** In slices: a user may have very many conversations. */
  withBadges(
    loaded: HostedApp,
    app: string,
    devices: readonly Device[],
    now: number,
  ): Promise<DeviceWithBadge[]> {
    return mapInSlices(app, devices, (device) => ({ ...device, badge: badgeOf(loaded, device, now) }));
  }

  state(loaded: HostedApp, id: string, now: number): DeviceState {
    const device = this.#devices.device(loaded.number, id);
    if (device === undefined) return 'gone';
    const number = badgeOf(loaded, device, now);
    const isRight = !device.isUnregistering && (number === null || number === device.accepted);
    return isRight ? 'right' : 'wrong';
  }
}

/** The number that the icon should show; null where badges are disabled. */
function badgeOf(app: HostedApp, device: Device, now: number): number | null {
  const number = app.badge(device.user, now);
  return device.isUnregistering && number !== null ? 0 : number;
}

/** Whether the number alone is to be sent. */
function isWorthAPush(number: number | null, { accepted }: Device, wanted: WantedPush): boolean {
  return wanted.takesBadgeAlone && number !== null && number !== accepted && number !== wanted.refused;
}

function isSame(device: Device, now: Device | undefined): boolean {
  return (
    now?.user === device.user &&
    now.registeredAt === device.registeredAt &&
    now.isUnregistering === device.isUnregistering
  );
}
