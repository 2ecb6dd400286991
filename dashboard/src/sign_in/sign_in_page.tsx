/** The sign-in page. */
import { Anchor, Button, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { AppIcon } from '../parts/app_icon.js';
import { queries } from '../server/queries.js';
import { signIn } from './session.js';
import classes from './sign_in_page.module.css';

export function SignInPage({ problem }: { readonly problem: string | undefined }) {
  const [token, setToken] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn({ token: token.trim() }),
    onSuccess: () => queries.resetQueries(),
  });
  return (
    <main className={classes.page}>
      <Paper withBorder shadow="md" p="xl" w="100%" maw={420}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            attempt.mutate();
          }}
        >
          <Stack>
            <AppIcon badge={1} size={56} />
            <Title order={1} size="h3">
              Sign in to badged
            </Title>
            <PasswordInput
              label="Admin token"
              description="The first start printed it."
              value={token}
              onChange={({ currentTarget }) => setToken(currentTarget.value)}
              error={attempt.error?.message ?? (attempt.isIdle ? problem : undefined)}
              autoComplete="current-password"
              required
              data-autofocus
            />
            <Button type="submit" loading={attempt.isPending}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              Lost it? Start the server with <Code>--admin-token</Code>. The API is in the{' '}
              <Anchor href="/docs" size="sm">
                reference
              </Anchor>
              .
            </Text>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
