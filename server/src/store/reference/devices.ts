/** Devices: whose they are, what each last accepted, and which of them has a push under way. */
import type { Device, NewDevice, PushStore, Settlement } from '../push_port.js';
import { isFree, isSamePlace, isSameRegistration, type PushState, type StoredDevice } from './push_state.js';

export function register(
  push: PushState,
  { id, user, target }: NewDevice,
  { devicesPerUser, now }: Parameters<PushStore['register']>[2],
): void {
  const before = find(push, id);
  if (
    before &&
    before.user === user &&
    !before.isUnregistering &&
    isSameRegistration(before.target, target)
  ) {
    before.registeredAt = now;
    before.usedAt = now;
    return;
  }
  const others = push.devices.filter((each) => each.id !== id && !isSamePlace(each.target, target));
  const unknown = { accepted: null, acceptedAt: null, isUnregistering: false, claimedUntil: null };
  push.devices = [...others, { id, user, target, registeredAt: now, usedAt: now, ...unknown }];
  const older = listed(push, user).filter((each) => each.id !== id);
  for (const each of older.slice(devicesPerUser - 1)) each.isUnregistering = true;
}

export function unregister(push: PushState, user: string, id: string): boolean {
  const device = listed(push, user).find((each) => each.id === id);
  if (device) device.isUnregistering = true;
  return device !== undefined;
}

/** Most recently used first; those of the same time by id. */
export function listed(push: PushState, user: string): StoredDevice[] {
  return push.devices
    .filter((each) => each.user === user && !each.isUnregistering)
    .sort((a, b) => b.usedAt - a.usedAt || (a.id < b.id ? -1 : 1));
}

export function after(push: PushState, id: string, limit: number): StoredDevice[] {
  const later = push.devices.filter((each) => each.id > id);
  return later.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
}

export function find(push: PushState, id: string): StoredDevice | undefined {
  return push.devices.find((each) => each.id === id);
}

export function begin(
  push: PushState,
  ids: readonly string[],
  { now, until }: Parameters<PushStore['begin']>[2],
): Set<string> {
  const free = push.devices.filter((each) => ids.includes(each.id) && isFree(each, now));
  for (const each of free) {
    each.claimedUntil = until;
    each.accepted = null;
  }
  return new Set(free.map((each) => each.id));
}

/** The claim is given back in any case; a later registration learns nothing else from it. */
export function end(push: PushState, settlement: Settlement, now: number): void {
  const { registeredAt, target, accepted } = settlement;
  const device = find(push, settlement.device);
  if (!device) return;
  device.claimedUntil = null;
  if (registeredAt !== undefined && registeredAt !== device.registeredAt) return;
  if (target) device.target = target;
  if (accepted === null) return;
  device.accepted = accepted;
  device.acceptedAt = now;
  device.usedAt = now;
}

export function forget(push: PushState, id: string, since: number): boolean {
  const staying = push.devices.filter((each) => each.id !== id || each.registeredAt > since);
  const isForgotten = staying.length < push.devices.length;
  push.devices = staying;
  return isForgotten;
}

/** Others heard what the devices of the platform accepted. */
export function doubt(push: PushState, platform: string): void {
  for (const each of push.devices) if (each.target.platform === platform) each.accepted = null;
}

/** Without what the port does not show. */
export function view({ claimedUntil, ...device }: StoredDevice): Device {
  return structuredClone(device);
}
