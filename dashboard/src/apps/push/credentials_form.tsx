/** The frame of the credentials forms. */
import { Stack } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FormEnd } from '../form_end.js';
import type { FormErrors } from '../form_errors.js';

interface CredentialsFormProps<T> {
  readonly saving: UseMutationResult<T, Error, void>;
  readonly errors: FormErrors;
  readonly verb?: string;
  readonly isReady?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function CredentialsForm<T>(props: CredentialsFormProps<T>) {
  const { saving, errors, verb = 'Save credentials', isReady = true, onClose, children } = props;
  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) saving.mutate(undefined, { onSuccess: onClose });
      }}
    >
      <Stack>
        {children}
        <FormEnd errors={errors} onClose={onClose} verb={verb} isPending={saving.isPending} />
      </Stack>
    </form>
  );
}
