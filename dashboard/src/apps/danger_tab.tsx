/** Deletes an app, after its name has been typed. */

import type { App } from '@badged/client/api';
import { Button, Group, List, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { ErrorNote } from '../parts/error_note.js';
import { api } from '../server/api.js';
import { queries } from '../server/queries.js';
import classes from './danger_tab.module.css';
import { Window } from './window.js';

export function DangerTab({ app }: { readonly app: App }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2} size="h4">
          Delete this app
        </Title>
        <Text size="sm">This cannot be undone. It deletes:</Text>
        <List size="sm" spacing={4}>
          <List.Item>its users, conversations, unread counts and announcements;</List.Item>
          <List.Item>its registered devices, whose icons keep their number;</List.Item>
          <List.Item>its tokens, OAuth clients and push credentials, which stop working.</List.Item>
        </List>
        <div>
          <Button color="red.9" onClick={open}>
            Delete app…
          </Button>
        </div>
      </Stack>
      <Window opened={isOpen} onClose={close} title="Delete this app?">
        <DeleteQuestion app={app} onClose={close} />
      </Window>
    </Paper>
  );
}

function DeleteQuestion({ app, onClose }: { readonly app: App; readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [, navigate] = useLocation();
  const isSure = typed === app.name;
  const attempt = useMutation({
    mutationFn: () => api.deleteApp({ app_id: app.id }),
    onSuccess: () => {
      navigate('/apps');
      return queries.invalidateQueries();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isSure) attempt.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          This deletes <b className={classes.exactly}>{app.name}</b> with all its users, counts, devices,
          tokens and credentials.
        </Text>
        <TextInput
          label="Type the app's name to confirm"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        {attempt.error !== null && <ErrorNote error={attempt.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red.9" disabled={!isSure} loading={attempt.isPending}>
            Delete permanently
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
