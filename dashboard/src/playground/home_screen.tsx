/** The top of a phone: the app's icon with its badge, what the number is made of, and the way to ask why. */
import { UnstyledButton } from '@mantine/core';
import { AppIcon } from '../parts/app_icon.js';
import { usePlayground } from './acting.js';
import classes from './home_screen.module.css';
import type { LiveBadge } from './live_badges.js';

interface HomeScreenProps {
  readonly badge: LiveBadge | undefined;
  readonly onExplain: () => void;
}

export function HomeScreen({ badge, onExplain }: HomeScreenProps) {
  const { app } = usePlayground();
  const number = badge?.badge ?? null;
  return (
    <div className={classes.home}>
      <div className={classes.icon}>
        <AppIcon badge={number} size={64} />
        <span className={classes.label}>{app.name}</span>
      </div>
      <div className={classes.words}>
        <p className={classes.summary}>{badge === undefined ? 'Connecting…' : summary(badge)}</p>
        {number !== null && (
          <UnstyledButton className={classes.why ?? ''} onClick={onExplain} aria-haspopup="dialog">
            Why {number}?
          </UnstyledButton>
        )}
      </div>
    </div>
  );
}

/** What counts in the mode, in words; what does not is left out. */
function summary(badge: LiveBadge): string {
  const { badge: number, badge_mode: mode, external_unread_count: external } = badge;
  if (number === null) return 'Badges are disabled: the icon is left as it is';
  if (number === 0) return 'Nothing new, no badge';
  const ofMessages = {
    unread_messages: plural(badge.unread_message_count, 'message'),
    unread_conversations: plural(badge.unread_conversation_count, 'conversation'),
    external: '',
    disabled: '',
  }[mode];
  const announcements = number - external - countedOf(badge);
  return [
    ofMessages,
    announcements > 0 ? plural(announcements, 'announcement') : '',
    external > 0 ? `${external} external` : '',
  ]
    .filter((part) => part !== '')
    .join(' + ');
}

function countedOf({ badge_mode: mode, ...counts }: LiveBadge): number {
  if (mode === 'unread_messages') return counts.unread_message_count;
  return mode === 'unread_conversations' ? counts.unread_conversation_count : 0;
}

function plural(count: number, noun: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
