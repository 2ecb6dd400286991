/** Checks answers against the OpenAPI document, as a client that was generated from it would. */
import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/schema';

export interface Answered {
  readonly method: string;
  /** As Fastify writes it, with :name for a parameter. */
  readonly route: string;
  readonly status: number;
  readonly payload: unknown;
}

/** A sentence for each answer that the document does not allow. */
export type OpenApiCheck = (answered: Answered) => string | undefined;

/** By what the document depends on: to write it takes as long as many tests. */
const checks = new Map<string, OpenApiCheck>();

/** `key` stands for all that the document depends on; without it, the document is written for this application alone. */
export function openApiCheck(http: FastifyInstance, key?: string): OpenApiCheck {
  const known = key === undefined ? undefined : checks.get(key);
  const check = known ?? checkOf(http.swagger());
  if (key !== undefined) checks.set(key, check);
  return check;
}

function checkOf(document: unknown): OpenApiCheck {
  const compiled = new Map<string, (payload: unknown) => boolean>();
  return ({ method, route, status, payload }) => {
    const path = route.replaceAll(/:([a-z_]+)/g, '{$1}');
    const responses = at(document, ['paths', path, method.toLowerCase(), 'responses']);
    if (responses === undefined) return `${method} ${path} is not in the document`;
    const named = at(responses, [`${status}`]) ?? at(responses, [`${Math.floor(status / 100)}XX`]);
    if (named === undefined) return `${method} ${path} does not say that it responds ${status}`;
    const schema = at(resolve(document, named), ['content', 'application/json', 'schema']);
    if (schema === undefined)
      return payload === undefined ? undefined : `${method} ${path} ${status} has a body`;
    const key = JSON.stringify(schema);
    const check = compiled.get(key) ?? compile(document, schema);
    compiled.set(key, check);
    return check(payload) ? undefined : `${method} ${path} ${status} responded ${JSON.stringify(payload)}`;
  };
}

/** References in the schema lead into the components of the document. */
function compile(document: unknown, schema: unknown): (payload: unknown) => boolean {
  const validator = Compile({ allOf: [schema], components: at(document, ['components']) });
  return (payload) => validator.Check(payload);
}

function resolve(document: unknown, value: unknown): unknown {
  const ref = at(value, ['$ref']);
  return typeof ref === 'string' ? at(document, ref.slice(2).split('/')) : value;
}

export function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path)
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  return found;
}
