/** The playground: three phones that send each other messages, with live badges. */
import type { App } from '@badged/client/api';
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconUsersPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { AppPicker, useApp } from '../parts/app_picker.js';
import { ErrorNote } from '../parts/error_note.js';
import { Loading } from '../parts/loading.js';
import { NoApp } from '../parts/no_app.js';
import { Page } from '../parts/page.js';
import { queries } from '../server/queries.js';
import { CallLog } from './call_log.js';
import { createDemoUsers, useDemoUsers } from './demo_users.js';
import { useActions } from './mutations.js';
import { Stage } from './stage.js';

export default function PlaygroundPage({ app: wanted }: { readonly app: string | undefined }) {
  const { app, apps, error } = useApp(wanted);
  const [, navigate] = useLocation();
  return (
    <Page
      title="Playground"
      about="Send a message from one phone and watch the badges of the others."
      actions={
        <AppPicker value={app?.id} onChange={(id) => navigate(`/playground/${encodeURIComponent(id)}`)} />
      }
    >
      {app === undefined ? <NoApp apps={apps} error={error} /> : <OfApp key={app.id} app={app} />}
    </Page>
  );
}

function OfApp({ app }: { readonly app: App }) {
  const [log] = useState(() => new CallLog());
  const demoUsers = useDemoUsers(app, log);
  if (demoUsers.error !== null) return <ErrorNote error={demoUsers.error} />;
  if (demoUsers.data === undefined) return <Loading />;
  return demoUsers.data === 'ready' ? <Stage app={app} log={log} /> : <SetUp app={app} log={log} />;
}

function SetUp({ app, log }: { readonly app: App; readonly log: CallLog }) {
  const { act, error } = useActions(log);
  const setUp = () =>
    act('Create demo users', async (through) => {
      await createDemoUsers(through, app.id);
      await queries.invalidateQueries({ queryKey: ['demo users', app.id] });
    });
  return (
    <Card withBorder padding="xl" maw={560}>
      <Stack>
        <Title order={2} size="h4">
          No demo users yet
        </Title>
        <Text>
          This creates the users alice, bob and carol in the app {app.name}, and two conversations: one of
          alice and bob, and one of all three. Nothing else changes. Existing users with these names get the
          conversations.
        </Text>
        {error !== null && <ErrorNote error={error} />}
        <Group>
          <Button leftSection={<IconUsersPlus size={18} aria-hidden />} onClick={setUp}>
            Create three demo users
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
