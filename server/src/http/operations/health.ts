/** Whether the process lives, and whether it can serve. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Store } from '../../store/port.js';
import { ApiError } from '../layer/errors.js';
import { errorAnswers } from '../openapi.js';

const Status = Type.Object({ status: Type.Literal('ok') });

export function addHealthRoutes(app: FastifyInstance, store: Store): void {
  const config = { access: 'public' } as const;
  const tags = ['operations'];
  const response = { 200: Status, ...errorAnswers };

  const live = { operationId: 'healthz', summary: 'Whether the process lives.', tags, response };
  app.get('/healthz', { config, schema: live }, async () => ({ status: 'ok' }));

  const ready = { operationId: 'readyz', summary: 'Whether the service can serve.', tags, response };
  app.get('/readyz', { config, schema: ready }, async (request) => {
    await store.ready().catch((error: unknown) => {
      request.log.error({ err: error }, 'not ready');
      throw new ApiError('service_unavailable', 'The store cannot serve at the moment. The log says why.');
    });
    return { status: 'ok' };
  });
}
