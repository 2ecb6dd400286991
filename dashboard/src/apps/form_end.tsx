/** The end of a form: errors without a field, Cancel, and Submit. */
import { Button, Group } from '@mantine/core';
import { ElsewhereNote, type FormErrors } from './form_errors.js';

interface FormEndProps {
  readonly errors: FormErrors;
  readonly onClose: () => void;
  readonly verb: string;
  readonly isPending: boolean;
}

export function FormEnd({ errors, onClose, verb, isPending }: FormEndProps) {
  return (
    <>
      <ElsewhereNote errors={errors} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending}>
          {verb}
        </Button>
      </Group>
    </>
  );
}
