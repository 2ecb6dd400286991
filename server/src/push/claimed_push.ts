/** Turns a claimed device into a delivery, and the outcome of the push into what is stored. */
import type { Claim, Device, Settlement } from '../store/push_port.js';
import type { Alert } from './transport/alert.js';
import type { Delivery, Outcome } from './transport/port.js';

export type ClaimedDevice = Extract<Claim, { kind: 'claimed' }>;

/** Longer than any transport's timeout: after it, another node takes the device over. */
export const claimMs = 120_000;

export interface ShownAlert {
  readonly alert: Alert;
  readonly expiresAt: number;
}

/** The alert, if it may be shown, and the number. Without an alert, a later number replaces one that still waits. */
export function deliveryOf(
  { device, badge, showsAlert }: ClaimedDevice,
  shown: ShownAlert | undefined,
): Delivery {
  const number = badge === null ? {} : { badge };
  if (!showsAlert || shown === undefined) return { target: device.target, ...number, collapseId: 'badge' };
  return { target: device.target, ...number, alert: shown.alert, expiresAtMs: shown.expiresAt };
}

/**
 * What is stored of a push that has its outcome. With `isBelieved` false the number was accepted, but an older push
 * may arrive after it.
 */
export function settlementOf(
  { device, badge, claimedBy }: ClaimedDevice,
  { verdict, environment }: Outcome,
  { alert, isBelieved }: { readonly alert: number | undefined; readonly isBelieved: boolean },
): Settlement {
  const isDone = verdict.kind === 'delivered' || verdict.kind === 'rejected';
  return {
    device: device.id,
    registeredAt: device.registeredAt,
    accepted: verdict.kind === 'delivered' && isBelieved ? badge : null,
    ...(claimedBy !== undefined && { claimedBy }),
    ...movedTo(device, environment),
    ...(isDone && alert !== undefined && { alert }),
  };
}

/** A device may belong to the other APNs environment than it was registered with. */
function movedTo({ target }: Device, environment: Outcome['environment']): Pick<Settlement, 'target'> {
  if (target.platform !== 'apns' || environment === undefined || environment === target.environment)
    return {};
  return { target: { ...target, environment } };
}
