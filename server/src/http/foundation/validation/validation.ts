/**
 * Validation of requests against the TypeBox schemas that their routes declare: Fastify calls it for each part of a
 * request, and a batch for each of its operations.
 */
import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { ApiError } from '../errors.js';
import { fits, isRecord, type JsonSchema } from './json_schema.js';
import { firstMisspelling, firstProblem } from './problem.js';
import { problemError } from './problem_message.js';

/**
 * Returns the value with the type of the schema.
 * @throws ApiError `missing_property`, `invalid_property`, or `invalid_request` if the value is no object or list at all.
 */
export function validate<S extends TSchema>(schema: S, value: unknown): Static<S> {
  if (!fits(schema, value)) throw problemError(firstProblem(schema, value));
  const misspelling = firstMisspelling(schema, value);
  if (misspelling !== undefined) throw problemError(misspelling);
  return value;
}

/** Fastify's validator compiler. Headers are declared for their description alone, and not checked. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'headers') return () => true;
  const read = httpPart === 'querystring' ? (value: unknown) => convertQuery(schema, value) : bodyOrNothing;
  return (value: unknown) => result(schema, read(value));
};

function result(schema: TSchema, value: unknown): { value: unknown } | { error: ApiError } {
  const problem = fits(schema, value) ? firstMisspelling(schema, value) : firstProblem(schema, value);
  return problem === undefined ? { value } : { error: problemError(problem) };
}

/** A missing body has no properties. Fastify passes null for it; a body that says null is refused when it is read. */
function bodyOrNothing(value: unknown): unknown {
  return value ?? {};
}

/** A query is text: if the schema has an integer or a boolean, the text is converted if it is one. */
function convertQuery({ properties = {} }: JsonSchema, query: unknown): unknown {
  if (!isRecord(query)) return {};
  let isEmpty = true;
  for (const _ in query) isEmpty = false;
  if (isEmpty) return query;
  const entries = Object.entries(query).map(([name, value]) => [name, converted(properties[name], value)]);
  return Object.fromEntries(entries);
}

function converted(schema: JsonSchema | undefined, value: unknown): unknown {
  if (schema?.type === 'integer' && typeof value === 'string' && /^\d{1,15}$/.test(value))
    return Number(value);
  if (schema?.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
