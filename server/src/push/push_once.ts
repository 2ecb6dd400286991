/**
 * One push to one device. The number is computed when the push is sent, from the truth of that moment. That
 * what the device accepted is unknown is written down before anything is sent, so that a crash at any point
 * leaves either the number it accepted or the knowledge that nobody knows.
 */
import { badge } from '@badged/core';
import type { Platform, PushTarget } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { Device } from '../store/push_port.js';
import type { OpenAlert } from './open_alert.js';
import type { Sender } from './sender.js';
import type { Outcome } from './transport/port.js';

/** Longer than any transport's time-out: after it, another node takes the device over. */
const claimMs = 120_000;

export type Pushed =
  /** There is no such device (any more). */
  | { readonly kind: 'absent' }
  /** It has the right number already, or takes none without an alert. */
  | { readonly kind: 'right' }
  /** It leaves, and there is nothing (more) to say to it. */
  | { readonly kind: 'left'; readonly device: Device }
  /** Somebody else is pushing to it, or it registered anew at this moment. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'sent';
      readonly outcome: Outcome;
      readonly device: Device;
      readonly badge: number | null;
    };

export interface Push {
  readonly app: string;
  /** The device's. */
  readonly id: string;
  readonly alert: OpenAlert | undefined;
  /** A number that the device refused as a payload; undefined if it refused none. */
  readonly refused: number | null | undefined;
  /** If given, a device that is on another platform by now is as good as absent. */
  readonly platform?: Platform;
  /** Asked right before the push is sent, synchronously: false puts it off. */
  readonly mayBegin?: (target: PushTarget) => boolean;
}

export async function pushOnce(
  { store, now }: { readonly store: Store; readonly now: () => number },
  sender: Sender,
  { app, id, alert, refused, platform, mayBegin }: Push,
): Promise<Pushed> {
  const device = await store.push.device(app, id);
  if (device === undefined || device.target.platform !== (platform ?? device.target.platform))
    return { kind: 'absent' };
  const nothing: Pushed = device.isUnregistering ? { kind: 'left', device } : { kind: 'right' };
  const shown = device.isUnregistering ? undefined : alert?.renderFor(id, device.user);
  if (shown === undefined) {
    const wanted = await wantedBadge(store, app, device, sender, now());
    if (wanted === null || wanted === refused) return nothing;
  }
  const claimed = await store.push.begin(app, [id], { now: now(), until: now() + claimMs });
  if (!claimed.has(id)) return { kind: 'busy' };
  const giveBack = () =>
    store.push.end(app, [{ device: id, registeredAt: device.registeredAt, accepted: null }], now());
  // While the claim was written down, somebody else may have signed in on it, or signed out.
  const claimedDevice = await store.push.device(app, id);
  const number = await badgeFor(store, app, device, now());
  if (shown === undefined && number === null) {
    await giveBack();
    return nothing;
  }
  if (!isSame(device, claimedDevice) || mayBegin?.(device.target) === false) {
    await giveBack();
    return { kind: 'busy' };
  }
  const delivery = {
    target: device.target,
    ...(number !== null && { badge: number }),
    ...(shown === undefined ? { collapseId: 'badge' } : { alert: shown }),
    ...(shown !== undefined && alert !== undefined && { expiresAtMs: alert.expiresAt }),
  };
  return { kind: 'sent', outcome: await sender.deliver(delivery, now()), device, badge: number };
}

function isSame(device: Device, now: Device | undefined): boolean {
  return (
    now?.user === device.user &&
    now.registeredAt === device.registeredAt &&
    now.isUnregistering === device.isUnregistering
  );
}

/** The number that a push without an alert would bring; null if it has none to bring. */
async function wantedBadge(
  store: Store,
  app: string,
  device: Device,
  sender: Sender,
  now: number,
): Promise<number | null> {
  if (!sender.capabilities.badgeOnly) return null;
  const number = await badgeFor(store, app, device, now);
  return number === device.accepted ? null : number;
}

/** The number the icon should show: 0 on a device that leaves; null where there is none to be carried. */
async function badgeFor(store: Store, app: string, device: Device, now: number): Promise<number | null> {
  const counts = await store.ask(app, { type: 'badge', user: device.user, now });
  if (counts === undefined) return (await store.apps.get(app))?.settings.mode === 'disabled' ? null : 0;
  const number = badge(counts, counts.settings);
  return device.isUnregistering && number !== null ? 0 : number;
}
