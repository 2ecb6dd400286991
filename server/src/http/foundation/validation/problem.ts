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
  const form = Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : undefined;
  if (form === undefined) return undefined;
  // Of several forms, the one that the value has is the one that was meant.
  const choice = schema.anyOf?.find(({ type }) => type === form);
  return choice === undefined ? undefined : firstProblem(choice, value, path);
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
  const { properties = {}, required = [], maxProperties = Number.POSITIVE_INFINITY } = schema;
  if (Object.keys(value).length > maxProperties) return undefined;
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

/**
 * The first misspelled property of a value that fits the schema: one that is unknown, and close to a known one. Other
 * unknown properties are allowed, because existing clients send them. Objects whose properties have names of the
 * caller's own, such as metadata, are left out.
 */
export function firstMisspelling(schema: JsonSchema, value: unknown): Problem | undefined {
  return searchOf(schema)?.(value);
}

/** The first misspelled property inside a value. Its path begins at the value. */
type Search = (value: unknown) => Problem | undefined;

/** Every request is searched, so what a schema says is read once. Null if the schema knows no properties. */
const searches = new WeakMap<JsonSchema, Search | null>();

function searchOf(schema: JsonSchema): Search | null {
  let search = searches.get(schema);
  if (search === undefined) {
    search = newSearch(schema);
    searches.set(schema, search);
  }
  return search;
}

function newSearch({ anyOf, items, properties = {}, ...rest }: JsonSchema): Search | null {
  if (anyOf !== undefined) return choiceSearch(anyOf);
  const inItem = items === undefined ? null : searchOf(items);
  const hasProperties = Object.keys(properties).length > 0;
  if (inItem === null && !hasProperties) return null;
  const inObject = propertySearch({ properties, ...rest });
  return (value) => {
    if (Array.isArray(value)) return inItem === null ? undefined : firstInItems(inItem, value);
    return hasProperties && isRecord(value) ? inObject(value) : undefined;
  };
}

function choiceSearch(choices: readonly JsonSchema[]): Search | null {
  if (choices.every((choice) => searchOf(choice) === null)) return null;
  return (value) => {
    const chosen = choices.find((choice) => fits(choice, value));
    return chosen === undefined ? undefined : firstMisspelling(chosen, value);
  };
}

function firstInItems(search: Search, value: readonly unknown[]): Problem | undefined {
  for (const [index, item] of value.entries()) {
    const problem = search(item);
    if (problem !== undefined) return inside(`${index}`, problem);
  }
  return undefined;
}

function propertySearch(
  schema: JsonSchema,
): (value: Readonly<Record<string, unknown>>) => Problem | undefined {
  const { properties = {} } = schema;
  const known = Object.keys(properties);
  const inProperty = new Map(Object.entries(properties).map(([name, one]) => [name, searchOf(one)]));
  return (value) => {
    let compared = 0;
    for (const name of Object.keys(value)) {
      const search = inProperty.get(name);
      if (search === undefined) {
        compared += 1;
        if (compared <= comparedNames && nearestName(name, known) !== undefined)
          return unknownProperty(schema, [], name);
        continue;
      }
      const problem = search?.(value[name]);
      if (problem !== undefined) return inside(name, problem);
    }
    return undefined;
  };
}

function inside(name: string, problem: Problem): Problem {
  return { ...problem, path: [name, ...problem.path] };
}
