/**
 * An endpoint: one operation of the API, with its URL, who may call it, its input and its responses.
 * The same definition makes the HTTP route, its entry in the OpenAPI document, and the operation of that name
 * in a batch, so that the three cannot differ.
 */
import type { CommandType, Outcome, Refusal } from '@badged/core';
import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import type { Bearer } from '../../service/oauth/grants.js';
import type { Operation } from '../../service/operation.js';
import { Refused } from '../../service/refused.js';
import type { Service } from '../../service/service.js';
import type { CommandWithAlert } from '../../store/port.js';
import type { Access } from './principal.js';
import { validate } from './validation/validation.js';

/** What an endpoint reads about the caller. */
export interface Call {
  readonly service: Service;
  /** The app of the token; empty for the admin API. */
  readonly app: string;
  /** The user of a user token; empty with other tokens. */
  readonly user: string;
  /** What the absolute URLs in responses start with, without a slash at the end. */
  readonly base: string;
  readonly ifNoneMatch: string | undefined;
  /** The owner of the OAuth token, on the routes that accept one. */
  readonly bearer?: Bearer | undefined;
}

export interface EndpointResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How an operation can be sent again when no response arrived. natural: twice is the same as once. request_id: with the
 * same If-None-Match, or the same id in the body. per_operation: each operation of a batch has a request_id. none: it may
 * take effect twice.
 */
export type Idempotency = 'natural' | 'request_id' | 'per_operation' | 'none';

/** A request and its response, for the OpenAPI document. A test sends every one of them. */
export interface Example {
  /** Parameters of the path, where the usual examples do not fit. */
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly response?: unknown;
}

export interface Endpoint {
  /** The operationId, which is also the name of the operation in a batch. */
  readonly name: string;
  readonly summary: string;
  readonly tag: string;
  readonly idempotency: Idempotency;
  readonly example: Example;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly access: Access;
  /** Whether it may be part of a batch. */
  readonly batch: boolean;
  readonly params: TObject;
  /** The parameters, and the app if the URL names it. */
  readonly pathParams: TObject;
  readonly query: TObject;
  readonly body: TObject;
  /** The headers that this endpoint reads, for its description. */
  readonly headers: TObject;
  /** If the body is a list and not an object: the property of the input that contains it. */
  readonly bodyIs: string | undefined;
  readonly responses: Readonly<Record<number, TSchema>>;
  /** Runs with valid input: parameters, query and body in one object. */
  readonly run: (call: Call, input: object) => Promise<EndpointResponse>;
  /**
   * Prepares an operation of a batch: parameters and body in one object, beside `operation` and `request_id`. Waits for
   * nothing. Throws if they are not valid.
   */
  readonly prepareItem: (call: Call, item: object) => Prepared;
}

/** A checked request: its command or, if it has none, the function that runs it. */
export type Prepared = PreparedCommand | { run(): Promise<EndpointResponse> };

export interface PreparedCommand {
  readonly command: CommandWithAlert;
  /** Rejects with the error of a refused command, which may have to be looked up. Anything else is there at once. */
  respond(outcome: Outcome): EndpointResponse | Promise<EndpointResponse>;
}

type Responses = Readonly<Record<number, TSchema>>;

