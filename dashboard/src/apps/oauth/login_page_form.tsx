/** The form of the login page: its URL and public keys (JWK). */
import type { App, Login } from '@badged/client/api';
import { JsonInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../server/api.js';
import { FormEnd } from '../form_end.js';
import { formErrors } from '../form_errors.js';

interface LoginPageFormProps {
  readonly app: App;
  readonly login: Login | null;
  readonly onClose: () => void;
}

export function LoginPageForm({ app, login, onClose }: LoginPageFormProps) {
  const [url, setUrl] = useState(login?.url ?? '');
  const [keys, setKeys] = useState(login === null ? '' : JSON.stringify(login.keys, undefined, 2));
  const parsed = keysOf(keys);
  const attempt = useMutation({
    mutationFn: () => api.setLogin({ app_id: app.id, url, keys: parsed ?? [] }),
  });
  const errors = formErrors(attempt.error, ['url', 'keys']);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed !== undefined) attempt.mutate(undefined, { onSuccess: onClose });
      }}
    >
      <Stack>
        <TextInput
          label="URL"
          description="The page where users sign in."
          placeholder="https://app.example.com/badges-login"
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
          error={errors.at('url')}
          required
          spellCheck={false}
          data-autofocus
        />
        <JsonInput
          label="Public keys"
          description="A JWK, a list of them, or a JWK set: RSA of 2048 bits or more, or EC on P-256. Never a private key."
          placeholder={'[{"kty": "EC", "crv": "P-256", "x": "…", "y": "…", "kid": "1"}]'}
          autosize
          minRows={8}
          maxRows={14}
          value={keys}
          onChange={setKeys}
          error={keys !== '' && parsed === undefined ? 'This is not valid JSON of keys.' : errors.at('keys')}
          required
          spellCheck={false}
        />
        <FormEnd errors={errors} onClose={onClose} verb="Save" isPending={attempt.isPending} />
      </Stack>
    </form>
  );
}

type Jwk = Record<string, unknown>;

/** One key, a list of keys, or a JWK set (RFC 7517, section 5); undefined for what is none of them. */
function keysOf(text: string): Jwk[] | undefined {
  const value = parse(text);
  if (Array.isArray(value)) return value.every(isObject) ? value : undefined;
  if (!isObject(value)) return undefined;
  if (!Array.isArray(value.keys)) return [value];
  return value.keys.every(isObject) ? value.keys : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
