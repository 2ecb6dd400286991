/** The card of one platform: its credentials, their state, and actions. */
import type { App, PushHealth, TestedPush } from '@badged/client/api';
import { Button, DataList, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ErrorNote } from '../../parts/error_note.js';
import { Confirmed } from '../confirm.js';
import { When } from '../when.js';
import { Window } from '../window.js';
import { HealthBadge, HealthNote } from './health.js';
import { type Platform, SendTest, type TestTarget } from './send_test.js';

interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

interface PlatformCardProps {
  readonly app: App;
  readonly platform: Platform;
  readonly name: string;
  readonly about: string;
  /** Null if there are none; undefined while loading. */
  readonly credentials: { readonly updated_at: string; readonly health: PushHealth } | null | undefined;
  readonly error: unknown;
  readonly facts: readonly Fact[] | null | undefined;
  readonly form: (close: () => void) => ReactNode;
  readonly remove: () => Promise<unknown>;
  /** A further consequence of removing them. */
  readonly removal?: string;
  readonly test: (target: TestTarget) => Promise<TestedPush>;
}

export function PlatformCard(props: PlatformCardProps) {
  const { platform, name, about, credentials, error, facts } = props;
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby={`push-${platform}`}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} size="h4" id={`push-${platform}`}>
              {name}
            </Title>
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          </div>
          <HealthBadge credentials={credentials} />
        </Group>
        {error !== null && <ErrorNote error={error} />}
        {credentials && <HealthNote health={credentials.health} />}
        {credentials && facts && (
          <DataList labelWidth="96px">
            {[...facts, { name: 'Set', value: <When at={credentials.updated_at} withTime /> }].map((fact) => (
              <DataList.Item key={fact.name}>
                <DataList.ItemLabel>{fact.name}</DataList.ItemLabel>
                <DataList.ItemValue>{fact.value}</DataList.ItemValue>
              </DataList.Item>
            ))}
          </DataList>
        )}
        {(credentials !== undefined || error !== null) && <Actions {...props} />}
      </Stack>
    </Paper>
  );
}

/** Credentials that another secret key encrypted cannot be read, but can be replaced and removed. */
function Actions({ app, platform, name, credentials, form, remove, removal, test }: PlatformCardProps) {
  const [isSetting, setting] = useDisclosure(false);
  const [isTesting, testing] = useDisclosure(false);
  return (
    <Group gap="xs">
      {credentials && (
        <Button size="xs" onClick={testing.open} aria-label={`Send a test to ${name}`}>
          Send a test
        </Button>
      )}
      <Button
        size="xs"
        variant={credentials === null ? 'filled' : 'default'}
        onClick={setting.open}
        aria-label={`${credentials === null ? 'Set' : 'Replace'} credentials for ${name}`}
      >
        {credentials === null ? 'Set credentials' : 'Replace'}
      </Button>
      {credentials !== null && (
        <Confirmed
          button="Remove"
          buttonLabel={`Remove credentials for ${name}`}
          buttonProps={{ size: 'xs' }}
          title="Remove these credentials?"
          verb="Remove credentials"
          action={remove}
        >
          <Text size="sm">
            Pushes to {name.toLowerCase()} of <b>{app.name}</b> will only be logged. {removal}
          </Text>
        </Confirmed>
      )}
      <Window opened={isSetting} onClose={setting.close} title={`Credentials for ${name}`} size="lg">
        {form(setting.close)}
      </Window>
      <Window opened={isTesting} onClose={testing.close} title={`Send a test to ${name}`}>
        <SendTest app={app} platform={platform} send={test} onClose={testing.close} />
      </Window>
    </Group>
  );
}
