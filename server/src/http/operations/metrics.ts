/** Metrics for Prometheus. Labels are route templates, methods and statuses, never user data. */
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import Type from 'typebox';
import type { SnapshotStreams } from '../../live/snapshot_streams.js';
import { errorResponses } from '../foundation/error_schema.js';
import { routeTemplate } from '../foundation/route.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The response of this route lasts until the client disconnects. */
    isStream?: boolean;
  }
}

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'badged_http_request_duration_seconds',
    help: 'Duration of requests, from the first byte received to the last byte sent, without open streams.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: bucketsSeconds,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    // The duration of a stream is no response time. A refused stream is measured like any request.
    if (request.routeOptions.config.isStream === true && reply.statusCode === 200) return;
    const labels = { route: routeTemplate(request), method: request.method, status: reply.statusCode };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
}

export function measureStreams(streams: SnapshotStreams, registry: Registry): void {
  new Gauge({
    name: 'badged_open_streams',
    help: 'Open live badge streams.',
    registers: [registry],
    collect() {
      this.set(streams.size);
    },
  });
  new Counter({
    name: 'badged_stream_events_total',
    help: 'Events sent on live streams, without heartbeats.',
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
