/** Shows what is in it to whoever is signed in, and the way to sign in to everybody else. */
import { Button, Center, Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { readSession, SignInError, signIn, takeCode } from './session.js';
import { SignInPage } from './sign_in_page.js';

const code = takeCode();
/** The link signs in once, however often React renders. What went wrong with it, if anything did. */
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
  // Somebody who is signed in already need not hear that the link is old.
  if (found === null && failure instanceof SignInError) return { signedIn: null, problem: failure.message };
  return { signedIn: found, problem: undefined };
}

export function SignedIn({ children }: { readonly children: ReactNode }) {
  // Short, so that another window's signing in or out is found out when this one is looked at.
  const { data, error, refetch } = useQuery({ queryKey: ['session'], queryFn: session, staleTime: 5_000 });
  // A server that is away for a moment signs nobody out.
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
