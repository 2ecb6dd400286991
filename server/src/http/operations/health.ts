/** Liveness and readiness of the process. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Service } from '../../service/service.js';
import { errorResponses } from '../foundation/error_schema.js';
import { ApiError } from '../foundation/errors.js';

const fields = { status: Type.Literal('ok') };
const Status = Type.Object(fields, { $id: 'Liveness' });
const Readiness = Type.Object(
  {
    ...fields,
    resting_push_transports: Type.Integer({
      description:
        'Apps and platforms whose push delivery is paused, since a provider is unreachable or refuses the credentials.',
    }),
  },
  { $id: 'Readiness' },
);

export function addHealthRoutes(app: FastifyInstance, { store, push }: Service): void {
  const config = { access: 'public', isAlwaysAdmitted: true } as const;
  const tags = ['operations'];

  const liveResponse = { 200: Status, ...errorResponses };
  const live = {
    operationId: 'healthz',
    'x-example': { response: { status: 'ok' } },
    summary: 'Check whether the process runs.',
    tags,
    response: liveResponse,
  };
  app.get('/healthz', { config, schema: live }, async () => ({ status: 'ok' }));

  const response = { 200: Readiness, ...errorResponses };
  const ready = {
    operationId: 'readyz',
    'x-example': { response: { status: 'ok', resting_push_transports: 0 } },
    summary: 'Check whether the service can serve requests.',
    tags,
    response,
  };
  app.get('/readyz', { config, schema: ready }, async (request) => {
    await store.ready().catch((error: unknown) => {
      request.log.error({ err: error }, 'not ready');
      throw new ApiError('service_unavailable', 'The store cannot serve at the moment. The log says why.');
    });
    // Requests can be served while a provider cannot be reached, so this is reported, and the service stays ready.
    return { status: 'ok', resting_push_transports: push.paused.length };
  });
}
