/** What happened between two looks at the metrics. */
import type { Figures, Outcome } from './figures.js';
import { type Bucket, quantile } from './quantile.js';

export interface Sample {
  /** The end of the time that it speaks of. */
  readonly at: number;
  readonly requestsPerSecond: number;
  readonly refusedPerSecond: number;
  readonly errorsPerSecond: number;
  /** Null where nothing was answered. */
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly pushesPerSecond: Readonly<Record<Outcome, number>>;
  readonly outboxDepth: number;
  readonly openStreams: number;
}

export interface Look {
  readonly at: number;
  readonly figures: Figures;
}

/** The second look is later than the first. */
export function sampleBetween({ at: from, figures: before }: Look, { at, figures: after }: Look): Sample {
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

/** The buckets of a histogram stay the same; before its first observation it has none. */
function difference(before: readonly Bucket[], after: readonly Bucket[]): readonly Bucket[] {
  return after.map(({ upTo, atMost }, index) => ({ upTo, atMost: atMost - (before[index]?.atMost ?? 0) }));
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : rounded(seconds * 1000, 2);
}

/** Digits beyond these say nothing, and would be most of the answer. */
function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
