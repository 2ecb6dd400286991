/** What the reference remembers of one app's push delivery: lists, in the order of insertion. */
import type { PushTarget } from '../../push_target.js';
import type { AlertContent, Audience, ClaimTime, Device } from '../push_port.js';

export interface PushState {
  devices: StoredDevice[];
  /** All of them, for ever, so that an id that was used once is recognised. */
  readonly alerts: StoredAlert[];
  /** By platform. */
  readonly credentials: Map<string, Uint8Array>;
}

export type StoredDevice = { -readonly [Key in keyof Device]: Device[Key] } & {
  /** Null where no push is in flight. */
  claimedUntil: number | null;
};

export interface StoredAlert {
  readonly id: number;
  /** The id that the caller chose; null for an alert that came with a command. */
  readonly chosenId: string | null;
  readonly audience: Audience;
  /** Null once it is settled for all it went to. */
  content: AlertContent | null;
  claimedUntil: number | null;
  readonly settled: Set<string>;
}

export function emptyPushState(): PushState {
  return { devices: [], alerts: [], credentials: new Map() };
}

/** A claim that would end after more than twice the time was made before the clock was set back. */
export function isFree(
  { claimedUntil }: { readonly claimedUntil: number | null },
  { now, until }: ClaimTime,
): boolean {
  return claimedUntil === null || claimedUntil <= now || claimedUntil > now + 2 * (until - now);
}

/** Whether the provider treats both as one device: a push to either reaches the same device. */
export function isSamePlace(a: PushTarget, b: PushTarget): boolean {
  if (a.platform === 'webpush') return b.platform === 'webpush' && a.endpoint === b.endpoint;
  return a.platform === b.platform && a.token === b.token;
}

/** An APNs environment is left aside: the one where the token was accepted is known better here. */
export function isSameRegistration(a: PushTarget, b: PushTarget): boolean {
  if (!isSamePlace(a, b)) return false;
  if (a.platform === 'apns') return b.platform === 'apns' && a.bundleId === b.bundleId;
  if (a.platform === 'fcm') return true;
  return b.platform === 'webpush' && a.keys.p256dh === b.keys.p256dh && a.keys.auth === b.keys.auth;
}

/** Without what the port does not show. */
export function view({ claimedUntil, ...device }: StoredDevice): Device {
  return structuredClone(device);
}
