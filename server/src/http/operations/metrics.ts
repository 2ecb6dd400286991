/** Metrics for Prometheus. Labels are route templates, methods and statuses, never user data. */
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import Type from 'typebox';
import type { SnapshotStreams } from '../../live/snapshot_streams.js';
import { errorResponses } from '../foundation/error_schema.js';
import { routeTemplate } from '../foundation/route.js';
import { RequestDurations } from './request_durations.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The response of this route lasts until the client disconnects. */
    isStream?: boolean;
  }
}

export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new RequestDurations(registry);
  app.addHook('onResponse', (request, reply, done) => {
    // The duration of a stream is no response time. A refused stream is measured like any request.
    const isOpenStream = request.routeOptions.config.isStream === true && reply.statusCode === 200;
    if (!isOpenStream)
      durations.add(routeTemplate(request), request.method, reply.statusCode, reply.elapsedTime / 1000);
    done();
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
