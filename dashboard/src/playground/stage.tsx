/** The three phones, the controls of their app, and the log of calls. */
import type { App } from '@badged/client/api';
import { Alert, Text } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { queries } from '../server/queries.js';
import { useWindowActivity } from './active_window.js';
import { AppControls } from './app_controls.js';
import { BadgeAnnouncer } from './badge_announcer.js';
import { CallList } from './call_list.js';
import type { CallLog } from './call_log.js';
import { useLiveBadges } from './live_badges.js';
import { PlaygroundContext, useActions } from './mutations.js';
import { people } from './people.js';
import { PersonWithPhone } from './person.js';
import classes from './stage.module.css';
import { useTranscript } from './transcript.js';

export function Stage({ app, log }: { readonly app: App; readonly log: CallLog }) {
  const activity = useWindowActivity();
  const isLive = activity === 'live';
  const streams = useLiveBadges(app.id, isLive, log);
  const { act, error, clearError } = useActions(log);
  const isDisconnected = people.some((person) => streams[person].isDisconnected);
  useOnceBack(isDisconnected, () => error !== null && clearError());
  const transcript = useTranscript();
  const mode = (isLive ? streams.alice.badge?.badge_mode : undefined) ?? app.badge_mode;
  // If the mode changed elsewhere, other settings may have changed too.
  useEffect(() => {
    if (mode !== app.badge_mode) void queries.invalidateQueries({ queryKey: ['apps'] });
  }, [mode, app.badge_mode]);

  return (
    <PlaygroundContext value={{ app, act, log, transcript }}>
      {error !== null && <ErrorNote error={error} />}
      {activity === 'elsewhere' && (
        <Alert color="yellow" icon={<IconPlayerPause />} title="Paused">
          The phones are live in another window. Click here to use this one.
        </Alert>
      )}
      <div className={classes.stage}>
        <section className={classes.phones} aria-label="Phones">
          {people.map((person) => (
            <PersonWithPhone key={person} person={person} streams={streams[person]} />
          ))}
        </section>
        <div className={classes.controls}>
          <AppControls mode={mode} includesAnnouncements={app.include_announcements} />
        </div>
        <CallList log={log} app={app.id} />
      </div>
      <Text size="sm" c="dimmed">
        badged never stores the text of a message. The texts are in this page only, and are lost when you
        leave it.
      </Text>
      <BadgeAnnouncer streams={streams} />
    </PlaygroundContext>
  );
}

/** Calls `then` when the connection is back, to clear errors of the outage. */
function useOnceBack(isDisconnected: boolean, then: () => void): void {
  const wasDisconnected = useRef(isDisconnected);
  useEffect(() => {
    if (wasDisconnected.current && !isDisconnected) then();
    wasDisconnected.current = isDisconnected;
  });
}
