/** The top of a phone: the app's icon with its badge, a summary, and a button to explain it. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { AppIcon } from '../parts/app_icon.js';
import { countedAnnouncements, plural, uncounted } from './counted.js';
import classes from './home_screen.module.css';
import type { LiveBadge } from './live_badges.js';
import { usePlayground } from './mutations.js';

interface HomeScreenProps {
  readonly badge: LiveBadge | undefined;
  readonly isDisconnected: boolean;
  readonly onExplain: () => void;
}

export function HomeScreen({ badge, isDisconnected, onExplain }: HomeScreenProps) {
  const { app } = usePlayground();
  const number = badge?.badge ?? null;
  // With badges disabled nothing is sent, so a device keeps its last number.
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
        {isDisconnected && <p className={classes.cut}>Reconnecting…</p>}
        {number !== null && (
          <UnstyledButton className={classes.why ?? ''} onClick={onExplain} aria-haspopup="dialog">
            Why {number}?
          </UnstyledButton>
        )}
      </div>
    </div>
  );
}

/** The counted items as text. */
function summary(badge: LiveBadge): string {
  const { badge: number, badge_mode: mode, external_unread_count: external } = badge;
  if (number === null) return 'Badges are disabled: the icon keeps its number';
  if (number === 0) return uncounted(badge) || 'No unread messages, no badge';
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