type ResponseOf<A extends Responses> = {
  [S in keyof A & number]: {
    readonly status: S;
    readonly body: Static<A[S]>;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof A & number];

interface Definition<
  P extends TProperties,
  Q extends TProperties,
  B extends TProperties,
  A extends Responses,
> {
  readonly name: string;
  readonly summary: string;
  readonly tag: string;
  /** Must be given for POST and PATCH. Other methods are idempotent by nature. */
  readonly idempotency?: Idempotency;
  readonly example?: Example;
  readonly method: Endpoint['method'];
  readonly url: string;
  readonly access: Access;
  readonly batch?: boolean;
  readonly params: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyIs?: keyof B & string;
  readonly headers?: TProperties;
  readonly responses: A;
}

/** An endpoint either makes one command, of which a batch executes many in one step, or runs by itself. */
type Action<I, R> =
  | {
      /** Checks the rest of the input, and waits for nothing. */
      readonly operation: (call: Call, input: I) => Operation<CommandType, R>;
      /** The error of a refused command. Default: the refusal. */
      readonly refused?: (call: Call, refusal: Refusal) => Promise<Error>;
      readonly run?: never;
    }
  | {
      readonly run: (call: Call, input: I) => Promise<R>;
      readonly operation?: never;
      readonly refused?: never;
    };

type None = Record<never, never>;

const AppId = Type.String({ description: 'The UUID of the app, or its URI, URL-encoded.' });

export function endpoint<
  P extends TProperties,
  A extends Responses,
  Q extends TProperties = None,
  B extends TProperties = None,
>(definition: Definition<P, Q, B, A> & Action<Static<TObject<P & Q & B>>, ResponseOf<A>>): Endpoint {
  const { name, summary, tag, method, url, access, responses } = definition;
  const { example = {}, idempotency = naturally(name, method) } = definition;
  const { batch = false, query = {}, body = {}, bodyIs, headers = {} } = definition;
  // Existing clients send properties of their own. The admin API has no such clients, so it refuses each unknown one.
  const options = access === 'admin' ? { additionalProperties: false } : {};
  type Input = Static<TObject<P & Q & B>>;
  const item = Type.Object({
    operation: Type.Literal(name),
    request_id: Type.Optional(Type.String()),
    ...definition.params,
    ...body,
  });
  return {
    name,
    summary,
    tag,
    idempotency,
    example,
    method,
    url,
    access,
    batch,
    params: Type.Object(definition.params),
    pathParams: Type.Object({
      ...(url.includes(':app_uuid') ? { app_uuid: AppId } : {}),
      ...definition.params,
    }),
    query: Type.Object(query, options),
    body: Type.Object(body, options),
    bodyIs,
    headers: Type.Object(headers),
    responses,
    prepareItem: (call, input) => prepared(definition, call, validate(item, input) as Input),
    run: runnerOf(definition),
  };
}

/** A request alone: nothing is made for it that only a batch needs. */
function runnerOf<I>(action: Action<I, EndpointResponse>): Endpoint['run'] {
  // Fastify has validated the input with the endpoint's schemas.
  if (action.run !== undefined) return (call, input) => action.run(call, input as I);
  return async (call, input) => {
    const { command, respond } = preparedCommand(action, call, input as I);
    return respond(await call.service.store.execute(call.app, command.command, command.alert));
  };
}

function prepared<I>(action: Action<I, EndpointResponse>, call: Call, input: I): Prepared {
  return action.operation === undefined
    ? { run: () => action.run(call, input) }
    : preparedCommand(action, call, input);
}

function preparedCommand<I>(
  action: Extract<Action<I, EndpointResponse>, { readonly run?: never }>,
  call: Call,
  input: I,
): PreparedCommand {
  const { refused = async (_call: Call, refusal: Refusal) => new Refused(refusal) } = action;
  const { command, alert, result } = action.operation(call, input);
  return {
    command: { command, ...(alert === undefined ? {} : { alert }) },
    respond: (outcome) =>
      outcome.refusal === undefined
        ? result(outcome.value)
        : refused(call, outcome.refusal).then((error) => Promise.reject(error)),
  };
}

function naturally(name: string, method: Endpoint['method']): Idempotency {
  if (method === 'POST' || method === 'PATCH')
    throw new Error(`${name} does not say whether it is idempotent.`);
  return 'natural';
}

/** A response with a literal status, from which the compiler infers the schema of its body. */
export function respond<const S extends number, B>(
  status: S,
  body: B,
  headers: Readonly<Record<string, string>> = {},
) {
  return { status, body, headers };
}

/** The response without a body. */
export const NoContent = Type.Null({ description: 'No content.' });
export const noContent = respond(204, null);
