/** The top of a phone: the app's icon with its badge, what the number is made of, and the way to ask why. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { AppIcon } from '../parts/app_icon.js';
import { usePlayground } from './acting.js';
import { countedAnnouncements, plural, uncounted } from './counted.js';
import classes from './home_screen.module.css';
import type { LiveBadge } from './live_badges.js';

interface HomeScreenProps {
  readonly badge: LiveBadge | undefined;
  readonly isCut: boolean;
  readonly onExplain: () => void;
}

export function HomeScreen({ badge, isCut, onExplain }: HomeScreenProps) {
  const { app } = usePlayground();
  const number = badge?.badge ?? null;
  // Of a disabled badge nothing is sent, so that a device goes on showing what it had.
  const [last, setLast] = useState(number);
  if (number !== null && number !== last) setLast(number);
  const isLeft = badge !== undefined && number === null;
  return (
    <div className={classes.home}>
      <div className={classes.icon}>
        <AppIcon badge={isLeft ? last : number} size={64} isStale={isLeft} />
        <span className={classes.label}>{app.name}</span>
      </div>
      <div className={classes.words}>
        <p className={classes.summary}>{badge === undefined ? 'Connecting…' : summary(badge)}</p>
        {isCut && <p className={classes.cut}>Reconnecting…</p>}
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
  if (number === 0) return uncounted(badge) || 'Nothing new, no badge';
  const ofMessages = {
    unread_messages: plural(badge.unread_message_count, 'message'),
    unread_conversations: plural(badge.unread_conversation_count, 'conversation'),
    external: '',
    disabled: '',
  }[mode];
  const announcements = countedAnnouncements(badge);
  return [ofMessages, plural(announcements, 'announcement'), external > 0 ? `${external} external` : '']
    .filter((part) => part !== '')
    .join(' + ');
}
