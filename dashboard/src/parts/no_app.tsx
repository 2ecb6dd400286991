/** Why a page has no app to be about: it is on its way, could not be had, or is none. */
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
  if (apps.length > 0) return <Text>There is no such app.</Text>;
  return (
    <Text>
      There is no app yet. Create one under{' '}
      <Anchor component={Link} href="/apps">
        Apps
      </Anchor>
      .
    </Text>
  );
}
