/** Quantiles of what a histogram counted, held against those of what it was shown. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bucket, quantile } from '../../src/history/quantile.js';

describe('the quantile of a histogram', () => {
  const bounds = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 });
  const observed = fc.array(fc.integer({ min: 0, max: 1200 }), { minLength: 1, maxLength: 200 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  test('lies within the bucket that holds the true quantile, or is the last bound where nothing bounds that', () => {
    fc.assert(
      fc.property(bounds, observed, share, (unsorted, values, q) => {
        const sorted = unsorted.toSorted((a, b) => a - b);
        const answer = quantile(q, bucketsOf(sorted, values)) ?? Number.NaN;
        const rank = Math.max(1, Math.ceil(q * values.length));
        const truth = values.toSorted((a, b) => a - b)[rank - 1] ?? Number.NaN;
        const upper = sorted.find((bound) => truth <= bound);
        const [least, most] =
          upper === undefined
            ? [sorted.at(-1), sorted.at(-1)]
            : [sorted[sorted.indexOf(upper) - 1] ?? 0, upper];
        expect(answer).toBeGreaterThanOrEqual(least ?? Number.NaN);
        expect(answer).toBeLessThanOrEqual(most ?? Number.NaN);
      }),
    );
  });

  test('grows with the share that is asked for', () => {
    fc.assert(
      fc.property(bounds, observed, share, share, (unsorted, values, one, other) => {
        const buckets = bucketsOf(
          unsorted.toSorted((a, b) => a - b),
          values,
        );
        const [low, high] = [
          quantile(Math.min(one, other), buckets),
          quantile(Math.max(one, other), buckets),
        ];
        expect(low).toBeLessThanOrEqual(high ?? Number.NaN);
      }),
    );
  });

  test('is interpolated: half of what is spread evenly over 10 to 20 lies below 15', () => {
    const buckets = [
      { upTo: 10, atMost: 0 },
      { upTo: 20, atMost: 100 },
      { upTo: Number.POSITIVE_INFINITY, atMost: 100 },
    ];
    expect(quantile(0.5, buckets)).toBe(15);
  });

  test('is null where nothing was observed', () => {
    expect(quantile(0.5, [])).toBeNull();
    expect(quantile(0.5, bucketsOf([1, 2], []))).toBeNull();
  });
});

function bucketsOf(bounds: readonly number[], values: readonly number[]): Bucket[] {
  return [...bounds, Number.POSITIVE_INFINITY].map((upTo) => ({
    upTo,
    atMost: values.filter((value) => value <= upTo).length,
  }));
}
