/** The OAuth clients of an app. */
import type { App, OAuthClient } from '@badged/client/api';
import { Button, Code, EmptyState, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyButton } from '../../parts/copy_button.js';
import { ErrorNote } from '../../parts/error_note.js';
import { api } from '../../server/api.js';
import { Confirmed } from '../confirm.js';
import { Rows } from '../rows.js';
import { SecretOnce, staysOpen } from '../secret_once.js';
import { Window } from '../window.js';
import { ChangeClientForm, NewClientForm } from './client_form.js';
import { grantName } from './grants.js';

export function Clients({ app }: { readonly app: App }) {
  const { data: clients, error } = useQuery({
    queryKey: ['oauth-clients', app.id],
    queryFn: () => api.listOauthClients({ app_id: app.id }),
  });
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={2} size="h4">
            OAuth clients
          </Title>
          <Text size="sm" c="dimmed" maw={560}>
            One for each program that calls the API for signed-in users: a page, an installed app, a server.
          </Text>
        </div>
        <AddClient app={app} />
      </Group>
      {error !== null && <ErrorNote error={error} />}
      {clients?.length === 0 && (
        <Paper withBorder p="lg">
          <EmptyState
            icon={<IconPlugConnected />}
            title="No clients yet"
            description="Add a client for a program that signs users in. Backends use the app's tokens instead."
          />
        </Paper>
      )}
      {clients !== undefined && clients.length > 0 && (
        <Rows
          label="OAuth clients"
          rows={clients}
          keyOf={({ id }) => id}
          title={{ name: 'Name', cell: ({ name }) => name }}
          columns={[
            { name: 'Client id', cell: ({ id }) => <ClientId id={id} /> },
            { name: 'Grants', cell: ({ grant_types }) => grant_types.map(grantName).join(', ') },
            { name: 'Secret', cell: ({ confidential }) => (confidential ? 'Yes' : 'None') },
          ]}
          actions={(client) => <ClientActions app={app} client={client} />}
        />
      )}
    </Stack>
  );
}

function ClientId({ id }: { readonly id: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Code>{id}</Code>
      <CopyButton text={id} what="client id" />
    </Group>
  );
}

function AddClient({ app }: { readonly app: App }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        Add client
      </Button>
      <Window
        opened={isOpen}
        onClose={close}
        title={secret === undefined ? 'Add an OAuth client' : "The client's secret"}
        size="lg"
        onExitTransitionEnd={() => setSecret(undefined)}
        {...(secret !== undefined && staysOpen)}
      >
        {secret === undefined ? (
          <NewClientForm
            app={app}
            onClose={close}
            onCreated={(client) => (client.secret === null ? close() : setSecret(client.secret))}
          />
        ) : (
          <SecretOnce what="secret" secret={secret} onDone={close}>
            The program sends it with its client id to get tokens.
          </SecretOnce>
        )}
      </Window>
    </>
  );
}

function ClientActions({ app, client }: { readonly app: App; readonly client: OAuthClient }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { id, name } = client;
  return (
    <>
      <Button variant="default" size="xs" onClick={open} aria-label={`Change ${name}`}>
        Change
      </Button>
      <Window opened={isOpen} onClose={close} title="Change this client" size="lg">
        <ChangeClientForm app={app} client={client} onClose={close} />
      </Window>
      <Confirmed
        button="Delete"
        buttonLabel={`Delete ${name}`}
        title="Delete this client?"
        verb="Delete client"
        action={() => api.deleteOauthClient({ app_id: app.id, client_id: id })}
      >
        <Text size="sm">
          All tokens of <b>{name}</b> stop working, and its users must sign in again elsewhere.
        </Text>
      </Confirmed>
    </>
  );
}
