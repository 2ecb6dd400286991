/** Endpoints as Fastify routes. */

import { limits } from '@badged/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type TObject, type TSchema } from 'typebox';
import type { Service } from '../../service/service.js';
import { baseOf } from './base_url.js';
import type { Answer, Call, Endpoint } from './endpoint.js';
import { errorAnswers } from './error_schema.js';
import { ApiError } from './errors.js';
import { checkAccept } from './media_types.js';
import type { Access } from './principal.js';

export interface RouteSurroundings {
  readonly service: Service;
  readonly publicUrl: string | undefined;
  /** How refusals are described, where they have another shape than the Layer-style API's. */
  readonly errorAnswers?: Readonly<Record<string, object>>;
}

export function addRoute(app: FastifyInstance, endpoint: Endpoint, surroundings: RouteSurroundings): void {
  const { method, url, access } = endpoint;
  app.route({
    method,
    url,
    config: { access },
    bodyLimit: isOwn(access) ? limits.ownBodyBytes : limits.bodyBytes,
    schema: routeSchema(endpoint, surroundings.errorAnswers),
    onRequest: async (request) => checkAccept(request.headers.accept, []),
    handler: async (request, reply) => {
      const answer = await invoke(endpoint, callOf(request, surroundings), request);
      return send(reply, answer);
    },
  });
}

/** The routes that no app's token opens. */
function isOwn(access: Access): boolean {
  return access === 'public' || access === 'self' || access === 'oauth' || access === 'me';
}

export function routeSchema(
  endpoint: Endpoint,
  refusals: Readonly<Record<string, object>> = errorAnswers,
): Record<string, unknown> {
  const { name, summary, tag, params, query, body, bodyIs, headers, answers, url } = endpoint;
  const bodySchema = bodyIs === undefined ? body : body.properties[bodyIs];
  return {
    operationId: name,
    summary,
    tags: [tag],
    ...(has(params) || url.includes(':app_uuid') ? { params: withApp(params, url) } : {}),
    ...(has(query) ? { querystring: query } : {}),
    ...(has(body) ? { body: bodySchema } : {}),
    ...(has(headers) ? { headers } : {}),
    response: { ...answers, ...refusals },
    'x-idempotency': endpoint.idempotency,
    'x-example': endpoint.example,
  };
}

export function callOf(request: FastifyRequest, { service, publicUrl }: RouteSurroundings): Call {
  const { principal } = request;
  const ifNoneMatch = request.headers['if-none-match'];
  return {
    service,
    app: principal === null || principal.kind === 'admin' ? '' : principal.app,
    user: userOf(principal),
    bearer: principal?.kind === 'oauth' ? principal : undefined,
    base: baseOf(request, publicUrl),
    ifNoneMatch,
  };
}

function userOf(principal: FastifyRequest['principal']): string {
  return principal?.kind === 'user' || principal?.kind === 'oauth' ? (principal.user ?? '') : '';
}

async function invoke(endpoint: Endpoint, call: Call, request: FastifyRequest): Promise<Answer> {
  const { bodyIs } = endpoint;
  try {
    return await endpoint.run(call, inputOf(endpoint, request));
  } catch (error) {
    throw bodyIs === undefined ? error : relativeTo(bodyIs, error);
  }
}

/** Parameters, query and body in one object, as the endpoint checks it. */
function inputOf({ params, query, body, bodyIs }: Endpoint, request: FastifyRequest): object {
  return {
    ...(has(body) ? bodyFields(request.body, bodyIs) : {}),
    ...(has(query) ? queryFields(query, request.query) : {}),
    ...(has(params) && isObject(request.params) ? request.params : {}),
  };
}

function bodyFields(body: unknown, bodyIs: string | undefined): object {
  if (bodyIs !== undefined) {
    if (Array.isArray(body)) return { [bodyIs]: body };
    throw new ApiError('invalid_request', 'The body must be a JSON array of operations.');
  }
  if (body === undefined) return {};
  if (isObject(body) && !Array.isArray(body)) return body;
  throw new ApiError('invalid_request', 'The body must be a JSON object.');
}

/** A query is text; what the schema wants as a number or a truth value is read as one, where it is one. */
function queryFields({ properties }: TObject, query: unknown): object {
  if (!isObject(query)) return {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]: [string, unknown]) => [
      name,
      converted(properties[name], value),
    ]),
  );
}

function converted(schema: TSchema | undefined, value: unknown): unknown {
  const type: unknown = schema === undefined ? undefined : Reflect.get(schema, 'type');
  if (type === 'integer' && typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

/** Where the body is a list, a caller knows nothing of the property that it became. */
function relativeTo(bodyIs: string, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.data === undefined || !('property' in error.data)) return error;
  const { property } = error.data;
  const prefix = `${bodyIs}.`;
  if (typeof property !== 'string' || !property.startsWith(prefix)) return error;
  const message = error.message.replace(prefix, '');
  return new ApiError(error.id, message, {
    data: { property: property.slice(prefix.length) },
    headers: error.headers,
  });
}

export function send(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  reply.code(status).headers({ ...headers });
  return body === null ? reply.send() : reply.send(body);
}

function withApp(params: TObject, url: string): TSchema {
  const app = url.includes(':app_uuid')
    ? { app_uuid: Type.String({ description: 'The UUID of the app, or its URI, URL-encoded.' }) }
    : {};
  return Type.Object({ ...app, ...params.properties });
}

function has({ properties }: TObject): boolean {
  return Object.keys(properties).length > 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The route of a request for logs and metrics, which never hold the URL itself: it contains user ids. */
export function routeTemplate({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'unmatched';
}
