/** One user, live. Each event of the stream reloads the rest of the page. */
import { Code, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { useLiveBadge } from '../parts/live_badge.js';
import { Loading } from '../parts/loading.js';
import { BadgeNow } from './badge_now.js';
import { Conversations } from './conversations.js';
import { Devices, useDevices } from './devices.js';
import { ExplainedSum } from './explained_sum.js';
import { rememberUser } from './recent_users.js';
import { useUserExists } from './user_exists.js';
import classes from './users.module.css';

interface InspectorProps {
  readonly app: string;
  readonly user: string;
}

export function Inspector({ app, user }: InspectorProps) {
  const { data: isKnown, error } = useUserExists(app, user, true);
  if (error !== null) return <ErrorNote error={error} />;
  if (isKnown === undefined) return <Loading />;
  return isKnown ? <KnownUser app={app} user={user} /> : <UnknownUser app={app} user={user} />;
}

function KnownUser({ app, user }: InspectorProps) {
  const live = useLiveBadge(app, user);
  const client = useQueryClient();
  useEffect(() => rememberUser(app, user), [app, user]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new badge is the reason to read the rest again.
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['of-user', app, user] });
  }, [client, app, user, live.badge]);
  return (
    <Stack gap="lg" maw={1000}>
      <BadgeNow user={user} live={live} />
      <ExplainedSum app={app} user={user} />
      <Conversations app={app} user={user} />
      <Devices app={app} user={user} badge={live.badge} />
    </Stack>
  );
}

function UnknownUser({ app, user }: InspectorProps) {
  const { data: devices = [] } = useDevices(app, user);
  return (
    <Paper withBorder p="lg" role="status">
      <Stack gap="sm">
        <Title order={2} size="h4" className={classes.anywhere ?? ''}>
          This app has no user “{user}” yet
        </Title>
        <Text>A user exists as soon as the app names them:</Text>
        <List spacing={4}>
          <List.Item>as a participant of a conversation,</List.Item>
          <List.Item>as a recipient of an announcement,</List.Item>
          <List.Item>in a block, on either side,</List.Item>
          <List.Item>
            or by setting their external count: <Code>PUT …/users/USER/badge</Code>.
          </List.Item>
        </List>
        <Text c="dimmed">
          {devices.length === 0
            ? 'Ids must match exactly, including case and spaces.'
            : `${devices.length === 1 ? 'A device is' : `${devices.length} devices are`} registered for this id, but a device alone does not create a user.`}{' '}
          This page shows the user as soon as they exist.
        </Text>
      </Stack>
    </Paper>
  );
}
