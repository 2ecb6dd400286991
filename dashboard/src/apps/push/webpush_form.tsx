/** The form of Web Push credentials: a new key pair, or an existing one. */
import type { App, WebPushCredentials } from '@badged/client/api';
import { PasswordInput, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../server/api.js';
import { type FormErrors, formErrors } from '../form_errors.js';
import { CredentialsForm } from './credentials_form.js';

interface WebPushFormProps {
  readonly app: App;
  readonly before: WebPushCredentials | null;
  readonly onClose: () => void;
}

interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

export function WebPushForm({ app, before, onClose }: WebPushFormProps) {
  const [subject, setSubject] = useState(before?.subject ?? '');
  const [navigate, setNavigate] = useState(before?.navigate ?? '');
  /** Undefined to use the server's keys. */
  const [own, setOwn] = useState<KeyPair>();
  const keys = own && { public_key: own.publicKey.trim(), private_key: own.privateKey.trim() };
  const saving = useMutation({
    mutationFn: () => api.setWebpushCredentials({ app_id: app.id, subject, navigate, ...keys }),
  });
  const errors = formErrors(saving.error, ['subject', 'navigate', 'public_key', 'private_key']);
  const verb = before === null && own === undefined ? 'Generate keys' : 'Save credentials';
  return (
    <CredentialsForm saving={saving} errors={errors} verb={verb} onClose={onClose}>
      <TextInput
        label="Contact"
        description="A mailto: or https: URL at which push services can contact you."
        placeholder="mailto:you@example.com"
        value={subject}
        onChange={({ currentTarget }) => setSubject(currentTarget.value)}
        error={errors.at('subject')}
        required
        data-autofocus
      />
      <TextInput
        label="URL to open"
        description="A click on a notification opens this URL, unless the push has its own."
        placeholder="https://chat.example.com/"
        value={navigate}
        onChange={({ currentTarget }) => setNavigate(currentTarget.value)}
        error={errors.at('navigate')}
        required
      />
      <WhoseKeys hasKeys={before !== null} own={own} onChange={setOwn} />
      {own !== undefined && <OwnKeys own={own} onChange={setOwn} errors={errors} />}
    </CredentialsForm>
  );
}

interface WhoseKeysProps {
  readonly hasKeys: boolean;
  readonly own: KeyPair | undefined;
  readonly onChange: (own: KeyPair | undefined) => void;
}

function WhoseKeys({ hasKeys, own, onChange }: WhoseKeysProps) {
  return (
    <Radio.Group
      label="VAPID keys"
      value={own === undefined ? 'service' : 'own'}
      onChange={(whose) => onChange(whose === 'own' ? { publicKey: '', privateKey: '' } : undefined)}
    >
      <Stack gap="sm" mt="xs">
        <Radio
          value="service"
          label={hasKeys ? 'Keep the current keys' : 'Generate new keys'}
          description={hasKeys ? '' : 'The private key never leaves the server.'}
        />
        <Radio
          value="own"
          label="Use my own keys"
          description={
            hasKeys
              ? 'Every browser that subscribed with the current keys must subscribe again.'
              : 'The keys that your browsers subscribed with.'
          }
        />
      </Stack>
    </Radio.Group>
  );
}

interface OwnKeysProps {
  readonly own: KeyPair;
  readonly onChange: (own: KeyPair) => void;
  readonly errors: FormErrors;
}

function OwnKeys({ own, onChange, errors }: OwnKeysProps) {
  return (
    <>
      <TextInput
        label="Public key"
        description="base64url, 65 bytes."
        value={own.publicKey}
        onChange={({ currentTarget }) => onChange({ ...own, publicKey: currentTarget.value })}
        error={errors.at('public_key')}
        required
        spellCheck={false}
      />
      <PasswordInput
        label="Private key"
        description="base64url, 32 bytes."
        value={own.privateKey}
        onChange={({ currentTarget }) => onChange({ ...own, privateKey: currentTarget.value })}
        error={errors.at('private_key')}
        required
        autoComplete="off"
      />
    </>
  );
}
