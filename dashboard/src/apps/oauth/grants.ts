/** The ways in which a program gets tokens (RFC 6749), in words. */
import type { CreateOauthClientInput } from '@badged/client/api';

export type Grant = NonNullable<CreateOauthClientInput['grant_types']>[number];

export const grants: readonly { readonly grant: Grant; readonly name: string; readonly about: string }[] = [
  {
    grant: 'authorization_code',
    name: 'Authorization code',
    about: 'Users sign in on your login page and come back.',
  },
  {
    grant: 'refresh_token',
    name: 'Refresh token',
    about: 'They stay signed in, up to 30 days without a visit.',
  },
  {
    grant: 'client_credentials',
    name: 'Client credentials',
    about: 'A server, by its secret alone, for nobody or for one user.',
  },
  { grant: 'implicit', name: 'Implicit', about: 'Only for old pages that know nothing else.' },
];

export function isGrant(text: string): text is Grant {
  return grants.some(({ grant }) => grant === text);
}

export function grantName(text: string): string {
  return grants.find(({ grant }) => grant === text)?.name ?? text;
}
