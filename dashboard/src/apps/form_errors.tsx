/** An error of the server is shown at the field it is about, and only what is about none of them on its own. */
import { BadgedError } from '@badged/client/api';
import { ErrorNote } from '../parts/error_note.js';
import { messageOf } from '../server/api.js';

export interface FormErrors {
  /** What is wrong with this field, if the server said so. */
  readonly at: (field: string) => string | undefined;
  readonly elsewhere: unknown;
}

export function formErrors(error: unknown, fields: readonly string[]): FormErrors {
  const property = propertyOf(error);
  const field = fields.find((name) => name === property);
  return {
    at: (name) => (name === field ? messageOf(error) : undefined),
    elsewhere: field === undefined ? error : null,
  };
}

export function ElsewhereNote({ errors }: { readonly errors: FormErrors }) {
  return errors.elsewhere === null ? null : <ErrorNote error={errors.elsewhere} />;
}

/** The property of the request; of one inside a list, the list. */
function propertyOf(error: unknown): string | undefined {
  if (!(error instanceof BadgedError)) return undefined;
  const { data }: { readonly data: unknown } = error;
  const property = typeof data === 'object' && data !== null ? Reflect.get(data, 'property') : undefined;
  return typeof property === 'string' ? property.split('.')[0] : undefined;
}
