/** What a newcomer sees first: three phones that talk to one another, and their badges, live. */
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconUsersPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { AppPicker, useApp } from '../parts/app_picker.js';
import { ErrorNote } from '../parts/error_note.js';
import { Loading } from '../parts/loading.js';
import { NoApp } from '../parts/no_app.js';
import { Page } from '../parts/page.js';
import type { Api } from '../server/api.js';
import { queries } from '../server/queries.js';
import { useAct } from './acting.js';
import { CallLog } from './call_log.js';
import { makeCast, useCast } from './cast.js';
import { Stage } from './stage.js';

export type App = Awaited<ReturnType<Api['listApps']>>[number];

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
  const cast = useCast(app, log);
  if (cast.error !== null) return <ErrorNote error={cast.error} />;
  if (cast.data === undefined) return <Loading />;
  return cast.data === 'ready' ? <Stage app={app} log={log} /> : <SetUp app={app} log={log} />;
}

function SetUp({ app, log }: { readonly app: App; readonly log: CallLog }) {
  const { act, error } = useAct(log);
  const setUp = () =>
    act('Setting up', async (through) => {
      await makeCast(through, app.id);
      await queries.invalidateQueries({ queryKey: ['cast', app.id] });
    });
  return (
    <Card withBorder padding="xl" maw={560}>
      <Stack>
        <Title order={2} size="h4">
          Nobody is here to play with yet
        </Title>
        <Text>
          Three users, alice, bob and carol, and two conversations, one of alice and bob and one of all three,
          will be made in the app {app.name}. Nothing else in it is touched. If it has users of these names,
          they get the two conversations.
        </Text>
        {error !== null && <ErrorNote error={error} />}
        <Group>
          <Button leftSection={<IconUsersPlus size={18} aria-hidden />} onClick={setUp}>
            Set up three users here
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
