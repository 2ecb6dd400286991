/**
 * The operations of a batch. All are checked first; then the store executes consecutive commands in one step, and every
 * other operation runs in its place. Each has its own response: one that is refused does not stop the others. Other
 * requests are served in between.
 */
import type { Outcome } from '@badged/core';
import type { FastifyBaseLogger } from 'fastify';
import { mapInSlices, type SlicedWork } from '../../slices.js';
import type { Call, Endpoint, EndpointResponse, Prepared, PreparedCommand } from '../foundation/endpoint.js';
import { expectedError, internalError } from '../foundation/error_handler.js';
import { ApiError, errorBody } from '../foundation/errors.js';

export interface BatchResponse {
  readonly status: number;
  readonly body?: unknown;
}

/** An operation as it was sent, or why it could not be read. */
export type BatchItem = { readonly operation: unknown } | { readonly error: unknown };

/** A checked command, and its index in the batch. */
interface Pending {
  readonly index: number;
  readonly prepared: PreparedCommand;
}

export class Batch {
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #call: Call;
  readonly #work: SlicedWork;
  readonly #log: FastifyBaseLogger;

  /** The work is the request's, whose slices all steps share. */
  constructor(endpoints: readonly Endpoint[], call: Call, work: SlicedWork, log: FastifyBaseLogger) {
    this.#endpoints = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
    const { service, app, user, base, bearer, ifNoneMatch } = call;
    // Read once: the base is made of the request's headers.
    this.#call = { service, app, user, base, bearer, ifNoneMatch };
    this.#work = work;
    this.#log = log;
  }

  /** Resolves with the responses in the order of the items, and never rejects. Calls must not overlap. */
  async apply(items: readonly BatchItem[]): Promise<BatchResponse[]> {
    const responses: BatchResponse[] = [];
    const prepared = await mapInSlices(this.#work, items, (item) => this.#prepare(item));
    let pending: Pending[] = [];
    for (const [index, item] of prepared.entries()) {
      if ('error' in item) responses[index] = this.#refused(item.error);
      else if ('command' in item) pending.push({ index, prepared: item });
      else {
        await this.#execute(pending, responses);
        pending = [];
        await this.#work.pause();
        responses[index] = await this.#settle(item.run());
      }
    }
    await this.#execute(pending, responses);
    return responses;
  }

  #prepare(item: BatchItem): Prepared | { readonly error: unknown } {
    if ('error' in item) return item;
    try {
      const { endpoint, requestId, input } = parse(this.#endpoints, item.operation);
      return endpoint.prepareItem({ ...this.#call, ifNoneMatch: requestId }, input);
    } catch (error) {
      return { error };
    }
  }

  /** All of them in one step of the store. */
  async #execute(pending: readonly Pending[], responses: BatchResponse[]): Promise<void> {
    if (pending.length === 0) return;
    const { service, app } = this.#call;
    const commands = pending.map(({ prepared }) => prepared.command);
    const outcomes = await service.store.executeAll(app, commands).catch((error: unknown) => ({ error }));
    for (const [place, { index, prepared }] of pending.entries()) {
      const pause = this.#work.pause();
      if (pause !== undefined) await pause;
      const response =
        'error' in outcomes ? this.#refused(outcomes.error) : this.#respond(prepared, outcomes[place]);
      // Only the error of a refused command may have to be waited for.
      responses[index] = response instanceof Promise ? await response : response;
    }
  }

  #respond(prepared: PreparedCommand, outcome: Outcome | undefined): BatchResponse | Promise<BatchResponse> {
    try {
      if (outcome === undefined) throw new Error('the store has no outcome for a command');
      const response = prepared.respond(outcome);
      return response instanceof Promise ? this.#settle(response) : batchResponse(response);
    } catch (error) {
      return this.#refused(error);
    }
  }

  async #settle(running: Promise<EndpointResponse>): Promise<BatchResponse> {
    try {
      return batchResponse(await running);
    } catch (error) {
      return this.#refused(error);
    }
  }

  #refused(error: unknown): BatchResponse {
    const known = expectedError(error);
    if (known === undefined) this.#log.error({ err: error }, 'operation of a batch failed');
    const refusal = known ?? internalError();
    return { status: refusal.status, body: errorBody(refusal, this.#call.base) };
  }
}

function batchResponse({ status, body }: EndpointResponse): BatchResponse {
  return body === null ? { status } : { status, body };
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
    const message = 'operation is missing. Name an endpoint, such as send_message.';
    throw new ApiError('missing_property', message, { data: { property: 'operation' } });
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
