/** How what a device shows stands to the badge that it should show, in words. Pure. */
import type { Device } from '@badged/client/api';

export interface Standing {
  readonly kind: 'current' | 'unknown' | 'differs' | 'untouched';
  readonly title: string;
  readonly why: string;
}

type Accepted = Pick<Device, 'type' | 'badge' | 'badge_accepted_at'>;

/** `badge` is the user's: null where badges are disabled. */
export function standingOf(
  { type, badge: accepted, badge_accepted_at }: Accepted,
  badge: number | null,
): Standing {
  if (badge === null)
    return {
      kind: 'untouched',
      title: 'Left as it is',
      why: 'Badges are disabled in this app: pushes carry no number.',
    };
  if (accepted === badge)
    return { kind: 'current', title: 'Up to date', why: 'It accepted the number that the badge has now.' };
  if (accepted === null) return unknown(type, badge_accepted_at === null);
  return {
    kind: 'differs',
    title: `Should be ${badge}`,
    why:
      type === 'webpush'
        ? `Browsers allow no silent pushes: the ${badge} comes with the next notification, or at once while its page is open.`
        : `A push with the ${badge} is due: it goes out in a moment, or waits until the provider can be reached.`,
  };
}

function unknown(type: Device['type'], isNew: boolean): Standing {
  if (type === 'webpush' && isNew)
    return {
      kind: 'unknown',
      title: 'Nothing accepted yet',
      why: 'Browsers allow no silent pushes: its first number comes with the first notification.',
    };
  return {
    kind: 'unknown',
    title: isNew ? 'Nothing accepted yet' : 'Push under way',
    why: isNew
      ? 'No push has reached it yet, or the first one is under way.'
      : 'A push is under way, or was refused. Until one is accepted, nobody can say what it shows.',
  };
}
