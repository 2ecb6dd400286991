/** The overview: charts of the last hour of the process, refreshed every ten seconds. */
import { Alert, Anchor, List, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconChartLine, IconClockPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ErrorNote } from '../parts/error_note.js';
import { Page } from '../parts/page.js';
import { api } from '../server/api.js';
import { ChartCard } from './chart_card.js';
import { charts, type Overview } from './charts.js';
import { exactTimeOfDay, timeSpan } from './numbers.js';
import classes from './overview.module.css';

const hourMs = 3_600_000;
const platforms = { apns: 'APNs', fcm: 'FCM', webpush: 'Web Push' } as const;

export default function OverviewPage() {
  const { data, error } = useQuery({
    queryKey: ['overview'],
    queryFn: () => api.getOverview({}),
    refetchInterval: 10_000,
  });
  return (
    <Page title="Overview" about={<About overview={data} />}>
      {error !== null && <ErrorNote error={error} />}
      {data === undefined ? error === null && <Placeholders /> : <Loaded overview={data} />}
    </Page>
  );
}

function About({ overview }: { readonly overview: Overview | undefined }) {
  const last = overview?.samples.at(-1);
  const metrics = (
    <Anchor href="/metrics" target="_blank" rel="noreferrer" inherit underline="always">
      /metrics
    </Anchor>
  );
  return (
    <>
      The last hour of this process, lost at a restart. For longer times, let Prometheus read {metrics}.
      {overview !== undefined && (
        <>
          <br />
          Up for {timeSpan(Date.now() - Date.parse(overview.started_at))} · {overview.apps}{' '}
          {overview.apps === 1 ? 'app' : 'apps'}
          {last !== undefined && ` · as of ${exactTimeOfDay(Date.parse(last.at))}`}
        </>
      )}
    </>
  );
}

function Loaded({ overview }: { readonly overview: Overview }) {
  const last = overview.samples.at(-1);
  // After a suspend, some samples are older.
  const since = last === undefined ? 0 : Date.parse(last.at) - hourMs;
  const samples = overview.samples.filter(({ at }) => Date.parse(at) > since);
  return (
    <>
      <PausedPushes overview={overview} />
      <Servers overview={overview} />
      {samples.length === 0 ? (
        <NothingYet seconds={overview.interval_seconds} />
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">
          {charts.map((chart) => (
            <ChartCard key={chart.title} chart={chart} samples={samples} />
          ))}
        </SimpleGrid>
      )}
    </>
  );
}

function Servers({ overview: { servers } }: { readonly overview: Overview }) {
  if (servers.length < 2) return null;
  return (
    <Paper withBorder p="md" mb="md">
      <Text size="sm" mb={4}>
        {servers.length} servers are alive. The charts are of the one that responded.
      </Text>
      <List size="sm">
        {servers.map((server) => (
          <List.Item key={server.id}>
            {server.id.slice(0, 8)}
            {server.is_this && ' (this one)'}: version {server.version}, up for{' '}
            {timeSpan(Date.now() - Date.parse(server.started_at))}
            {server.events_behind > 0 && `, ${server.events_behind} events behind`}
            {server.paused_push_transports > 0 && `, push delivery paused`}
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}

function PausedPushes({
  overview: { resting, resting_push_transports: count },
}: {
  readonly overview: Overview;
}) {
  if (count === 0) return null;
  const others = count - resting.length;
  return (
    <Alert
      color="orange"
      icon={<IconClockPause aria-hidden />}
      title="Push delivery is paused"
      classNames={{ title: classes.notice ?? '' }}
    >
      <Text size="sm" mb={4}>
        Pushes are stored, and sent once the provider is reachable and accepts the credentials.
      </Text>
      <List size="sm">
        {resting.map(({ app_id, app_name, platform, kind, reason, since }) => (
          <List.Item key={`${app_id} ${platform}`}>
            <Anchor
              component={Link}
              href={`/apps/${encodeURIComponent(app_id)}/push`}
              inherit
              c="inherit"
              underline="always"
            >
              {app_name}
            </Anchor>
            , {platforms[platform]}:{' '}
            {kind === 'unreachable' ? 'the provider is unreachable' : 'the provider refuses the credentials'}{' '}
            ({reason}), for {timeSpan(Date.now() - Date.parse(since))}
          </List.Item>
        ))}
        {others > 0 && <List.Item>and {others} more</List.Item>}
      </List>
    </Alert>
  );
}

function NothingYet({ seconds }: { readonly seconds: number }) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="xs" maw={520} mx="auto" ta="center" py="lg">
        <IconChartLine size={40} stroke={1.5} aria-hidden color="var(--mantine-primary-color-filled)" />
        <Title order={2} size="h4">
          No figures yet
        </Title>
        <Text c="dimmed">
          The server has just started, and takes a sample every {seconds} seconds. This page will show
          requests and their latency, errors, pushes by outcome, pending alerts, and open streams.
        </Text>
      </Stack>
    </Paper>
  );
}

function Placeholders() {
  return (
    <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md" aria-busy aria-label="Loading">
      {charts.map(({ title }) => (
        <Skeleton key={title} height={310} radius="md" animate={false} />
      ))}
    </SimpleGrid>
  );
}
