/** The sign-in tab: the login page and the OAuth clients. */
import type { App } from '@badged/client/api';
import { Stack } from '@mantine/core';
import { Clients } from './clients.js';
import { LoginPage } from './login_page.js';

export function OAuthTab({ app }: { readonly app: App }) {
  return (
    <Stack gap="xl">
      <LoginPage app={app} />
      <Clients app={app} />
    </Stack>
  );
}
