/** What the OpenAPI document says of one route, made of the route's own schemas. */
import type { FastifySchema } from 'fastify';
import type { Example, Idempotency } from '../foundation/endpoint.js';
import type { Access } from '../foundation/principal.js';
import { shapeName } from '../foundation/shape_name.js';
import type { NamedSchemas } from './named_schemas.js';
import { securityOf } from './security.js';

declare module 'fastify' {
  /** What a route says for the OpenAPI document only. */
  interface FastifySchema {
    'x-idempotency'?: Idempotency;
    'x-example'?: Example;
  }
}

/**
 * The schema of a route with references to named shapes, and with its example. Request bodies that are objects get the
 * name of their operation: SendMessageRequest for send_message.
 */
export function describeRoute(
  schema: FastifySchema | undefined,
  access: Access | undefined,
  names: NamedSchemas,
): FastifySchema {
  const { 'x-example': example = {}, ...rest }: FastifySchema = schema ?? {};
  const described: FastifySchema = {
    'x-idempotency': 'natural',
    ...rest,
    ...(access !== undefined && { security: securityOf(access) }),
  };
  if (isObject(rest.params)) described.params = names.refer(rest.params);
  if (isObject(rest.querystring)) described.querystring = names.refer(rest.querystring);
  if (isObject(rest.headers)) described.headers = names.refer(rest.headers);
  if (isObject(rest.body)) {
    const body = requestBody(rest.body, rest.operationId ?? '', names);
    described.body = { ...body, ...examplesOf(example.body) };
  }
  if (isObject(rest.response)) described.response = responses(rest.response, example.response, names);
  return described;
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
  304: 'The response has not changed since the one with this ETag.',
};

function responses(byStatus: object, example: unknown, names: NamedSchemas): object {
  const entries = Object.entries(byStatus).map(([status, schema]: [string, object]) => {
    const isSuccess = status.startsWith('2');
    const described = {
      ...names.refer(schema),
      'x-response-description': statusDescriptions[status],
      ...(isSuccess && examplesOf(example)),
    };
    return [status, described];
  });
  return Object.fromEntries(entries);
}

/** The plugin makes a single example of a schema the example of the body. */
function examplesOf(example: unknown): object {
  return example === undefined ? {} : { examples: [example] };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
