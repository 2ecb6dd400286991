/**
 * Checks of a request against its schema, and the sentence that says what is wrong: with which property, and
 * what it should have been, in the schema's own words.
 */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ApiError } from './errors.js';

/** Returns the value, now known to fit the schema, or throws what a caller is told. */
export type Check<S extends TSchema> = (value: unknown) => Static<S>;

export function checker<S extends TSchema>(schema: S): Check<S> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value;
    throw problem(schema, outermost(validator.Errors(value)));
  };
}

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

/** Where several forms are allowed and none fits, the errors of each form say less than the choice itself. */
function outermost(errors: readonly SchemaError[]): SchemaError | undefined {
  const [first] = errors;
  const choices = errors.filter(
    ({ keyword, schemaPath }) => keyword === 'anyOf' && first?.schemaPath.startsWith(schemaPath),
  );
  return choices.at(-1) ?? first;
}

function problem(schema: TSchema, error: SchemaError | undefined): ApiError {
  if (error === undefined)
    return new ApiError('invalid_request', 'The request does not have the form that this endpoint takes.');
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const missing = missingProperty(error);
  if (missing !== undefined) {
    const property = [...path, missing].join('.');
    const what = description(schema, `${error.schemaPath}/properties/${escapePointer(missing)}`);
    return new ApiError('missing_property', `${property} is missing.${what}`, { data: { property } });
  }
  const property = path.join('.');
  const message = `${property} is not valid: it ${error.message}.${description(schema, error.schemaPath)}`;
  return new ApiError('invalid_property', message, { data: { property } });
}

function missingProperty({ keyword, params }: SchemaError): string | undefined {
  if (
    keyword !== 'required' ||
    !('requiredProperties' in params) ||
    !Array.isArray(params.requiredProperties)
  ) {
    return undefined;
  }
  const [name] = params.requiredProperties;
  return typeof name === 'string' ? name : undefined;
}

function description(schema: TSchema, schemaPath: string): string {
  let at: unknown = schema;
  for (const key of schemaPath.split('/').slice(1).map(unescapePointer)) {
    at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  }
  const text = typeof at === 'object' && at !== null ? Reflect.get(at, 'description') : undefined;
  return typeof text === 'string' ? ` ${text}` : '';
}

function unescapePointer(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
