/** The form of APNs credentials: a team's signing key. */
import type { ApnsCredentials, App } from '@badged/client/api';
import { SimpleGrid, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../server/api.js';
import { formErrors } from '../form_errors.js';
import { CredentialsForm } from './credentials_form.js';
import { SecretFile } from './secret_file.js';

interface ApnsFormProps {
  readonly app: App;
  readonly before: ApnsCredentials | null;
  readonly onClose: () => void;
}

export function ApnsForm({ app, before, onClose }: ApnsFormProps) {
  const [team, setTeam] = useState(before?.team_id ?? '');
  const [key, setKey] = useState(before?.key_id ?? '');
  const [secret, setSecret] = useState('');
  const saving = useMutation({
    mutationFn: () =>
      api.setApnsCredentials({
        app_id: app.id,
        team_id: team.trim(),
        key_id: key.trim(),
        private_key: secret,
      }),
  });
  const errors = formErrors(saving.error, ['team_id', 'key_id', 'private_key']);
  const idProps = { autoCapitalize: 'characters', spellCheck: false, required: true, maxLength: 10 } as const;
  return (
    <CredentialsForm saving={saving} errors={errors} onClose={onClose}>
      <SecretFile
        label="Key"
        description="The .p8 file that Apple lets you download once: Certificates, Identifiers & Profiles, Keys."
        placeholder="-----BEGIN PRIVATE KEY-----"
        accept=".p8,.pem"
        value={secret}
        onChange={(text, fileName) => {
          setSecret(text);
          const id = keyIdIn(fileName);
          if (id !== undefined) setKey(id);
        }}
        error={errors.at('private_key')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="Key id"
          description="10 characters, also in the file's name."
          value={key}
          onChange={({ currentTarget }) => setKey(currentTarget.value)}
          error={errors.at('key_id')}
          {...idProps}
        />
        <TextInput
          label="Team id"
          description="10 characters, on the membership page."
          value={team}
          onChange={({ currentTarget }) => setTeam(currentTarget.value)}
          error={errors.at('team_id')}
          {...idProps}
        />
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        One key serves all apps of the team. The bundle id, which Apple calls the topic, comes with each
        device when it registers.
      </Text>
    </CredentialsForm>
  );
}

/** Apple's file name is AuthKey_KEYID.p8. */
function keyIdIn(fileName: string | undefined): string | undefined {
  return /^AuthKey_([A-Z0-9]{10})\b/.exec(fileName ?? '')?.[1];
}
