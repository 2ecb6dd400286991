/** The login page of an app, and the public keys that verify its identity tokens. */
import type { App, Login } from '@badged/client/api';
import { Button, Code, DataList, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { CopyButton } from '../../parts/copy_button.js';
import { ErrorNote } from '../../parts/error_note.js';
import { api } from '../../server/api.js';
import { Confirmed } from '../confirm.js';
import { nullUnlessSetUp } from '../optional_setup.js';
import { Window } from '../window.js';
import { LoginPageForm } from './login_page_form.js';

export function LoginPage({ app }: { readonly app: App }) {
  const { data: login, error } = useQuery({
    queryKey: ['login', app.id],
    queryFn: () =>
      nullUnlessSetUp(
        app.id,
        ({ login }) => login,
        () => api.getLogin({ app_id: app.id }),
      ),
  });
  return (
    <Paper withBorder p="lg">
      <Stack>
        <div>
          <Title order={2} size="h4">
            Login page
          </Title>
          <Text size="sm" c="dimmed" maw={560}>
            badged stores no passwords. Your login page signs users in, and confirms who they are with a token
            that your key signs.
          </Text>
        </div>
        {error !== null && <ErrorNote error={error} />}
        {login === null && <Text size="sm">Not set: users cannot sign in to this app.</Text>}
        {login !== undefined && login !== null && <LoginFacts login={login} />}
        {login !== undefined && <LoginActions app={app} login={login} />}
      </Stack>
    </Paper>
  );
}

function LoginFacts({ login: { url, keys, audience } }: { readonly login: Login }) {
  return (
    <DataList labelWidth="96px">
      <DataList.Item>
        <DataList.ItemLabel>URL</DataList.ItemLabel>
        <DataList.ItemValue>{url}</DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>Keys</DataList.ItemLabel>
        <DataList.ItemValue>
          <Group gap={6}>
            {keys.map((key, index) => (
              <Code key={key.kid ?? index}>
                {key.alg} {key.kid}
              </Code>
            ))}
          </Group>
        </DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>Audience</DataList.ItemLabel>
        <DataList.ItemValue>
          <Group gap={4} wrap="nowrap">
            <Code>{audience}</Code>
            <CopyButton text={audience} what="audience" />
          </Group>
        </DataList.ItemValue>
      </DataList.Item>
    </DataList>
  );
}

function LoginActions({ app, login }: { readonly app: App; readonly login: Login | null }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Group gap="xs">
      <Button variant={login === null ? 'filled' : 'default'} size="xs" onClick={open}>
        {login === null ? 'Set login page' : 'Change login page'}
      </Button>
      <Window opened={isOpen} onClose={close} title="The login page" size="lg">
        <LoginPageForm app={app} login={login} onClose={close} />
      </Window>
      {login !== null && (
        <Confirmed
          button="Remove"
          buttonLabel="Remove login page"
          buttonProps={{ size: 'xs' }}
          title="Remove the login page?"
          verb="Remove login page"
          action={() => api.deleteLogin({ app_id: app.id })}
        >
          <Text size="sm">Users can no longer sign in to {app.name}. Signed-in users stay signed in.</Text>
        </Confirmed>
      )}
    </Group>
  );
}
