/** The operations of a batch, each applied as its endpoint would apply it and answered with a value, never thrown. */
import type { FastifyBaseLogger } from 'fastify';
import type { Call, Endpoint } from '../foundation/endpoint.js';
import { ApiError, errorBody, foreseen, unforeseen } from '../foundation/errors.js';

export interface BatchAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Operations {
  /** Reaches the store before it first waits, so that operations take effect in the order of the calls. */
  apply(item: unknown): Promise<BatchAnswer>;
  refuse(error: unknown): BatchAnswer;
}

export function operations(endpoints: readonly Endpoint[], call: Call, log: FastifyBaseLogger): Operations {
  const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const refuse = (error: unknown): BatchAnswer => {
    const known = foreseen(error);
    if (known === undefined) log.error({ err: error }, 'operation of a batch failed');
    const answer = known ?? unforeseen();
    return { status: answer.status, body: errorBody(answer, call.base) };
  };
  const apply = async (item: unknown): Promise<BatchAnswer> => {
    try {
      const { endpoint, requestId, input } = parse(byName, item);
      const { status, body } = await endpoint.runItem({ ...call, ifNoneMatch: requestId }, input);
      return body === null ? { status } : { status, body };
    } catch (error) {
      return refuse(error);
    }
  };
  return { apply, refuse };
}

interface ParsedItem {
  readonly endpoint: Endpoint;
  readonly requestId: string | undefined;
  readonly input: object;
}

function parse(endpoints: ReadonlyMap<string, Endpoint>, item: unknown): ParsedItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new ApiError('invalid_request', 'An operation must be a JSON object.');
  }
  const operation: unknown = Reflect.get(item, 'operation');
  if (operation === undefined) {
    const data = { property: 'operation' };
    throw new ApiError('missing_property', 'operation is missing. Name what to do, such as send_message.', {
      data,
    });
  }
  const endpoint = typeof operation === 'string' ? endpoints.get(operation) : undefined;
  if (endpoint === undefined) {
    throw new ApiError('invalid_operation', `operation must be one of ${[...endpoints.keys()].join(', ')}.`);
  }
  const requestId: unknown = Reflect.get(item, 'request_id');
  if (requestId !== undefined && typeof requestId !== 'string') {
    throw new ApiError('invalid_request_id', 'request_id must be a UUID.');
  }
  return { endpoint, requestId, input: item };
}
