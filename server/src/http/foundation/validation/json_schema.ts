/** The keywords of JSON Schema that the validation reads, and the compiled check of a schema. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export interface JsonSchema extends TSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
}

type Predicate = (value: unknown) => boolean;

/** A schema that two routes share is compiled once. It is compiled when it is first used, so that a start does not wait. */
const compiled = new WeakMap<TSchema, Predicate>();

/** Whether a value fits a schema. Unknown properties do not count, unless the schema excludes them. */
export function fits<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  let predicate = compiled.get(schema);
  if (predicate === undefined) {
    const validator = Compile(schema);
    predicate = (value) => validator.Check(value);
    compiled.set(schema, predicate);
  }
  return predicate(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
