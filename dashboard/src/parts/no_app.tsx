/** Shown while a page has no app: loading, failed, or none. */
import type { App } from '@badged/client/api';
import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { ErrorNote } from './error_note.js';
import { Loading } from './loading.js';

interface NoAppProps {
  readonly apps: readonly App[] | undefined;
  readonly error: unknown;
}

export function NoApp({ apps, error }: NoAppProps) {
  if (error !== null) return <ErrorNote error={error} />;
  if (apps === undefined) return <Loading />;
  if (apps.length > 0) return <Text>This app does not exist.</Text>;
  return (
    <Text>
      No apps yet. Create one under{' '}
      <Anchor component={Link} href="/apps">
        Apps
      </Anchor>
      .
    </Text>
  );
}
