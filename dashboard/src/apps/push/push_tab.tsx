/** The push tab: the credentials of each platform. Without credentials, pushes are only logged. */
import type { App } from '@badged/client/api';
import { Stack, Text } from '@mantine/core';
import { ApnsCard, FcmCard, WebPushCard } from './platforms.js';

export function PushTab({ app }: { readonly app: App }) {
  return (
    <Stack gap="lg">
      <Text c="dimmed" size="sm" maw={640}>
        Credentials are checked when you set them, stored encrypted, and never shown again. New credentials
        take effect at once.
      </Text>
      <ApnsCard app={app} />
      <FcmCard app={app} />
      <WebPushCard app={app} />
    </Stack>
  );
}
