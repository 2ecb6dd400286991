/** How an app's pushes go out, for each platform. Without credentials, what would be sent is only logged. */
import type { App } from '@badged/client/api';
import { Stack, Text } from '@mantine/core';
import { ApnsCard, FcmCard, WebPushCard } from './platforms.js';

export function PushTab({ app }: { readonly app: App }) {
  return (
    <Stack gap="lg">
      <Text c="dimmed" size="sm" maw={640}>
        Credentials are checked when you set them, encrypted before they are stored, and never shown again.
        With new ones, devices are brought up to date at once.
      </Text>
      <ApnsCard app={app} />
      <FcmCard app={app} />
      <WebPushCard app={app} />
    </Stack>
  );
}
