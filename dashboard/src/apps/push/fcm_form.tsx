/** The form of FCM credentials: the JSON file of a service account. */
import type { App } from '@badged/client/api';
import { Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../server/api.js';
import { formErrors } from '../form_errors.js';
import { CredentialsForm } from './credentials_form.js';
import { SecretFile } from './secret_file.js';

export function FcmForm({ app, onClose }: { readonly app: App; readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const account = serviceAccountIn(text);
  const saving = useMutation({
    mutationFn: async () => {
      if (account !== undefined) await api.setFcmCredentials({ app_id: app.id, ...account });
    },
  });
  // All fields come from one file, so every error is shown there.
  const errors = formErrors(saving.error, ['project_id', 'client_email', 'private_key', 'private_key_id']);
  const refused = ['project_id', 'client_email', 'private_key', 'private_key_id']
    .map(errors.at)
    .find(Boolean);
  const isNone = text !== '' && account === undefined;
  return (
    <CredentialsForm saving={saving} errors={errors} isReady={account !== undefined} onClose={onClose}>
      <SecretFile
        label="Service account"
        description="The JSON file from the Firebase console: Project settings, Service accounts, Generate new private key."
        placeholder={'{"type": "service_account", "project_id": "…", …}'}
        accept=".json,application/json"
        value={text}
        onChange={setText}
        error={isNone ? 'This is not the JSON file of a service account.' : refused}
      />
      {account !== undefined && (
        <Text size="sm">
          Project <b>{account.project_id}</b>, account <b>{account.client_email}</b>
        </Text>
      )}
    </CredentialsForm>
  );
}

interface ServiceAccount {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id?: string;
}

function serviceAccountIn(text: string): ServiceAccount | undefined {
  const file = parse(text);
  if (typeof file !== 'object' || file === null) return undefined;
  const at = (name: string): string | undefined => {
    const value: unknown = Reflect.get(file, name);
    return typeof value === 'string' ? value : undefined;
  };
  const [project_id, client_email] = [at('project_id'), at('client_email')];
  const [private_key, private_key_id] = [at('private_key'), at('private_key_id')];
  if (project_id === undefined || client_email === undefined || private_key === undefined) return undefined;
  return { project_id, client_email, private_key, ...(private_key_id !== undefined && { private_key_id }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
