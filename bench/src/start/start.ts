/** A start on a large data directory: how long, and how much memory, against plainly reading the same rows. */
import type { Benchmark, Options } from '../benchmark.js';
import { numberIn, runChild } from '../measure/child.js';
import { inPairs, type Pair, type Spread, spread } from '../measure/pairs.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { figure, spreadText, table } from '../measure/text.js';

export const start: Benchmark = {
  name: 'start',
  summary: 'a start with a million participations and a journal tail, and the memory it takes',
  options: '--participations (1000000) --tail (100000) --rounds (5)',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

interface Started {
  readonly totalMs: number;
  readonly tablesMs: number;
  readonly tailMs: number;
  /** Of the JavaScript heap and of the columns beside it, after collecting garbage. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly peakBytes: number;
  readonly participations: number;
}

type Sample = Started | { readonly totalMs: number };

async function run(
  directory: string,
  { rounds = 5, participations = 1_000_000, tail = 100_000 }: Options,
): Promise<void> {
  const built = await runChild(new URL('./build_main.js', import.meta.url), {
    directory,
    participations,
    tail,
  });
  const bytes = numberIn(built, 'bytes');
  console.log(
    `${participations} participations, a journal tail of ${tail} rows, a file of ${mebibytes(bytes)}`,
  );
  const what = `starting, and reading the same rows`;
  await open(directory);
  const pairs = await inPairs<Sample>(
    { what, rounds },
    () => open(directory),
    () => read(directory),
  );
  print(pairs, tail);
}

async function open(directory: string): Promise<Started> {
  const answer = await runChild(new URL('./open_main.js', import.meta.url), { directory });
  return {
    totalMs: numberIn(answer, 'totalMs'),
    tablesMs: numberIn(answer, 'tablesMs'),
    tailMs: numberIn(answer, 'tailMs'),
    heapBytes: numberIn(answer, 'heapBytes'),
    residentBytes: numberIn(answer, 'residentBytes'),
    peakBytes: numberIn(answer, 'peakBytes'),
    participations: numberIn(answer, 'participations'),
  };
}

async function read(directory: string): Promise<{ totalMs: number }> {
  const answer = await runChild(new URL('./read_main.js', import.meta.url), { directory });
  return { totalMs: numberIn(answer, 'totalMs') };
}

function print(pairs: readonly Pair<Sample>[], tail: number): void {
  const started = pairs.flatMap(({ a }) => ('heapBytes' in a ? [a] : []));
  const { participations = 1 } = started[0] ?? {};
  const of = (figure: (sample: Started) => number): Spread => spread(started.map(figure));
  const rows: (readonly [string, Spread, string])[] = [
    ['start', of(({ totalMs }) => totalMs), 'ms'],
    ['  tables', of(({ tablesMs }) => tablesMs), 'ms'],
    ['    each participation', of(({ tablesMs }) => (tablesMs * 1000) / participations), 'µs'],
    ['  journal tail', of(({ tailMs }) => tailMs), 'ms'],
    ['    each row', of(({ tailMs }) => (tailMs * 1000) / tail), 'µs'],
    ['plainly reading the same rows', spread(pairs.map(({ b }) => b.totalMs)), 'ms'],
    ['heap and columns, each participation', of(({ heapBytes }) => heapBytes / participations), 'bytes'],
    ['resident, each participation', of(({ residentBytes }) => residentBytes / participations), 'bytes'],
  ];
  console.log(
    `\n${table([['', 'median (least–most)'], ...rows.map(([what, values, unit]) => [what, spreadText(values, unit)])])}`,
  );
  const times = spread(pairs.map(({ a, b }) => a.totalMs / b.totalMs));
  const heap = of(({ heapBytes }) => heapBytes);
  const peak = of(({ peakBytes }) => peakBytes);
  console.log(
    `\nstart against reading: ${spreadText(times)}\nin all: ${mebibytes(heap.median)} of heap and columns, ` +
      `at the most ${mebibytes(peak.median)} resident while starting`,
  );
}

function mebibytes(bytes: number): string {
  return `${figure(bytes / 2 ** 20)} MiB`;
}
