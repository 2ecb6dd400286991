/** Setting what Web Push is signed with: a key pair that the service makes, or one that browsers know already. */
import type { App, WebPushCredentials } from '@badged/client/api';
import { PasswordInput, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../server/api.js';
import { formErrors } from '../form_errors.js';
import { CredentialsForm } from './credentials_form.js';

interface WebPushFormProps {
  readonly app: App;
  readonly before: WebPushCredentials | null;
  readonly onClose: () => void;
}

export function WebPushForm({ app, before, onClose }: WebPushFormProps) {
  const [subject, setSubject] = useState(before?.subject ?? '');
  const [navigate, setNavigate] = useState(before?.navigate ?? '');
  const [keys, setKeys] = useState('made');
  const [publicKey, setPublicKey] = useState('');
  const [privateKey, setPrivateKey] = useState('');
  const own = keys === 'own' && { public_key: publicKey.trim(), private_key: privateKey.trim() };
  const saving = useMutation({
    mutationFn: () => api.setWebpushCredentials({ app_id: app.id, subject, navigate, ...own }),
  });
  const errors = formErrors(saving.error, ['subject', 'navigate', 'public_key', 'private_key']);
  return (
    <CredentialsForm
      saving={saving}
      errors={errors}
      verb={before === null && keys === 'made' ? 'Generate keys' : 'Save credentials'}
      onClose={onClose}
    >
      <TextInput
        label="Contact"
        description="A mailto: or https: address at which push services can reach you."
        placeholder="mailto:you@example.com"
        value={subject}
        onChange={({ currentTarget }) => setSubject(currentTarget.value)}
        error={errors.at('subject')}
        required
        data-autofocus
      />
      <TextInput
        label="Where a click leads"
        description="The address that a click on a notification opens, unless the push says another."
        placeholder="https://chat.example.com/"
        value={navigate}
        onChange={({ currentTarget }) => setNavigate(currentTarget.value)}
        error={errors.at('navigate')}
        required
      />
      <Radio.Group label="VAPID keys" value={keys} onChange={setKeys}>
        <Stack gap="sm" mt="xs">
          <Radio
            value="made"
            label={before === null ? 'Generate a new pair' : 'Keep the pair there is'}
            description={before === null ? 'The private key never leaves the server.' : ''}
          />
          <Radio
            value="own"
            label="Use a pair of mine"
            description={
              before === null
                ? 'The one that your browsers are subscribed with.'
                : 'Every browser that is subscribed with the present pair has to subscribe again.'
            }
          />
        </Stack>
      </Radio.Group>
      {keys === 'own' && (
        <>
          <TextInput
            label="Public key"
            description="base64url, 65 bytes."
            value={publicKey}
            onChange={({ currentTarget }) => setPublicKey(currentTarget.value)}
            error={errors.at('public_key')}
            required
            spellCheck={false}
          />
          <PasswordInput
            label="Private key"
            description="base64url, 32 bytes."
            value={privateKey}
            onChange={({ currentTarget }) => setPrivateKey(currentTarget.value)}
            error={errors.at('private_key')}
            required
            autoComplete="off"
          />
        </>
      )}
    </CredentialsForm>
  );
}
