/**
 * A button for an action that cannot be undone. It asks for confirmation first. Afterwards the focus returns to the
 * button, or to the page if the button is gone.
 */
import { Button, type ButtonProps, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { queries } from '../server/queries.js';
import { Window } from './window.js';

interface ConfirmedProps {
  /** The button's text, and its label for screen readers. */
  readonly button: string;
  readonly buttonLabel?: string;
  readonly buttonProps?: ButtonProps;
  readonly title: string;
  /** The text of the confirming button. */
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

/** The focused button may be gone; without a focus, Tab would start at the top of the page. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById('main')?.focus();
}
