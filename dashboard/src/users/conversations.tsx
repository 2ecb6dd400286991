/** A user's conversations with their unread counts and levels, and a button to mark each as read. */
import type { UserConversation } from '@badged/client/api';
import { Badge, Button, Group, Paper, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { api } from '../server/api.js';
import { nameOfConversation } from './conversation_names.js';
import { TimeAgo } from './time_ago.js';
import classes from './users.module.css';

interface ConversationsProps {
  readonly app: string;
  readonly user: string;
}

const pageSize = 20;

export function Conversations({ app, user }: ConversationsProps) {
  const [unreadOnly, setUnreadOnly] = useState(false);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['of-user', app, user, 'conversations', unreadOnly],
    queryFn: ({ pageParam }) =>
      api.listUserConversations({
        app_uuid: app,
        user_id: user,
        sort_by: 'last_message',
        unread: unreadOnly,
        page_size: pageSize,
        ...(pageParam !== undefined && { from_id: pageParam }),
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)?.id),
    placeholderData: keepPreviousData,
  });
  const conversations = data?.pages.flat();
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="conversations">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4" id="conversations">
            Conversations
          </Title>
          <Switch
            label="Unread only"
            checked={unreadOnly}
            onChange={({ currentTarget }) => setUnreadOnly(currentTarget.checked)}
          />
        </Group>
        {error !== null && <ErrorNote error={error} />}
        {conversations === undefined && error === null && <Skeleton h={120} />}
        {conversations?.length === 0 && (
          <Text c="dimmed">
            {unreadOnly ? 'No unread conversations.' : 'This user is in no conversation.'}
          </Text>
        )}
        <ul className={classes.list}>
          {conversations?.map((conversation) => (
            <Row key={conversation.id} app={app} user={user} conversation={conversation} />
          ))}
        </ul>
        {hasNextPage && (
          <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            Show more
          </Button>
        )}
      </Stack>
    </Paper>
  );
}

const firstPage: string | undefined = undefined;

function Row({ app, user, conversation }: ConversationsProps & { readonly conversation: UserConversation }) {
  const { id, participant_count: count, last_message, unread_message_count: unread } = conversation;
  const name = nameOfConversation(conversation, user);
  const reading = useMutation({
    mutationFn: () => api.markAllRead({ app_uuid: app, user_id: user, conversation_id: id }),
  });
  return (
    <li className={classes.row}>
      <div className={classes.about}>
        <Text fw={500} className={classes.anywhere ?? ''}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {count === 1 ? '1 participant' : `${count} participants`}
          {last_message !== null && (
            <>
              {' · last message '}
              <TimeAgo at={last_message.sent_at} />
            </>
          )}
        </Text>
        {reading.error !== null && <ErrorNote error={reading.error} mt="xs" />}
      </div>
      <Notifications {...conversation.notifications} />
      <Badge variant={unread > 0 ? 'light' : 'default'} color={unread > 0 ? 'red' : 'gray'} tt="none">
        {unread} unread
      </Badge>
      {unread > 0 && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconChecks size={14} aria-hidden />}
          onClick={() => reading.mutate()}
          loading={reading.isPending}
          aria-label={`Mark read: ${name}`}
        >
          Mark read
        </Button>
      )}
    </li>
  );
}

/** Empty for the level `all`. */
function Notifications({ level, muted_until }: UserConversation['notifications']) {
  if (muted_until !== null)
    return (
      <Badge variant="default" tt="none">
        Muted until {new Date(muted_until).toLocaleString()}
      </Badge>
    );
  if (level === 'all') return null;
  return (
    <Badge variant="default" tt="none">
      {level === 'mentions' ? 'Mentions only' : 'Notifications off'}
    </Badge>
  );
}
