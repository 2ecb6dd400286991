/** Quantiles of what a histogram counted: found in a bucket, and interpolated within it. */

/** How many observations were no greater than a bound. The bound of the last one is Infinity. */
export interface Bucket {
  readonly upTo: number;
  readonly atMost: number;
}

/**
 * Buckets go upwards. Null where nothing was observed. What lies above the last finite bound is answered as that
 * bound: the least that it can be.
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
