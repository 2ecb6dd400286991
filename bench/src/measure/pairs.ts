/**
 * Measuring two things in turns, A B A B …, so that whatever else the machine does falls on both. A round's
 * ratio is taken within the round; what is reported is the median of the rounds, with the least and the most.
 */
import { progress } from './progress.js';

export interface Pair<S> {
  readonly a: S;
  readonly b: S;
}

export async function inPairs<S>(
  { what, rounds }: { readonly what: string; readonly rounds: number },
  a: (round: number) => S | Promise<S>,
  b: (round: number) => S | Promise<S>,
): Promise<readonly Pair<S>[]> {
  const pairs: Pair<S>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    progress(`${what}, pair ${round + 1} of ${rounds}`);
    pairs.push({ a: await a(round), b: await b(round) });
  }
  progress('');
  return pairs;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Of A to B, pair by pair. */
export function ratio<S>(pairs: readonly Pair<S>[], figure: (sample: S) => number): Spread {
  return spread(pairs.map(({ a, b }) => figure(a) / figure(b)));
}

/** The figure of A and that of B, each over all rounds. */
export function each<S>(pairs: readonly Pair<S>[], figure: (sample: S) => number): Pair<Spread> {
  return { a: spread(pairs.map(({ a }) => figure(a))), b: spread(pairs.map(({ b }) => figure(b))) };
}
