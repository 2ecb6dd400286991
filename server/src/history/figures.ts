/** The metrics of one moment, as the few figures that the history needs. */
import type { Registry } from 'prom-client';
import type { Bucket } from './quantile.js';

/** The result of a push. Pushes of apps without credentials are logged. */
export type Outcome = 'delivered' | 'logged' | 'retry' | 'gone' | 'rejected' | 'misconfigured';

export interface Figures {
  /** Responses since the process started: all, those with status 400 to 499, and those with 500 and above. */
  readonly requests: number;
  readonly refused: number;
  readonly failed: number;
  /** In seconds. */
  readonly durations: readonly Bucket[];
  readonly pushes: Readonly<Record<Outcome, number>>;
  readonly outboxDepth: number;
  readonly openStreams: number;
}

interface Value {
  readonly value: number;
  readonly labels: Partial<Record<string, string | number>>;
  /** Of a histogram: its name with _bucket, _sum or _count. */
  readonly metricName?: string | undefined;
}

/** A metric that is not registered is 0. */
export async function readFigures(registry: Registry): Promise<Figures> {
  const [durations, pushes, depth, streams] = await Promise.all([
    valuesOf(registry, 'badged_http_request_duration_seconds'),
    valuesOf(registry, 'badged_pushes_total'),
    valuesOf(registry, 'badged_push_outbox_alerts'),
    valuesOf(registry, 'badged_open_streams'),
  ]);
  const counts = durations.filter(({ metricName }) => metricName?.endsWith('_count'));
  const ofStatus = (from: number, below: number) =>
    sum(counts.filter(({ labels }) => Number(labels.status) >= from && Number(labels.status) < below));
  return {
    requests: sum(counts),
    refused: ofStatus(400, 500),
    failed: ofStatus(500, 600),
    durations: bucketsOf(durations),
    pushes: outcomesOf(pushes),
    outboxDepth: sum(depth),
    openStreams: sum(streams),
  };
}

async function valuesOf(registry: Registry, name: string): Promise<readonly Value[]> {
  return (await registry.getSingleMetric(name)?.get())?.values ?? [];
}

/** Of all routes together. */
function bucketsOf(values: readonly Value[]): readonly Bucket[] {
  const atMost = new Map<number, number>();
  for (const { metricName, labels, value } of values) {
    if (!metricName?.endsWith('_bucket')) continue;
    const upTo = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    atMost.set(upTo, (atMost.get(upTo) ?? 0) + value);
  }
  return [...atMost].map(([upTo, count]) => ({ upTo, atMost: count })).sort((a, b) => a.upTo - b.upTo);
}

function outcomesOf(values: readonly Value[]): Record<Outcome, number> {
  const of = (outcome: Outcome) => sum(values.filter(({ labels }) => labels.verdict === outcome));
  return {
    delivered: of('delivered'),
    logged: of('logged'),
    retry: of('retry'),
    gone: of('gone'),
    rejected: of('rejected'),
    misconfigured: of('misconfigured'),
  };
}

function sum(values: readonly Value[]): number {
  return values.reduce((total, { value }) => total + value, 0);
}
