/** Metrics for Prometheus. Labels are route templates, methods and statuses, never anything of a user. */
import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { unmatchedRoute } from '../request_log.js';

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'badged_http_request_duration_seconds',
    help: 'How long requests took, from the first byte in to the last byte out.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: bucketsSeconds,
    registers: [registry],
  });
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    const labels = { route: routeOptions.url ?? unmatchedRoute, method, status: reply.statusCode };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
}

export function addMetricsRoute(app: FastifyInstance, registry: Registry): void {
  const schema = {
    operationId: 'metrics',
    summary: 'Metrics for Prometheus.',
    tags: ['operations'],
    produces: ['text/plain'],
  };
  app.get('/metrics', { config: { access: 'public' }, schema }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
