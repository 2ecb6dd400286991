/** Endpoints as Fastify routes. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TObject } from 'typebox';
import type { Service } from '../../service/service.js';
import { baseOf } from './base_url.js';
import type { Call, Endpoint, EndpointResponse } from './endpoint.js';
import { errorResponses } from './error_schema.js';
import { acceptError } from './media_types.js';
import { isLarge, nextStage } from './stages.js';
import { endOfTurn } from './turn_end.js';
import { isRecord } from './validation/json_schema.js';

export interface RouteDeps {
  readonly service: Service;
  readonly publicUrl: string | undefined;
  /** The schemas of error responses, if they differ from the Layer-style API's. */
  readonly errorResponses?: Readonly<Record<string, object>>;
}

export function addRoute(app: FastifyInstance, endpoint: Endpoint, deps: RouteDeps): void {
  const { method, url, access } = endpoint;
  const inputOf = inputReader(endpoint);
  app.route({
    method,
    url,
    config: { access },
    schema: routeSchema(endpoint, deps.errorResponses),
    onRequest: (request, _reply, done) => done(acceptError(request.headers.accept, [])),
    handler: async (request, reply) => {
      const validated = nextStage(request);
      if (validated !== undefined) await validated;
      const response = await endpoint.run(callOf(request, deps), inputOf(request));
      const executed = nextStage(request);
      if (executed !== undefined) await executed;
      else if (method === 'GET') await endOfTurn();
      return isLarge(request) ? payloadWhole(reply, response) : payloadOf(reply, response);
    },
  });
}

function routeSchema(
  endpoint: Endpoint,
  refusals: Readonly<Record<string, object>> = errorResponses,
): Record<string, unknown> {
  const { name, summary, tag, pathParams, query, body, bodyIs, headers, responses, access } = endpoint;
  const bodySchema = bodyIs === undefined ? body : body.properties[bodyIs];
  return {
    operationId: name,
    summary,
    tags: [tag],
    ...(has(pathParams) ? { params: pathParams } : {}),
    ...(has(query) || access === 'admin' ? { querystring: query } : {}),
    ...(has(body) ? { body: bodySchema } : {}),
    ...(has(headers) ? { headers } : {}),
    response: { ...responses, ...refusals },
    'x-idempotency': endpoint.idempotency,
    'x-example': endpoint.example,
  };
}

export function callOf(request: FastifyRequest, deps: RouteDeps): Call {
  return new RequestCall(request, deps);
}

/** A class, since an object literal with a getter takes half a microsecond to make. */
class RequestCall implements Call {
  readonly service: Service;
  readonly app: string;
  readonly ifNoneMatch: string | undefined;
  readonly #request: FastifyRequest;
  readonly #publicUrl: string | undefined;

  constructor(request: FastifyRequest, { service, publicUrl }: RouteDeps) {
    const { principal } = request;
    this.service = service;
    this.app = principal === null || principal.kind === 'admin' ? '' : principal.app;
    this.ifNoneMatch = request.headers['if-none-match'];
    this.#request = request;
    this.#publicUrl = publicUrl;
  }

  get user(): string {
    const { principal } = this.#request;
    return principal?.kind === 'user' || principal?.kind === 'oauth' ? (principal.user ?? '') : '';
  }

  get bearer(): Call['bearer'] {
    const { principal } = this.#request;
    return principal?.kind === 'oauth' ? principal : undefined;
  }

  get base(): string {
    return baseOf(this.#request, this.#publicUrl);
  }
}

/**
 * Parameters, query and body in one object, as the endpoint takes them. Properties that the schemas do
 * not name have not been validated, and are left out.
 */
function inputReader({ params, query, body, bodyIs }: Endpoint): (request: FastifyRequest) => object {
  const [inBody, inQuery, inParams] = [body, query, params].map(({ properties }) => Object.keys(properties));
  return (request) => {
    const input: Record<string, unknown> = {};
    if (bodyIs === undefined) copy(inBody, request.body, input);
    else input[bodyIs] = request.body;
    copy(inQuery, request.query, input);
    copy(inParams, request.params, input);
    return input;
  };
}

function copy(names: readonly string[] = [], from: unknown, to: Record<string, unknown>): void {
  if (names.length === 0 || !isRecord(from)) return;
  for (const name of names) if (Object.hasOwn(from, name)) to[name] = from[name];
}

/**
 * Sets the status and the headers. Returns the body, which Fastify sends; undefined for none. A handler that returned the
 * reply would wait once more.
 */
function payloadOf(reply: FastifyReply, { status, body, headers }: EndpointResponse): unknown {
  reply.code(status);
  if (headers !== undefined) reply.headers(headers);
  return body === null ? undefined : body;
}

/** Without the schema: the serializers that are made of schemas escape long texts ten times as slowly as the engine does. */
function payloadWhole(reply: FastifyReply, response: EndpointResponse): unknown {
  if (response.body === null) return payloadOf(reply, response);
  reply.type('application/json; charset=utf-8');
  return payloadOf(reply, { ...response, body: Buffer.from(JSON.stringify(response.body)) });
}

function has({ properties }: TObject): boolean {
  return Object.keys(properties).length > 0;
}

/** The route of a request for logs and metrics, which never hold the URL itself: it contains user ids. */
export function routeTemplate({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'unmatched';
}
