/** An app's icon with its badge. */
import { Box } from '@mantine/core';
import { IconMessageCircleFilled } from '@tabler/icons-react';
import classes from './app_icon.module.css';

interface AppIconProps {
  /** Null and 0 look the same: no badge. */
  readonly badge: number | null;
  /** Whether the number is no longer updated. */
  readonly isStale?: boolean;
  /** In pixels. */
  readonly size?: number;
  /** A color of the theme. */
  readonly color?: string;
}

/** The highest number that fits on an icon. */
const most = 9_999;
const bare = 'App icon without a badge';

export function AppIcon({ badge, isStale = false, size = 64, color = 'indigo' }: AppIconProps) {
  const text = badge !== null && badge > most ? `${most}+` : badge;
  const name = badge === null || badge === 0 ? bare : `App icon with badge ${badge}`;
  return (
    <Box
      className={classes.icon}
      role="img"
      aria-label={isStale && name !== bare ? `${name}, not updated` : name}
      __vars={{ '--icon-size': `${size}px`, '--icon-color': `var(--mantine-color-${color}-7)` }}
    >
      <IconMessageCircleFilled size={size * 0.6} aria-hidden />
      {badge !== null && badge > 0 && (
        // A new element for each number, so that the change is animated.
        <span key={badge} className={classes.badge} data-badge data-stale={isStale || undefined}>
          {text}
        </span>
      )}
    </Box>
  );
}
