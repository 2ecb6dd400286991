/** A user's current badge: the icon, the number, and the counts. */
import type { BadgeMode } from '@badged/client/api';
import { Badge, Group, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { AppIcon } from '../parts/app_icon.js';
import { ErrorNote } from '../parts/error_note.js';
import type { LiveBadge } from '../parts/live_badge.js';
import classes from './users.module.css';

const modes: Readonly<Record<BadgeMode, string>> = {
  unread_messages: 'Counts unread messages',
  unread_conversations: 'Counts unread conversations',
  external: 'External count only',
  disabled: 'Badges disabled',
};

const states: Readonly<Record<LiveBadge['state'], string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  waiting: 'Reconnecting…',
  paused: 'Paused while hidden',
  ended: 'Not live',
};

export function BadgeNow({ user, live }: { readonly user: string; readonly live: LiveBadge }) {
  const { badge, state, error } = live;
  const number = badge?.badge ?? null;
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
          <Title order={2} size="h3" className={classes.anywhere ?? ''}>
            {user}
          </Title>
          <Text span c="dimmed" className={classes.live ?? ''} data-state={state}>
            {states[state]}
          </Text>
        </Group>
        {state === 'ended' && <ErrorNote error={error} />}
        <Group gap="xl" align="center">
          <AppIcon badge={number} size={84} />
          <div>
            <div className={classes.number} data-testid="badge-now">
              {badge === undefined ? '…' : (number ?? 'none')}
            </div>
            <VisuallyHidden aria-live="polite">
              {badge !== undefined && (number === null ? 'No badge.' : `The badge is ${number}.`)}
            </VisuallyHidden>
            {badge !== undefined && (
              <Badge variant="light" mt="xs" tt="none">
                {modes[badge.badge_mode]}
              </Badge>
            )}
          </div>
        </Group>
        {badge !== undefined && (
          <dl className={classes.counts}>
            <Count name="Unread messages" count={badge.unread_message_count} />
            <Count name="Unread conversations" count={badge.unread_conversation_count} />
            <Count name="Unread announcements" count={badge.unread_announcement_count} />
            <Count name="External count" count={badge.external_unread_count} />
          </dl>
        )}
      </Stack>
    </Paper>
  );
}

function Count({ name, count }: { readonly name: string; readonly count: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{count.toLocaleString('en')}</dd>
    </div>
  );
}
