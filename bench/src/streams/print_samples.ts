/** What was measured of open streams, as a table: beside what it is compared with, and as ratios. */

import { each, type Pair, ratio } from '../measure/pairs.js';
import { quantile } from '../measure/quantile.js';
import { spreadText, table } from '../measure/text.js';

/** In milliseconds from the sending of a message: until each reader has the event, and until the response. */
export interface Deliveries {
  readonly delays: readonly (readonly number[])[];
  readonly answers: readonly number[];
}

export interface Sample {
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly inAllMiB: number;
  readonly openingMs: number;
  /** Of each delay to an event, what is waited on purpose. */
  readonly gatherMs: number;
  readonly toTwo: Deliveries;
  readonly toAll: Deliveries;
}

type Figure = (sample: Sample) => number;

const event =
  (part: number, deliveries: (sample: Sample) => Deliveries): Figure =>
  (sample) =>
    quantile(deliveries(sample).delays.flat(), part);

const last: Figure = ({ toAll }) =>
  quantile(
    toAll.delays.map((delays) => Math.max(...delays)),
    0.5,
  );

const ungathered =
  (figure: Figure): Figure =>
  (sample) =>
    figure(sample) - sample.gatherMs;

const toTwo = ({ toTwo }: Sample) => toTwo;
const toAll = ({ toAll }: Sample) => toAll;

const figures: readonly (readonly [string, Figure])[] = [
  ['resident memory of a stream, bytes', ({ residentBytes }) => residentBytes],
  ['of it in the heap', ({ heapBytes }) => heapBytes],
  ['resident with all of them open, MiB', ({ inAllMiB }) => inAllMiB],
  ['opening all of them, ms', ({ openingMs }) => openingMs],
  ['to two: event after, p50, ms', event(0.5, toTwo)],
  ['to two: event after, p99, ms', event(0.99, toTwo)],
  ['to two: the same without gathering, p50', ungathered(event(0.5, toTwo))],
  ['to two: the same without gathering, p99', ungathered(event(0.99, toTwo))],
  ['to two: answer after, p50, ms', ({ toTwo }) => quantile(toTwo.answers, 0.5)],
  ['to all: event after, p50, ms', event(0.5, toAll)],
  ['to all: event after, p99, ms', event(0.99, toAll)],
  ['to all: the same without gathering, p50', ungathered(event(0.5, toAll))],
  ['to all: the same without gathering, p99', ungathered(event(0.99, toAll))],
  ['to all: last event after, p50, ms', last],
  ['to all: the same without gathering', ungathered(last)],
  ['to all: answer after, p50, ms', ({ toAll }) => quantile(toAll.answers, 0.5)],
];

export function printSamples(pairs: readonly Pair<Sample>[]): void {
  const rows = figures.map(([what, figure]) => {
    const { a, b } = each(pairs, figure);
    return [what, spreadText(a), spreadText(b), spreadText(ratio(pairs, figure))];
  });
  console.log(table([['', 'badged', 'bare node:http', 'ratio'], ...rows]));
  console.log(
    '\ngathering: badged waits 50 ms for more changes and sends them together; bare node:http writes at once',
  );
}
