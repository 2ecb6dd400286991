/** Finds a user by id, or among the recently viewed ones. */
import { Anchor, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUserSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { AppPicker } from '../parts/app_picker.js';
import { recentUsers } from './recent_users.js';
import { userPath } from './user_address.js';
import classes from './users.module.css';

interface UserSearchProps {
  readonly app: string;
  readonly user: string | undefined;
}

export function UserSearch({ app, user }: UserSearchProps) {
  const [, navigate] = useLocation();
  const [id, setId] = useState(user ?? '');
  const recent = recentUsers(app).filter((each) => each !== user);
  return (
    <Stack gap="sm">
      <form
        className={classes.search}
        onSubmit={(event) => {
          event.preventDefault();
          if (id !== '') navigate(userPath(app, id));
        }}
      >
        <AppPicker
          value={app}
          onChange={(other) => navigate(user === undefined ? `/users/${other}` : userPath(other, user))}
        />
        <TextInput
          className={classes.id ?? ''}
          label="User id"
          placeholder="alice"
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          withAsterisk={false}
        />
        <Button type="submit" leftSection={<IconSearch size={16} aria-hidden />}>
          Look up
        </Button>
      </form>
      {recent.length > 0 && (
        <Group gap="xs" aria-label="Recent users" role="group">
          <Text size="sm" c="dimmed">
            Recent:
          </Text>
          {recent.map((each) => (
            <Anchor
              key={each}
              component={Link}
              href={userPath(app, each)}
              size="sm"
              className={classes.recent ?? ''}
            >
              {each}
            </Anchor>
          ))}
        </Group>
      )}
      {user === undefined && <NoUserChosen app={app} />}
    </Stack>
  );
}

function NoUserChosen({ app }: { readonly app: string }) {
  return (
    <Paper withBorder p="xl" mt="md">
      <Stack align="center" gap="xs" ta="center">
        <IconUserSearch size={40} stroke={1.4} aria-hidden />
        <Text fw={600}>Find a user</Text>
        <Text c="dimmed" maw={460}>
          Enter the id that your backend uses. The demo app has the users{' '}
          <Anchor component={Link} underline="always" href={userPath(app, 'alice')}>
            alice
          </Anchor>{' '}
          and{' '}
          <Anchor component={Link} underline="always" href={userPath(app, 'bob')}>
            bob
          </Anchor>
          .
        </Text>
      </Stack>
    </Paper>
  );
}
