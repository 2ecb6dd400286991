/**
 * A button for what cannot be undone, and the question it asks first: what will happen, and a button that says so.
 * Escape and the other button leave everything as it is; afterwards the focus is where it was, or on the page if
 * that is gone.
 */
import { Button, type ButtonProps, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { queries } from '../server/queries.js';
import { Window } from './window.js';

interface ConfirmedProps {
  /** What the button says, and whoever hears it alone needs to know. */
  readonly button: string;
  readonly buttonLabel?: string;
  readonly buttonProps?: ButtonProps;
  readonly title: string;
  /** What the question's own button says: what it does. */
  readonly verb: string;
  readonly action: () => Promise<unknown>;
  readonly children: ReactNode;
}

export function Confirmed({ button, buttonLabel, buttonProps, title, ...question }: ConfirmedProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size="xs" {...buttonProps} onClick={open} aria-label={buttonLabel ?? button}>
        {button}
      </Button>
      <Window opened={isOpen} onClose={close} title={title}>
        <Question {...question} onClose={close} />
      </Window>
    </>
  );
}

interface QuestionProps extends Pick<ConfirmedProps, 'verb' | 'action' | 'children'> {
  readonly onClose: () => void;
}

function Question({ verb, action, children, onClose }: QuestionProps) {
  const attempt = useMutation({
    mutationFn: action,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
      requestAnimationFrame(keepFocus);
    },
  });
  return (
    <Stack>
      <div>{children}</div>
      {attempt.error !== null && <ErrorNote error={attempt.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red.9" loading={attempt.isPending} onClick={() => attempt.mutate()}>
          {verb}
        </Button>
      </Group>
    </Stack>
  );
}

/** What had the focus may have gone with what was deleted; without any, Tab would start at the top of the page. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById('main')?.focus();
}
