/** The form of an OAuth client, new or existing. */
import type { App, NewOAuthClient, OAuthClient } from '@badged/client/api';
import { Checkbox, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../server/api.js';
import { FormEnd } from '../form_end.js';
import { type FormErrors, formErrors } from '../form_errors.js';
import { type Grant, grants, isGrant } from './grants.js';

interface Fields {
  readonly name: string;
  readonly grants: readonly Grant[];
  /** One per line. */
  readonly redirects: string;
  readonly user: string;
}

interface NewClientFormProps {
  readonly app: App;
  readonly onClose: () => void;
  readonly onCreated: (client: NewOAuthClient) => void;
}

export function NewClientForm({ app, onClose, onCreated }: NewClientFormProps) {
  const [fields, setFields] = useState<Fields>({
    name: '',
    grants: ['authorization_code', 'refresh_token'],
    redirects: '',
    user: '',
  });
  const [keepsSecret, setKeepsSecret] = useState(false);
  const needsSecret = fields.grants.includes('client_credentials');
  const attempt = useMutation({
    mutationFn: () =>
      api.createOauthClient({ app_id: app.id, ...inputOf(fields), confidential: keepsSecret || needsSecret }),
  });
  return (
    <ClientForm
      fields={fields}
      onChange={setFields}
      verb="Add client"
      isPending={attempt.isPending}
      error={attempt.error}
      onClose={onClose}
      onSubmit={() => attempt.mutate(undefined, { onSuccess: onCreated })}
    >
      <Switch
        label="Confidential client"
        description="For a web server, which can store a secret. Pages and installed apps use PKCE instead."
        checked={keepsSecret || needsSecret}
        disabled={needsSecret}
        onChange={({ currentTarget }) => setKeepsSecret(currentTarget.checked)}
      />
    </ClientForm>
  );
}

interface ChangeClientFormProps {
  readonly app: App;
  readonly client: OAuthClient;
  readonly onClose: () => void;
}

export function ChangeClientForm({ app, client, onClose }: ChangeClientFormProps) {
  const [fields, setFields] = useState<Fields>({
    name: client.name,
    grants: client.grant_types.filter(isGrant),
    redirects: client.redirect_uris.join('\n'),
    user: client.user_id ?? '',
  });
  const attempt = useMutation({
    mutationFn: () => api.changeOauthClient({ app_id: app.id, client_id: client.id, ...inputOf(fields) }),
  });
  return (
    <ClientForm
      fields={fields}
      onChange={setFields}
      verb="Save"
      isPending={attempt.isPending}
      error={attempt.error}
      onClose={onClose}
      onSubmit={() => attempt.mutate(undefined, { onSuccess: onClose })}
    />
  );
}

function inputOf({ name, grants, redirects, user }: Fields) {
  return {
    name,
    grant_types: [...grants],
    redirect_uris: redirects
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    user_id: user === '' ? null : user,
  };
}

interface ClientFormProps {
  readonly fields: Fields;
  readonly onChange: (fields: Fields) => void;
  readonly verb: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  readonly children?: ReactNode;
}

function ClientForm({
  fields,
  onChange,
  verb,
  isPending,
  error,
  onClose,
  onSubmit,
  children,
}: ClientFormProps) {
  const errors = formErrors(error, ['name', 'grant_types', 'redirect_uris', 'user_id']);
  const comesBack = fields.grants.some((grant) => grant === 'authorization_code' || grant === 'implicit');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          placeholder="web chat"
          value={fields.name}
          onChange={({ currentTarget }) => onChange({ ...fields, name: currentTarget.value })}
          error={errors.at('name')}
          required
          data-autofocus
        />
        <Grants fields={fields} onChange={onChange} errors={errors} />
        {(comesBack || fields.redirects !== '') && (
          <Textarea
            label="Redirect URIs"
            description="One per line. They must match exactly. Their origins may call the API from a browser."
            placeholder="https://chat.example.com/signed-in"
            autosize
            minRows={2}
            value={fields.redirects}
            onChange={({ currentTarget }) => onChange({ ...fields, redirects: currentTarget.value })}
            error={errors.at('redirect_uris')}
            spellCheck={false}
          />
        )}
        {fields.grants.includes('client_credentials') && (
          <TextInput
            label="User"
            description="The user that client credentials act for. Optional."
            value={fields.user}
            onChange={({ currentTarget }) => onChange({ ...fields, user: currentTarget.value })}
            error={errors.at('user_id')}
          />
        )}
        {children}
        <FormEnd errors={errors} onClose={onClose} verb={verb} isPending={isPending} />
      </Stack>
    </form>
  );
}

interface GrantsProps extends Pick<ClientFormProps, 'fields' | 'onChange'> {
  readonly errors: FormErrors;
}

function Grants({ fields, onChange, errors }: GrantsProps) {
  return (
    <Checkbox.Group
      label="Grant types"
      value={[...fields.grants]}
      onChange={(chosen) => onChange({ ...fields, grants: chosen.filter(isGrant) })}
      error={errors.at('grant_types')}
    >
      <Stack gap="sm" mt="xs" mb={4}>
        {grants.map(({ grant, name, about }) => (
          <Checkbox key={grant} value={grant} label={name} description={about} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
