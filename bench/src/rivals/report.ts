/** The table of one row of the comparison: each side's figures, and badged's share of them, round by round. */
import { spread } from '../measure/pairs.js';
import { figure, spreadText, table } from '../measure/text.js';

export interface Sample {
  /** Responses a second. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Of the process that serves, for each response. A database beside it is not counted. */
  readonly cpuMicroseconds: number;
  readonly clientCpu: number;
}

/** By the name of the side, in the order of the table: one sample for each round. */
export type Samples = Map<string, Sample[]>;

const own = 'badged';

export function printRow(name: string, samples: Samples): void {
  const reference = samples.get(own) ?? [];
  const lines = [...samples].map(([side, taken]) => {
    const of = (value: (sample: Sample) => number) => spread(taken.map(value));
    const share = (value: (sample: Sample) => number) =>
      side === own
        ? ''
        : spreadText(spread(taken.map((sample, round) => valueAt(reference, round, value) / value(sample))));
    return [
      side,
      spreadText(of(({ rate }) => rate)),
      share(({ rate }) => rate),
      spreadText(of(({ cpuMicroseconds }) => cpuMicroseconds)),
      share(({ cpuMicroseconds }) => cpuMicroseconds),
      figure(of(({ p50Ms }) => p50Ms).median),
      figure(of(({ p99Ms }) => p99Ms).median),
      figure(of(({ clientCpu }) => clientCpu).median),
    ];
  });
  const heading = [
    name,
    'a second',
    'badged / this',
    'CPU µs',
    'badged / this',
    'p50 ms',
    'p99 ms',
    'client cores',
  ];
  console.log(`${table([heading, ...lines])}\n`);
}

function valueAt(samples: readonly Sample[], round: number, value: (sample: Sample) => number): number {
  const sample = samples[round];
  return sample === undefined ? Number.NaN : value(sample);
}
