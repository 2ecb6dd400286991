/** The tokens of an app. */

import type { App, AppToken } from '@badged/client/api';
import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { api } from '../server/api.js';
import { Confirmed } from './confirm.js';
import { FormEnd } from './form_end.js';
import { formErrors } from './form_errors.js';
import { Rows } from './rows.js';
import { SecretOnce, staysOpen } from './secret_once.js';
import { When } from './when.js';
import { Window } from './window.js';

export function TokensTab({ app }: { readonly app: App }) {
  const { data: tokens, error } = useQuery({
    queryKey: ['tokens', app.id],
    queryFn: () => api.listTokens({ app_id: app.id }),
  });
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Text c="dimmed" size="sm" maw={560}>
          A backend sends its token as the bearer token. Create one for each backend, so that you can revoke
          them separately. Only hashes are stored, so a token cannot be shown again.
        </Text>
        <AddToken app={app} />
      </Group>
      {error !== null && <ErrorNote error={error} />}
      {tokens?.length === 0 && <Text>This app has no token. Add one for its backend.</Text>}
      {tokens !== undefined && tokens.length > 0 && <Tokens app={app} tokens={tokens} />}
    </Stack>
  );
}

function Tokens({ app, tokens }: { readonly app: App; readonly tokens: readonly AppToken[] }) {
  return (
    <Rows
      label="Tokens"
      rows={tokens}
      keyOf={({ id }) => id}
      title={{ name: 'Label', cell: ({ label }) => label }}
      columns={[
        { name: 'Id', cell: ({ id }) => <Code>{id}</Code> },
        { name: 'Created', cell: ({ created_at }) => <When at={created_at} /> },
      ]}
      actions={({ id, label }) => (
        <Confirmed
          button="Revoke"
          buttonLabel={`Revoke ${label}`}
          title="Revoke this token?"
          verb="Revoke token"
          action={() => api.revokeToken({ app_id: app.id, token_id: id })}
        >
          <Text size="sm">
            Requests with the token <b>{label}</b> will be refused.
            {tokens.length === 1 && ' It is the only token: no backend can access the app until you add one.'}
          </Text>
        </Confirmed>
      )}
    />
  );
}

function AddToken({ app }: { readonly app: App }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [token, setToken] = useState<string>();
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        Add token
      </Button>
      {/* The content changes only after the dialog has closed. */}
      <Window
        opened={isOpen}
        onClose={close}
        title={token === undefined ? 'Add a token' : 'The new token'}
        onExitTransitionEnd={() => setToken(undefined)}
        {...(token !== undefined && staysOpen)}
      >
        {token === undefined ? (
          <AddTokenForm app={app} onClose={close} onAdded={setToken} />
        ) : (
          <SecretOnce what="token" secret={token} onDone={close}>
            It gives access to {app.name}, and to nothing else.
          </SecretOnce>
        )}
      </Window>
    </>
  );
}

interface AddTokenFormProps {
  readonly app: App;
  readonly onClose: () => void;
  readonly onAdded: (token: string) => void;
}

function AddTokenForm({ app, onClose, onAdded }: AddTokenFormProps) {
  const [label, setLabel] = useState('');
  const attempt = useMutation({ mutationFn: () => api.createToken({ app_id: app.id, label }) });
  const errors = formErrors(attempt.error, ['label']);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate(undefined, { onSuccess: ({ token }) => onAdded(token) });
      }}
    >
      <Stack>
        <TextInput
          label="Label"
          description="The backend that uses it."
          placeholder="chat server"
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
          error={errors.at('label')}
          required
          data-autofocus
        />
        <FormEnd errors={errors} onClose={onClose} verb="Add token" isPending={attempt.isPending} />
      </Stack>
    </form>
  );
}
