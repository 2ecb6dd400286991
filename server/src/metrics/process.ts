/**
 * The metrics of the process itself: CPU, memory, event loop, garbage collection, open files, version. Most are prom-client's
 * default metrics, under the names that dashboards for Node.js use.
 */
import { getHeapStatistics } from 'node:v8';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface BuildInfo {
  readonly version: string;
  readonly store: 'embedded' | 'postgresql';
}

/** prom-client observes the event loop until the process ends, so there is one registry for each process. */
let ofProcess: Registry | undefined;

export function reportProcess(registry: Registry, { version, store }: BuildInfo): void {
  ofProcess ??= openProcessMetrics();
  for (const { name } of ofProcess.getMetricsAsArray()) {
    const metric = ofProcess.getSingleMetric(name);
    if (metric !== undefined) registry.registerMetric(metric);
  }
  new Gauge({
    name: 'badged_build_info',
    help: 'Always 1. The labels say which version runs, on which Node.js, with which store.',
    labelNames: ['version', 'node', 'store'],
    registers: [registry],
  }).set({ version, node: process.version, store }, 1);
}

function openProcessMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'badged_event_loop_busy_seconds_total',
    help: 'Time in which the event loop worked. A rate near 1 means that the process is at its limit.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1000);
    },
  });
  new Gauge({
    name: 'badged_heap_limit_bytes',
    help: 'The largest heap that Node.js allows. A process that needs more is killed.',
    registers: [registry],
    collect() {
      this.set(getHeapStatistics().heap_size_limit);
    },
  });
  return registry;
}
