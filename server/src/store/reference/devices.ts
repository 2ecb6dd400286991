/** Devices: whose they are, what each last accepted, what their icons should show, and which have a push in flight. */
import type {
  Claim,
  ClaimTime,
  DeviceState,
  NewDevice,
  RegisterOptions,
  Settlement,
  WantedPush,
} from '../push_port.js';
import {
  isFree,
  isSamePlace,
  isSameRegistration,
  type PushState,
  type StoredDevice,
  view,
} from './push_state.js';
import { badge } from './queries.js';
import type { AppState } from './state.js';

/** Returns those that changed. */
export function register(
  push: PushState,
  { id, user, target }: NewDevice,
  { devicesPerUser, now, movesByTargetOnly = false }: RegisterOptions,
): StoredDevice[] {
  const before = find(push, id);
  if (
    before &&
    before.user === user &&
    !before.isUnregistering &&
    isSameRegistration(before.target, target)
  ) {
    before.registeredAt = now;
    before.usedAt = now;
    return [before];
  }
  const isOfAnother = before && before.user !== user && !before.isUnregistering;
  if (movesByTargetOnly && isOfAnother && !isSamePlace(before.target, target)) return [];
  const others = push.devices.filter((each) => each.id !== id && !isSamePlace(each.target, target));
  const unknown = { accepted: null, acceptedAt: null, isUnregistering: false, claimedUntil: null };
  const device = { id, user, target, registeredAt: now, usedAt: now, ...unknown };
  push.devices = [...others, device];
  const older = listed(push, user).filter((each) => each.id !== id);
  const displaced = older.slice(devicesPerUser - 1);
  for (const each of displaced) each.isUnregistering = true;
  return [device, ...displaced];
}

export function unregister(push: PushState, user: string, id: string): StoredDevice | undefined {
  const device = listed(push, user).find((each) => each.id === id);
  if (device) device.isUnregistering = true;
  return device;
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

export function claim(state: AppState, wanted: WantedPush, time: ClaimTime): Claim {
  const device = find(state.push, wanted.device);
  if (!device || device.target.platform !== wanted.platform) return { kind: 'gone' };
  const number = iconNumber(state, device, time.now);
  const showsAlert = wanted.alertFor === device.user && !device.isUnregistering;
  const isRefused = wanted.refused !== undefined && wanted.refused === number;
  const showsNumber = wanted.takesBadgeAlone && isWrong(number, device) && !isRefused;
  const before = view(device);
  if (!showsAlert && !showsNumber) return { kind: 'right', device: before };
  if (!isFree(device, time)) return { kind: 'busy' };
  device.claimedUntil = time.until;
  device.accepted = null;
  return { kind: 'claimed', device: before, badge: number, showsAlert };
}

/** What its icon should show; null where badges are disabled. */
export function iconNumber(state: AppState, device: StoredDevice, now: number): number | null {
  const { mode, includeAnnouncements } = state.app.settings;
  if (mode === 'disabled') return null;
  const counts = badge(state, device.user, now);
  if (!counts || device.isUnregistering) return 0;
  const announcements = includeAnnouncements ? counts.unreadAnnouncementCount : 0;
  const messages = {
    unread_messages: counts.unreadMessageCount,
    unread_conversations: counts.unreadConversationCount,
  };
  return counts.externalUnreadCount + announcements + (mode === 'external' ? 0 : messages[mode]);
}

export function deviceState(state: AppState, id: string, now: number): DeviceState {
  const device = find(state.push, id);
  if (!device) return 'gone';
  return device.isUnregistering || isWrong(iconNumber(state, device, now), device) ? 'wrong' : 'right';
}

function isWrong(number: number | null, { accepted }: StoredDevice): boolean {
  return number !== null && number !== accepted;
}

/** Always gives the claim back. If the device registered since the push, nothing else changes. */
export function settle(push: PushState, settlement: Settlement, now: number): void {
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

/** What the devices of the platform accepted came with other credentials. */
export function doubt(push: PushState, platform: string): void {
  for (const each of push.devices) if (each.target.platform === platform) each.accepted = null;
}
