/** The controls of the app: its badge mode, and announcements. */
import type { App } from '@badged/client/api';
import { Button, Input, Paper, SegmentedControl, Switch } from '@mantine/core';
import { IconSpeakerphone } from '@tabler/icons-react';
import { announce } from './actions.js';
import classes from './app_controls.module.css';
import { isDemo } from './demo_users.js';
import { usePlayground } from './mutations.js';

type Mode = App['badge_mode'];

const modes: { readonly value: Mode; readonly label: string }[] = [
  { value: 'unread_messages', label: 'Messages' },
  { value: 'unread_conversations', label: 'Conversations' },
  { value: 'external', label: 'External' },
  { value: 'disabled', label: 'Disabled' },
];

interface AppControlsProps {
  readonly mode: Mode;
  readonly includesAnnouncements: boolean;
}

export function AppControls({ mode, includesAnnouncements }: AppControlsProps) {
  const { app, act } = usePlayground();
  const change = (settings: { badge_mode?: Mode; include_announcements?: boolean }) =>
    act('Change the app', (through) => through.changeApp({ app_id: app.id, ...settings }));
  return (
    <Paper withBorder px="md" py="sm">
      <div className={classes.controls}>
        <div className={classes.mode}>
          <Input.Label id="badge-mode">The badge counts</Input.Label>
          <SegmentedControl
            aria-labelledby="badge-mode"
            className={classes.modes ?? ''}
            data={modes}
            value={mode}
            onChange={(badge_mode) => change({ badge_mode })}
          />
        </div>
        <Switch
          className={classes.switch ?? ''}
          label="Count announcements too"
          checked={includesAnnouncements}
          disabled={mode === 'disabled'}
          onChange={({ currentTarget }) => change({ include_announcements: currentTarget.checked })}
        />
        <Button
          variant="default"
          leftSection={<IconSpeakerphone size={18} aria-hidden />}
          onClick={() => act('Send an announcement', (through) => announce(through, app))}
        >
          {isDemo(app) ? 'Announce to everyone' : 'Announce to these three'}
        </Button>
      </div>
    </Paper>
  );
}
