/**
 * The route of batches: many operations in one request, as a JSON array, or as newline-delimited JSON of any length,
 * whose responses are sent while it arrives. Operations are applied in order, and responses are in the same order.
 */

import { Readable } from 'node:stream';
import { limits } from '@badged/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type TObject } from 'typebox';
import { mapInSlices, SlicedWork } from '../../slices.js';
import type { Endpoint } from '../foundation/endpoint.js';
import { errorResponses } from '../foundation/error_schema.js';
import { ApiError } from '../foundation/errors.js';
import { checkAccept } from '../foundation/media_types.js';
import { isStillAuthorized } from '../foundation/principal.js';
import type { BodyReader } from '../foundation/request_body.js';
import { callOf, type RouteDeps } from '../foundation/route.js';
import { shapeName } from '../foundation/shape_name.js';
import { Batch, type BatchResponse } from './batch.js';
import { examples } from './examples/messages.js';
import { applyLines, type LineOptions } from './lines.js';

const ndjson = 'application/x-ndjson';

const OperationResponse = Type.Object(
  {
    status: Type.Integer({ description: 'The HTTP status of the operation.' }),
    body: Type.Optional(Type.Unknown({ description: 'The body of the response, or the error.' })),
  },
  { $id: 'BatchResult', description: 'The result of one operation of a batch.' },
);

interface BatchDeps extends RouteDeps {
  readonly bodies: BodyReader;
}

export function addBatchRoute(app: FastifyInstance, endpoints: readonly Endpoint[], deps: BatchDeps): void {
  const known = endpoints.filter(({ batch }) => batch);
  app.register(async (scope) => {
    scope.addContentTypeParser(ndjson, async (_request: FastifyRequest, payload: Readable) => payload);
    scope.route({
      method: 'POST',
      url: '/apps/:app_uuid/events',
      config: { access: 'app' },
      schema: batchSchema(known),
      // Each operation is validated by itself, so that the others are applied if one is refused.
      validatorCompiler: () => () => true,
      onRequest: async ({ headers }) => checkAccept(headers.accept, [ndjson]),
      handler: async (request, reply) => {
        const call = callOf(request, deps);
        const work = new SlicedWork(call.app);
        const batch = new Batch(known, call, work, request.log);
        if (!(request.body instanceof Readable)) {
          const responses = await applyArray(request.body, batch);
          const texts = await mapInSlices(work, responses, (response) => JSON.stringify(response));
          return reply.type('application/json; charset=utf-8').send(`[${texts.join()}]`);
        }
        const memory = deps.bodies.memoryFor(request);
        return stream(request.body, batch, { work, memory, check: tokenCheck(request, deps) }, reply);
      },
    });
  });
}

async function applyArray(body: unknown, batch: Batch): Promise<BatchResponse[]> {
  if (!Array.isArray(body)) {
    throw new ApiError('invalid_request', `The body must be a JSON array of operations, or ${ndjson}.`);
  }
  if (body.length > limits.batchOperations) {
    const message = `A batch holds at most ${limits.batchOperations} operations. Send several, or stream them as ${ndjson}.`;
    throw new ApiError('invalid_request', message);
  }
  return batch.apply(body.map((operation: unknown) => ({ operation })));
}

/** A stream may last for days, and a token that is revoked meanwhile must not. */
function tokenCheck({ principal }: FastifyRequest, { service }: RouteDeps): () => Promise<void> {
  return async () => {
    const isGood =
      principal !== null && principal.kind !== 'admin' && (await isStillAuthorized(service, principal));
    if (!isGood) throw new ApiError('authentication_required', 'The token was revoked. Use another.');
  };
}

function stream(
  lines: Readable,
  batch: Batch,
  options: Pick<LineOptions, 'work' | 'memory' | 'check'>,
  reply: FastifyReply,
): FastifyReply {
  const lineTimeoutMs = limits.bodySeconds * 1_000;
  const responses = applyLines(lines, batch, {
    ...options,
    maxLineBytes: limits.batchLineBytes,
    lineTimeoutMs,
  });
  return reply
    .code(200)
    .type(ndjson)
    .send(Readable.from(responses, { objectMode: false }));
}

function batchSchema(endpoints: readonly Endpoint[]): Record<string, unknown> {
  return {
    operationId: 'create_events',
    'x-example': examples.create_events,
    summary: 'Apply many operations in order. Each operation names an endpoint.',
    tags: ['batch'],
    consumes: ['application/json', ndjson],
    params: Type.Object({ app_uuid: Type.String() }),
    body: Type.Array(
      Type.Union(endpoints.map(itemSchema), {
        $id: 'BatchOperation',
        description: 'One operation of a batch, with its name.',
        discriminator: { propertyName: 'operation' },
      }),
      {
        maxItems: limits.batchOperations,
        description: 'Newline-delimited JSON: one operation per line, without a limit on their number.',
      },
    ),
    response: { 200: Type.Array(OperationResponse), ...errorResponses },
    'x-idempotency': 'per_operation',
  };
}

function itemSchema({ name, summary, params, body }: Endpoint): TObject {
  return Type.Object(
    {
      operation: Type.Literal(name),
      request_id: Type.Optional(
        Type.String({
          description: 'A UUID. A retry with the same one takes effect once, as with If-None-Match.',
        }),
      ),
      ...params.properties,
      ...body.properties,
    },
    { $id: shapeName(name, 'Operation'), description: summary },
  );
}
