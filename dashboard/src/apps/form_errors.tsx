/** Assigns a server error to the field that it names, or else to the form. */
import { BadgedError } from '@badged/client/api';
import { ErrorNote } from '../parts/error_note.js';
import { messageOf } from '../server/api.js';

export interface FormErrors {
  /** The error of this field, if any. */
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

/** The property that the error names; of an item, its list. */
function propertyOf(error: unknown): string | undefined {
  if (!(error instanceof BadgedError)) return undefined;
  const { data }: { readonly data: unknown } = error;
  const property = typeof data === 'object' && data !== null ? Reflect.get(data, 'property') : undefined;
  return typeof property === 'string' ? property.split('.')[0] : undefined;
}
