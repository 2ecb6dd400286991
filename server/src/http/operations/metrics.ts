/** Metrics for Prometheus. Labels are route templates, methods and statuses, never anything of a user. */
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import Type from 'typebox';
import type { SnapshotStreams } from '../../live/snapshot_streams.js';
import { errorResponses } from '../foundation/error_schema.js';
import { routeTemplate } from '../foundation/route.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What this route answers lasts for as long as the reader stays. */
    isStream?: boolean;
  }
}

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'badged_http_request_duration_seconds',
    help: 'How long requests took, from the first byte in to the last byte out. Open streams are not among them.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: bucketsSeconds,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    // How long a reader stayed says nothing about how long they waited. A refusal is answered like any other.
    if (request.routeOptions.config.isStream === true && reply.statusCode === 200) return;
    const labels = { route: routeTemplate(request), method: request.method, status: reply.statusCode };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
}

export function measureStreams(streams: SnapshotStreams, registry: Registry): void {
  new Gauge({
    name: 'badged_open_streams',
    help: 'Live streams of badges that are open now.',
    registers: [registry],
    collect() {
      this.set(streams.size);
    },
  });
  new Counter({
    name: 'badged_stream_events_total',
    help: 'Events that were sent on live streams, heartbeats left out.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(streams.events);
    },
  });
}

export function addMetricsRoute(app: FastifyInstance, registry: Registry): void {
  const schema = {
    operationId: 'metrics',
    summary: 'Metrics for Prometheus.',
    tags: ['operations'],
    produces: ['text/plain'],
    response: {
      200: Type.String({ description: 'The metrics, in the text format of Prometheus.' }),
      ...errorResponses,
    },
  };
  app.get('/metrics', { config: { access: 'public' }, schema }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
