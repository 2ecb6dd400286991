/** Shows a secret once, to be copied. It cannot be shown again. */
import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconKey } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './secret_once.module.css';

interface SecretOnceProps {
  /** What it is, such as "token". */
  readonly what: string;
  readonly secret: string;
  /** What it is used for. */
  readonly children: ReactNode;
  readonly onDone: () => void;
}

export function SecretOnce({ what, secret, children, onDone }: SecretOnceProps) {
  return (
    <Stack>
      <Text size="sm">{children}</Text>
      <Code block className={classes.secret ?? ''} data-secret>
        {secret}
      </Code>
      <Alert color="yellow" icon={<IconKey />}>
        Copy this {what} now and store it like a password. It is shown only once.
      </Alert>
      <Group justify="flex-end">
        <CopyButton value={secret} timeout={3_000}>
          {({ copied, copy }) => (
            <Button
              variant={copied ? 'light' : 'filled'}
              color={copied ? 'teal' : 'indigo'}
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              onClick={copy}
              ref={focus}
            >
              {copied ? 'Copied' : `Copy ${what}`}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          I have stored it
        </Button>
      </Group>
    </Stack>
  );
}

/** It replaces the form that had the focus. */
function focus(button: HTMLButtonElement | null): void {
  button?.focus();
}

/** A click outside or Escape must not close a dialog that shows a secret once. */
export const staysOpen = {
  closeOnClickOutside: false,
  closeOnEscape: false,
  withCloseButton: false,
} as const;
