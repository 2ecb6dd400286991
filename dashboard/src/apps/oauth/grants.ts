/** The names and descriptions of OAuth grants (RFC 6749). */
import type { CreateOauthClientInput } from '@badged/client/api';

export type Grant = NonNullable<CreateOauthClientInput['grant_types']>[number];

export const grants: readonly { readonly grant: Grant; readonly name: string; readonly about: string }[] = [
  {
    grant: 'authorization_code',
    name: 'Authorization code',
    about: 'Users sign in on your login page.',
  },
  {
    grant: 'refresh_token',
    name: 'Refresh token',
    about: 'Users stay signed in for 30 days after each use.',
  },
  {
    grant: 'client_credentials',
    name: 'Client credentials',
    about: 'A server with a secret, for no user or for one.',
  },
  { grant: 'implicit', name: 'Implicit', about: 'Only for old pages that support nothing else.' },
];

export function isGrant(text: string): text is Grant {
  return grants.some(({ grant }) => grant === text);
}

export function grantName(text: string): string {
  return grants.find(({ grant }) => grant === text)?.name ?? text;
}
