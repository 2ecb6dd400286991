/** The choice of the badge mode, with a preview of an example user's icon, computed by the core. */

import type { BadgeMode } from '@badged/client/api';
import { badge } from '@badged/core';
import { Group, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { AppIcon } from '../../parts/app_icon.js';
import { isMode, modes } from '../badge_modes.js';
import classes from './badge_mode_choice.module.css';
import { type Example, ExampleUser, firstExample } from './example_user.js';

interface BadgeModeChoiceProps {
  readonly mode: BadgeMode;
  readonly includeAnnouncements: boolean;
  readonly onChange: (mode: BadgeMode) => void;
  readonly error: string | undefined;
  /** Other settings that change the preview. */
  readonly children: ReactNode;
}

export function BadgeModeChoice(props: BadgeModeChoiceProps) {
  const { mode, includeAnnouncements, onChange, error, children } = props;
  const [example, setExample] = useState(firstExample);
  return (
    <Stack>
      <Radio.Group
        aria-label="What the badge counts"
        value={mode}
        onChange={(value) => isMode(value) && onChange(value)}
        error={error}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {modes.map((choice) => (
            <Radio.Card key={choice.mode} value={choice.mode} className={classes.card ?? ''} p="md">
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator mt={4} />
                <div className={classes.words}>
                  <Text fw={600}>{choice.name}</Text>
                  <Text size="sm" c="dimmed">
                    {choice.about}
                  </Text>
                </div>
                <Preview mode={choice.mode} includeAnnouncements={includeAnnouncements} example={example} />
              </Group>
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
      {children}
      <ExampleUser example={example} onChange={setExample} />
    </Stack>
  );
}

interface PreviewProps {
  readonly mode: BadgeMode;
  readonly includeAnnouncements: boolean;
  readonly example: Example;
}

function Preview({ mode, includeAnnouncements, example }: PreviewProps) {
  const number = badge(
    {
      unreadMessageCount: example.messages,
      unreadConversationCount: example.conversations,
      externalUnreadCount: example.external,
      unreadAnnouncementCount: example.announcements,
    },
    { mode, includeAnnouncements },
  );
  return (
    <Stack gap={6} align="center" className={classes.preview ?? ''}>
      <AppIcon badge={number} size={48} color={number === null ? 'gray' : 'indigo'} />
      <Text size="xs" c="dimmed" className={classes.sum ?? ''}>
        {number === null ? 'not updated' : sum(mode, includeAnnouncements, example)}
      </Text>
    </Stack>
  );
}

/** The addends of the badge. */
function sum(mode: BadgeMode, includeAnnouncements: boolean, example: Example): string {
  const { messages, conversations, external, announcements } = example;
  return [
    ...(mode === 'unread_messages' ? [messages] : []),
    ...(mode === 'unread_conversations' ? [conversations] : []),
    external,
    ...(includeAnnouncements ? [announcements] : []),
  ].join(' + ');
}
