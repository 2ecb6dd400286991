/** The entry of one route in the OpenAPI document, made from the route's own schemas. */
import type { FastifySchema } from 'fastify';
import type { Example, Idempotency } from '../foundation/endpoint.js';
import type { Access } from '../foundation/principal.js';
import { shapeName } from '../foundation/shape_name.js';
import type { NamedSchemas } from './named_schemas.js';
import { parameterExamples } from './parameter_examples.js';
import { securityOf } from './security.js';

declare module 'fastify' {
  /** Settings of a route that only the OpenAPI document uses. */
  interface FastifySchema {
    'x-idempotency'?: Idempotency;
    'x-example'?: Example;
  }
}

/**
 * The schema of a route with references to named shapes, and with examples of its parameters. Request bodies that are objects get the
 * name of their operation: SendMessageRequest for send_message.
 */
export function describeRoute(
  schema: FastifySchema | undefined,
  access: Access | undefined,
  names: NamedSchemas,
): FastifySchema {
  const given: FastifySchema = schema ?? {};
  const described: FastifySchema = {
    'x-idempotency': 'natural',
    ...given,
    description: descriptionOf(given, access),
    ...(access !== undefined && { security: securityOf(access) }),
  };
  const { params = {} } = given['x-example'] ?? {};
  if (isObject(given.params)) described.params = withExamples(names.refer(given.params), params);
  if (isObject(given.querystring))
    described.querystring = withExamples(names.refer(given.querystring), params);
  if (isObject(given.headers)) described.headers = names.refer(given.headers);
  if (isObject(given.body)) {
    described.body = requestBody(given.body, given.operationId ?? '', names);
  }
  if (isObject(given.response)) described.response = responses(given.response, names);
  return described;
}

const callers: Readonly<Record<Access, string>> = {
  public: 'Anyone may call this.',
  admin: 'Requires the admin token, or a session of the dashboard.',
  app: 'Requires a token of the app.',
  user: 'Requires a token of the app, or of the user in the path.',
  self: 'Requires a user token. It acts for the user of the token.',
  oauth: 'Requires an OAuth access token, or a user token.',
  me: 'Requires an OAuth access token of a user, or a user token.',
  session: 'Requires a session of the dashboard.',
};

const retries: Readonly<Record<Idempotency, string>> = {
  natural: 'A retry has no further effect.',
  request_id: 'A retry with the same If-None-Match, or the same id, returns what the first attempt created.',
  per_operation: 'An operation with the same request_id, or the same id, takes effect once.',
  none: 'A retry may take effect twice.',
};

function descriptionOf(given: FastifySchema, access: Access = 'public'): string {
  return `${callers[access]} ${retries[given['x-idempotency'] ?? 'natural']}`;
}

/** Each parameter with the example of its name, unless the operation has another. */
function withExamples(schema: object, params: Readonly<Record<string, unknown>>): object {
  const { properties = {} }: { properties?: object } = schema;
  const entries = Object.entries(properties).map(([name, parameter]: [string, object]) => [
    name,
    { ...parameter, ...examplesOf(params[name] ?? parameterExamples[name]) },
  ]);
  return { ...schema, properties: Object.fromEntries(entries) };
}

function requestBody(body: object, operation: string, names: NamedSchemas): object {
  const referred = names.refer(body);
  if ('$ref' in referred || !('properties' in referred)) return referred;
  return names.name(shapeName(operation, 'Request'), referred);
}

const statusDescriptions: Readonly<Record<string, string>> = {
  200: 'The request succeeded.',
  201: 'The resource was created.',
  202: 'The request was accepted.',
  204: 'The request succeeded. There is no body.',
  304: 'The response is the same as the one with this ETag.',
};

function responses(byStatus: object, names: NamedSchemas): object {
  const entries = Object.entries(byStatus).map(([status, schema]: [string, object]) => {
    return [status, names.refer(schema)];
  });
  return Object.fromEntries(entries);
}

/** Describes the successful responses of all operations. The plugin cannot do this for a named schema. */
export function describeResponses(paths: object): void {
  for (const operation of Object.values(paths).flatMap((path: object) => Object.values(path))) {
    const responses: Record<string, { description?: string }> = operation.responses;
    for (const [status, response] of Object.entries(responses)) {
      const description = statusDescriptions[status];
      if (description !== undefined) response.description = description;
    }
  }
}

/** The plugin makes a single example of a parameter's schema the example of the parameter. */
function examplesOf(example: unknown): object {
  return example === undefined ? {} : { examples: [example] };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
