/**
 * The first thing that is wrong with a value that does not fit its schema. The search ends there: a body can hold
 * millions of errors, and listing them all would take seconds.
 */
import { nearestName } from './edit_distance.js';
import { fits, isRecord, type JsonSchema } from './json_schema.js';

export interface Problem {
  readonly kind: 'invalid' | 'missing' | 'unknown';
  /** The path of the property, outermost first. Empty for the whole value. */
  readonly path: readonly string[];
  /** The schema of the property; for an unknown property, the schema of its object. */
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** The known name that an unknown one is probably meant to be. */
  readonly suggestion?: string | undefined;
}

type Path = readonly string[];

/** How many unknown properties of one object are compared with the known ones. A misspelling comes with few others. */
const comparedNames = 100;

/** The value must not fit the schema. */
export function firstProblem(schema: JsonSchema, value: unknown, path: Path = []): Problem {
  return problemInside(schema, value, path) ?? { kind: 'invalid', path, schema, value };
}

/** Undefined if the value itself is wrong, not something inside it. */
function problemInside(schema: JsonSchema, value: unknown, path: Path): Problem | undefined {
  if (schema.type === 'array' && Array.isArray(value)) return problemInItems(schema, value, path);
  if (schema.type === 'object' && isRecord(value)) return problemInProperties(schema, value, path);
  return undefined;
}

function problemInItems(
  { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: JsonSchema,
  value: readonly unknown[],
  path: Path,
): Problem | undefined {
  if (items === undefined || value.length < minItems || value.length > maxItems) return undefined;
  const index = value.findIndex((item) => !fits(items, item));
  return index === -1 ? undefined : firstProblem(items, value[index], [...path, `${index}`]);
}

function problemInProperties(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Problem | undefined {
  const { properties = {}, required = [] } = schema;
  const missing = required.find((name) => value[name] === undefined || !Object.hasOwn(value, name));
  if (missing !== undefined) {
    return (
      misspelled(schema, value, path, missing) ?? {
        kind: 'missing',
        path: [...path, missing],
        schema: properties[missing] ?? {},
        value,
      }
    );
  }
  for (const [name, item] of Object.entries(value)) {
    const property = schemaOf(schema, name);
    if (property === undefined) return unknownProperty(schema, path, name);
    if (!fits(property, item)) return firstProblem(property, item, [...path, name]);
  }
  return undefined;
}

/** Undefined if the schema excludes the property. */
function schemaOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  const { properties = {}, patternProperties = {}, additionalProperties = true } = schema;
  if (Object.hasOwn(properties, name)) return properties[name];
  const pattern = Object.keys(patternProperties).find((pattern) => new RegExp(pattern, 'u').test(name));
  if (pattern !== undefined) return patternProperties[pattern];
  if (additionalProperties === false) return undefined;
  return additionalProperties === true ? {} : additionalProperties;
}

/** An unknown property that was probably meant to be the one that is missing. */
function misspelled(
  { properties = {} }: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: Path,
  missing: string,
): Problem | undefined {
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  const name = unknown.slice(0, comparedNames).find((name) => nearestName(name, [missing]) !== undefined);
  return name === undefined
    ? undefined
    : { kind: 'unknown', path: [...path, name], schema: { properties }, value, suggestion: missing };
}

function unknownProperty(schema: JsonSchema, path: Path, name: string): Problem {
  const suggestion = nearestName(name, Object.keys(schema.properties ?? {}));
  return { kind: 'unknown', path: [...path, name], schema, value: undefined, suggestion };
}

/** Whether there is an object with known properties somewhere in the schema. */
const inspected = new WeakMap<JsonSchema, boolean>();

function hasKnownProperties(schema: JsonSchema): boolean {
  let known = inspected.get(schema);
  if (known === undefined) {
    const inside = [schema.items ?? [], schema.anyOf ?? []].flat();
    known = Object.keys(schema.properties ?? {}).length > 0 || inside.some(hasKnownProperties);
    inspected.set(schema, known);
  }
  return known;
}

/**
 * The first misspelled property of a value that fits the schema: one that is unknown, and close to a known one. Other
 * unknown properties are allowed, because existing clients send them. Objects whose properties have names of the
 * caller's own, such as metadata, are left out.
 */
export function firstMisspelling(schema: JsonSchema, value: unknown, path: Path = []): Problem | undefined {
  if (!hasKnownProperties(schema)) return undefined;
  if (schema.anyOf !== undefined) {
    const chosen = schema.anyOf.find((choice) => fits(choice, value));
    return chosen === undefined ? undefined : firstMisspelling(chosen, value, path);
  }
  if (Array.isArray(value)) return misspellingInItems(schema.items ?? {}, value, path);
  return isRecord(value) ? misspellingInProperties(schema, value, path) : undefined;
}

function misspellingInItems(items: JsonSchema, value: readonly unknown[], path: Path): Problem | undefined {
  for (const [index, item] of value.entries()) {
    const problem = firstMisspelling(items, item, [...path, `${index}`]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function misspellingInProperties(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Problem | undefined {
  const { properties = {} } = schema;
  const known = Object.keys(properties);
  let compared = 0;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(properties, name)) {
      compared += 1;
      if (compared <= comparedNames && nearestName(name, known) !== undefined)
        return unknownProperty(schema, path, name);
      continue;
    }
    const problem = firstMisspelling(properties[name] ?? {}, value[name], [...path, name]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
