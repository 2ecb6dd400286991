/** Shows an error message. */
import { Alert, type AlertProps } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { messageOf } from '../server/api.js';

export function ErrorNote({ error, ...rest }: { readonly error: unknown } & AlertProps) {
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert" {...rest}>
      {messageOf(error)}
    </Alert>
  );
}
