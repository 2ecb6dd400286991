/** Creates an app, and shows its first token once. */

import type { BadgeMode, NewApp as CreatedApp } from '@badged/client/api';
import { Radio, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../server/api.js';
import { isMode, modes } from './badge_modes.js';
import { FormEnd } from './form_end.js';
import { formErrors } from './form_errors.js';
import { SecretOnce, staysOpen } from './secret_once.js';
import { Window } from './window.js';

interface NewAppProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function NewApp({ isOpen, onClose }: NewAppProps) {
  const [created, setCreated] = useState<CreatedApp>();
  const [, navigate] = useLocation();
  if (created === undefined)
    return (
      <Window opened={isOpen} onClose={onClose} title="Create an app">
        <NewAppForm onClose={onClose} onCreated={setCreated} />
      </Window>
    );
  return (
    <Window opened={isOpen} onClose={onClose} title={`The token of ${created.name}`} {...staysOpen}>
      <SecretOnce
        what="token"
        secret={created.token}
        onDone={() => navigate(`/apps/${encodeURIComponent(created.id)}`)}
      >
        The app's backend sends it with every request. It gives access to this app, and to nothing else.
      </SecretOnce>
    </Window>
  );
}

interface NewAppFormProps {
  readonly onClose: () => void;
  readonly onCreated: (app: CreatedApp) => void;
}

function NewAppForm({ onClose, onCreated }: NewAppFormProps) {
  const [name, setName] = useState('');
  const [mode, setMode] = useState<BadgeMode>('unread_messages');
  const attempt = useMutation({ mutationFn: () => api.createApp({ name, badge_mode: mode }) });
  const errors = formErrors(attempt.error, ['name', 'badge_mode']);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate(undefined, { onSuccess: onCreated });
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description="You can change it later."
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={errors.at('name')}
          required
          data-autofocus
        />
        <Radio.Group
          label="What the badge counts"
          value={mode}
          onChange={(value) => isMode(value) && setMode(value)}
          error={errors.at('badge_mode')}
        >
          <Stack gap="sm" mt="xs">
            {modes.map((choice) => (
              <Radio key={choice.mode} value={choice.mode} label={choice.name} description={choice.about} />
            ))}
          </Stack>
        </Radio.Group>
        <FormEnd errors={errors} onClose={onClose} verb="Create app" isPending={attempt.isPending} />
      </Stack>
    </form>
  );
}
