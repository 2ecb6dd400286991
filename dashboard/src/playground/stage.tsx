/** The three phones, what can be done to their app, and the calls behind every click. */
import { Alert, Text } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { queries } from '../server/queries.js';
import { PlaygroundContext, useAct } from './acting.js';
import { AppControls } from './app_controls.js';
import { CallList } from './call_list.js';
import type { CallLog } from './call_log.js';
import { useLiveBadges } from './live_badges.js';
import { useLiveHere } from './live_here.js';
import { people } from './people.js';
import { PersonWithPhone } from './person.js';
import type { App } from './playground_page.js';
import { useSaid } from './said.js';
import { SpokenBadges } from './spoken_badges.js';
import classes from './stage.module.css';

export function Stage({ app, log }: { readonly app: App; readonly log: CallLog }) {
  const liveness = useLiveHere();
  const isLive = liveness === 'live';
  const heard = useLiveBadges(app.id, isLive, log);
  const { act, error, forgetError } = useAct(log);
  const isCut = people.some((person) => heard[person].isCut);
  useOnceBack(isCut, () => error !== null && forgetError());
  const said = useSaid();
  const mode = (isLive ? heard.alice.badge?.badge_mode : undefined) ?? app.badge_mode;
  // Somebody may have changed it elsewhere: then the other settings are to be read again as well.
  useEffect(() => {
    if (mode !== app.badge_mode) void queries.invalidateQueries({ queryKey: ['apps'] });
  }, [mode, app.badge_mode]);

  return (
    <PlaygroundContext value={{ app, act, log, said }}>
      {error !== null && <ErrorNote error={error} />}
      {liveness === 'elsewhere' && (
        <Alert color="yellow" icon={<IconPlayerPause />} title="Paused">
          The phones are live in another window. Click here to go on in this one.
        </Alert>
      )}
      <div className={classes.stage}>
        <section className={classes.phones} aria-label="Phones">
          {people.map((person) => (
            <PersonWithPhone key={person} person={person} heard={heard[person]} />
          ))}
        </section>
        <div className={classes.controls}>
          <AppControls mode={mode} includesAnnouncements={app.include_announcements} />
        </div>
        <CallList log={log} app={app.id} />
      </div>
      <Text size="sm" c="dimmed">
        badged counts messages and never stores what they say: the texts here are known to this page only, and
        gone when you leave it.
      </Text>
      <SpokenBadges heard={heard} />
    </PlaygroundContext>
  );
}

/** What failed for want of a connection is no news once there is one. */
function useOnceBack(isCut: boolean, then: () => void): void {
  const wasCut = useRef(isCut);
  useEffect(() => {
    if (wasCut.current && !isCut) then();
    wasCut.current = isCut;
  });
}
