/** What happened between two readings of the metrics. */
import type { Figures, Outcome } from './figures.js';
import { type Bucket, quantile } from './quantile.js';

export interface Sample {
  /** The end of the sampled time. */
  readonly at: number;
  readonly requestsPerSecond: number;
  readonly refusedPerSecond: number;
  readonly errorsPerSecond: number;
  /** Null if there were no responses. */
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly pushesPerSecond: Readonly<Record<Outcome, number>>;
  readonly outboxDepth: number;
  readonly openStreams: number;
}

export interface Reading {
  readonly at: number;
  readonly figures: Figures;
}

/** The second reading must be later than the first. */
export function sampleBetween(
  { at: from, figures: before }: Reading,
  { at, figures: after }: Reading,
): Sample {
  const rate = (a: number, b: number) => rounded((b - a) / ((at - from) / 1000), 3);
  const pushes = (outcome: Outcome) => rate(before.pushes[outcome], after.pushes[outcome]);
  const durations = difference(before.durations, after.durations);
  return {
    at,
    requestsPerSecond: rate(before.requests, after.requests),
    refusedPerSecond: rate(before.refused, after.refused),
    errorsPerSecond: rate(before.failed, after.failed),
    latencyP50Ms: milliseconds(quantile(0.5, durations)),
    latencyP99Ms: milliseconds(quantile(0.99, durations)),
    pushesPerSecond: {
      delivered: pushes('delivered'),
      logged: pushes('logged'),
      retry: pushes('retry'),
      gone: pushes('gone'),
      rejected: pushes('rejected'),
      misconfigured: pushes('misconfigured'),
    },
    outboxDepth: after.outboxDepth,
    openStreams: after.openStreams,
  };
}

/** A histogram's buckets stay the same. Before its first observation it has none. */
function difference(before: readonly Bucket[], after: readonly Bucket[]): readonly Bucket[] {
  return after.map(({ upTo, atMost }, index) => ({ upTo, atMost: atMost - (before[index]?.atMost ?? 0) }));
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : rounded(seconds * 1000, 2);
}

/** More digits would only make the response longer. */
function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
