/** Quantiles of a histogram: found in a bucket, and interpolated within it. */

/** The number of observations up to a bound. The bound of the last bucket is Infinity. */
export interface Bucket {
  readonly upTo: number;
  readonly atMost: number;
}

/**
 * The buckets are in ascending order. Null if there are no observations. A quantile above the last finite bound is
 * returned as that bound, which is the least that it can be.
 */
export function quantile(q: number, buckets: readonly Bucket[]): number | null {
  const all = buckets.at(-1)?.atMost ?? 0;
  if (all === 0) return null;
  const rank = q * all;
  let from = 0;
  let below = 0;
  for (const { upTo, atMost } of buckets) {
    if (atMost >= rank && atMost > below) {
      return Number.isFinite(upTo) ? from + ((upTo - from) * (rank - below)) / (atMost - below) : from;
    }
    if (Number.isFinite(upTo)) from = upTo;
    below = atMost;
  }
  return from;
}
