/** Compares the number on a device with the badge, and explains the difference. Pure. */
import type { Device } from '@badged/client/api';

export interface DeviceStatus {
  readonly kind: 'current' | 'unknown' | 'differs' | 'untouched';
  readonly title: string;
  readonly why: string;
}

type Accepted = Pick<Device, 'type' | 'badge' | 'badge_accepted_at' | 'badge_held_back_until'>;

/** `badge` is the user's badge; null if badges are disabled. */
export function statusOf(
  { type, badge: accepted, badge_accepted_at, badge_held_back_until: heldBackUntil }: Accepted,
  badge: number | null,
): DeviceStatus {
  if (badge === null)
    return {
      kind: 'untouched',
      title: 'Not updated',
      why: 'Badges are disabled in this app: pushes carry no number.',
    };
  if (accepted === badge)
    return { kind: 'current', title: 'Up to date', why: 'It accepted the current number.' };
  if (heldBackUntil !== undefined)
    return {
      kind: 'differs',
      title: `Should be ${badge}`,
      why: `Android delays frequent changes of the number: the newest is sent at ${timeOf(heldBackUntil)}, or at once with the next alert.`,
    };
  if (accepted === null) return unknown(type, badge_accepted_at === null);
  return {
    kind: 'differs',
    title: `Should be ${badge}`,
    why:
      type === 'webpush'
        ? `Browsers do not allow silent pushes: the ${badge} arrives with the next notification, or at once while the page is open.`
        : `A push with the ${badge} is pending: it is sent in a moment, or as soon as the provider is reachable.`,
  };
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

function unknown(type: Device['type'], isNew: boolean): DeviceStatus {
  if (type === 'webpush' && isNew)
    return {
      kind: 'unknown',
      title: 'Nothing accepted yet',
      why: 'Browsers do not allow silent pushes: the first number arrives with the first notification.',
    };
  return {
    kind: 'unknown',
    title: isNew ? 'Nothing accepted yet' : 'Push in flight',
    why: isNew
      ? 'No push has been accepted yet.'
      : 'A push is in flight, or was refused. What the device shows is unknown until it accepts one.',
  };
}
