/** The error that a problem becomes: a sentence that says what is wrong and what to send instead. */
import { ApiError } from '../errors.js';
import { isRecord, type JsonSchema } from './json_schema.js';
import type { Problem } from './problem.js';

/** A maximum above this does not help; it is named only if the value exceeds it. */
const notableMaximum = 1e9;

export function problemError({ kind, path, schema, value, suggestion }: Problem): ApiError {
  if (path.length === 0 && kind === 'invalid') {
    return new ApiError('invalid_request', `The body must be ${bodyForm(schema)}.`);
  }
  const property = path.join('.');
  const data = { property };
  switch (kind) {
    case 'missing':
      return new ApiError('missing_property', `${property} is missing. Send ${expected(schema)}.`, { data });
    case 'unknown':
      return new ApiError('invalid_property', `${property} is unknown. ${advice(schema, suggestion)}`, {
        data,
      });
    case 'invalid': {
      const remedy = isTooLong(schema, value) ? ' Send the others in further requests.' : explanation(schema);
      const message = `${property} must be ${expected(schema, value)}.${remedy}`;
      return new ApiError('invalid_property', message, { data });
    }
  }
}

function bodyForm({ type }: JsonSchema): string {
  return type === 'array' ? 'a JSON array' : 'a JSON object';
}

function advice({ properties = {} }: JsonSchema, suggestion: string | undefined): string {
  if (suggestion !== undefined) return `Did you mean ${suggestion}?`;
  const known = Object.keys(properties);
  return known.length === 0 ? 'Leave it out.' : `Leave it out, or use one of ${known.join(', ')}.`;
}

/** A noun phrase for what the schema accepts. If there is a value, the phrase names the limit that it breaks. */
function expected(schema: JsonSchema, value?: unknown): string {
  const [example] = schema.examples ?? [];
  return `${form(schema, value)}${example === undefined ? '' : `, such as ${json(example)}`}`;
}

function form(schema: JsonSchema, value: unknown): string {
  const { type, anyOf, minItems, maxItems, maxProperties, minLength } = schema;
  if (anyOf !== undefined)
    return list(
      anyOf.map((choice) => form(choice, undefined)),
      'or',
    );
  if (schema.const !== undefined) return json(schema.const);
  if (schema.enum !== undefined) return choice(schema.enum);
  if (typeof type === 'object') {
    return list(
      type.map((one) => form({ ...schema, type: one }, value)),
      'or',
    );
  }
  switch (type) {
    case 'integer':
    case 'number':
      return `${type === 'integer' ? 'an integer' : 'a number'}${range(schema, value)}`;
    case 'string':
      return minLength === undefined ? 'a string' : 'a non-empty string';
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list${itemCount(minItems, maxItems, value)}`;
    case 'object':
      return maxProperties === undefined ? 'an object' : `an object of at most ${maxProperties} members`;
    case 'null':
      return 'null';
    default:
      return 'a value';
  }
}

function choice(values: readonly unknown[]): string {
  return values.length === 1 ? json(values[0]) : `one of ${list(values.map(json), 'and')}`;
}

function range({ minimum, maximum }: JsonSchema, value: unknown): string {
  const isTooLarge = maximum !== undefined && typeof value === 'number' && value > maximum;
  const isNotable = maximum !== undefined && (maximum < notableMaximum || isTooLarge);
  if (isNotable) return minimum === undefined ? ` of at most ${maximum}` : ` from ${minimum} to ${maximum}`;
  return minimum === undefined ? '' : ` of ${minimum} or more`;
}

function isTooLong({ maxItems = Number.POSITIVE_INFINITY }: JsonSchema, value: unknown): boolean {
  return Array.isArray(value) && value.length > maxItems;
}

function itemCount(minItems = 0, maxItems = Number.POSITIVE_INFINITY, value: unknown): string {
  if (!Array.isArray(value)) return '';
  if (value.length < minItems) return ` of at least ${minItems} ${minItems === 1 ? 'item' : 'items'}`;
  return value.length > maxItems ? ` of at most ${maxItems} items` : '';
}

/** The schema's description, if its type and an example do not say enough. */
function explanation({ type, description, examples, enum: values }: JsonSchema): string {
  const isPlain = type === 'integer' || type === 'number' || type === 'boolean' || values !== undefined;
  return description === undefined || examples !== undefined || isPlain ? '' : ` ${description}`;
}

function list(items: readonly string[], conjunction: 'and' | 'or'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

/** JSON on one line, with spaces after commas and colons. */
function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${json(item)}`);
  return `{${members.join(', ')}}`;
}
