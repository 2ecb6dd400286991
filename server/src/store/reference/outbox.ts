/** The outbox: every alert ever added, each with the devices that are done with it. */
import type { AlertContent, Audience, ClaimTime, OutboxAlert } from '../push_port.js';
import { isFree, type PushState, type StoredAlert } from './push_state.js';

/** False if the caller's id was used before. */
export function add(
  push: PushState,
  chosenId: string | null,
  audience: Audience,
  content: AlertContent,
): boolean {
  if (chosenId !== null && push.alerts.some((each) => each.chosenId === chosenId)) return false;
  const id = push.alerts.length + 1;
  const alert = { id, chosenId, audience, content, claimedUntil: null, settled: new Set<string>() };
  push.alerts.push(structuredClone(alert));
  return true;
}

export function claim(push: PushState, app: string, limit: number, time: ClaimTime): OutboxAlert[] {
  const claimed: OutboxAlert[] = [];
  for (const alert of open(push)) {
    if (alert.content === null || !isFree(alert, time) || claimed.length >= limit) continue;
    alert.claimedUntil = time.until;
    const { id, audience, content, settled } = alert;
    claimed.push({ app, ...structuredClone({ id, audience, content, settled }) });
  }
  return claimed;
}

export function settle(push: PushState, alert: number, device: string): void {
  push.alerts.find((each) => each.id === alert)?.settled.add(device);
}

export function complete(push: PushState, id: number): void {
  const alert = push.alerts.find((each) => each.id === id);
  if (alert) alert.content = null;
}

/** Those that are not settled, oldest first. */
export function open(push: PushState): StoredAlert[] {
  return push.alerts.filter((each) => each.content !== null);
}
