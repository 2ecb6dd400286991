/** The state of push delivery, and the reason if it is paused. */
import type { PushHealth } from '@badged/client/api';
import { Alert, Badge, Text } from '@mantine/core';
import { IconAlertTriangle, IconHourglass } from '@tabler/icons-react';
import { When } from '../when.js';

interface HealthBadgeProps {
  readonly credentials: { readonly health: PushHealth } | null | undefined;
}

const words = {
  ok: { color: 'teal', text: 'Sending' },
  unreachable: { color: 'yellow', text: 'Paused' },
  misconfigured: { color: 'red', text: 'Misconfigured' },
} as const;

export function HealthBadge({ credentials }: HealthBadgeProps) {
  if (credentials === undefined) return null;
  const { color, text } =
    credentials === null ? { color: 'gray.5', text: 'Log only' } : words[credentials.health.state];
  return (
    <Badge variant="dot" color={color} size="lg" tt="none">
      {text}
    </Badge>
  );
}

export function HealthNote({
  health: { state, reason, since, next_try_at },
}: {
  readonly health: PushHealth;
}) {
  if (state === 'ok') return null;
  const isRefused = state === 'misconfigured';
  return (
    <Alert
      color={isRefused ? 'red' : 'yellow'}
      icon={isRefused ? <IconAlertTriangle /> : <IconHourglass />}
      title={isRefused ? 'The provider refuses these credentials' : 'The provider is unreachable'}
    >
      {reason !== null && <Text size="sm">Reason: {reason}</Text>}
      <Text size="sm">
        Delivery is paused
        {since !== null && (
          <>
            {' '}
            since <When at={since} withTime />
          </>
        )}
        ; pushes are stored until they expire.
        {next_try_at !== null && (
          <>
            {' '}
            Next retry: <When at={next_try_at} withTime />.
          </>
        )}
      </Text>
    </Alert>
  );
}
