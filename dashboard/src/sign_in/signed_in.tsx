/** Shows its children to a signed-in administrator, and otherwise the sign-in page. */
import { Button, Center, Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { readSession, SignInError, signIn, takeCode } from './session.js';
import { SignInPage } from './sign_in_page.js';

const code = takeCode();
/** Signs in with the link once, not with each render. Resolves to the error, if any. */
const byLink: Promise<unknown> | undefined =
  code === undefined
    ? undefined
    : signIn({ code }).then(
        () => undefined,
        (error: unknown) => error,
      );

async function session() {
  const failure = await byLink;
  const found = await readSession();
  // With a session, an expired link does not matter.
  if (found === null && failure instanceof SignInError) return { signedIn: null, problem: failure.message };
  return { signedIn: found, problem: undefined };
}

export function SignedIn({ children }: { readonly children: ReactNode }) {
  // Short, so that this window soon notices a sign-in or sign-out in another.
  const { data, error, refetch } = useQuery({ queryKey: ['session'], queryFn: session, staleTime: 5_000 });
  // An unreachable server does not end the session.
  if (data === undefined && error !== null)
    return (
      <Stack m="xl" align="flex-start">
        <ErrorNote error={error} />
        <Button onClick={() => refetch()}>Try again</Button>
      </Stack>
    );
  if (data === undefined)
    return (
      <Center h="100vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  return data.signedIn === null ? <SignInPage problem={data.problem} /> : children;
}
