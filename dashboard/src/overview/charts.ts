/** What the charts show: each a few series over the same samples, with what is said of it where there is nothing. */
import type { Api } from '../server/api.js';
import { amount, duration, perSecond } from './numbers.js';

export type Overview = Awaited<ReturnType<Api['getOverview']>>;
export type Sample = Overview['samples'][number];

export interface Series {
  readonly name: string;
  readonly color: Color;
  readonly read: (sample: Sample) => number | null;
}

/** Of overview.module.css, where each has a tone for light and one for dark. */
export type Color = 'blue' | 'violet' | 'teal' | 'gray' | 'yellow' | 'orange' | 'red' | 'brown';

export interface Chart {
  readonly title: string;
  /** What is counted, in a clause. */
  readonly about: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Whether the series are parts of one whole. */
  readonly isStacked?: boolean;
  /** Whether only whole numbers make sense. */
  readonly isCount?: boolean;
  /** Said in place of a chart that would be a line at nought. */
  readonly empty: { readonly title: string; readonly text: string };
}

export const charts: readonly Chart[] = [
  {
    title: 'Requests',
    about: 'Answered, per second',
    format: perSecond,
    series: [{ name: 'Requests', color: 'blue', read: (sample) => sample.requests_per_second }],
    empty: { title: 'No requests yet', text: 'Whatever is asked of the API appears here.' },
  },
  {
    title: 'Latency',
    about: '99% of answers within',
    format: duration,
    series: [
      { name: '99% within', color: 'violet', read: (sample) => sample.latency_p99_ms },
      { name: 'Half within', color: 'blue', read: (sample) => sample.latency_p50_ms },
    ],
    empty: {
      title: 'Nothing to measure yet',
      text: 'How long answers take appears with the first requests.',
    },
  },
  {
    title: 'Errors and refusals',
    about: 'Per second',
    format: perSecond,
    isStacked: true,
    series: [
      { name: 'Errors (5xx)', color: 'red', read: (sample) => sample.errors_per_second },
      { name: 'Refused (4xx)', color: 'orange', read: (sample) => sample.refused_per_second },
    ],
    empty: { title: 'None', text: 'Every request was answered as asked.' },
  },
  {
    title: 'Pushes',
    about: 'By outcome, per second',
    format: perSecond,
    isStacked: true,
    series: [
      { name: 'Delivered', color: 'teal', read: ({ pushes_per_second: pushes }) => pushes.delivered },
      { name: 'Only logged', color: 'gray', read: ({ pushes_per_second: pushes }) => pushes.logged },
      { name: 'Tried again', color: 'yellow', read: ({ pushes_per_second: pushes }) => pushes.retry },
      { name: 'Device gone', color: 'brown', read: ({ pushes_per_second: pushes }) => pushes.gone },
      { name: 'Rejected', color: 'orange', read: ({ pushes_per_second: pushes }) => pushes.rejected },
      {
        name: 'Credentials refused',
        color: 'red',
        read: ({ pushes_per_second: pushes }) => pushes.misconfigured,
      },
    ],
    empty: {
      title: 'No pushes yet',
      text: 'They appear here once the badge of a user with a registered device changes.',
    },
  },
  {
    title: 'Waiting alerts',
    about: 'On their way to devices',
    format: amount,
    isCount: true,
    series: [{ name: 'Waiting', color: 'orange', read: (sample) => sample.outbox_depth }],
    empty: { title: 'None', text: 'Every alert went out as soon as it was sent.' },
  },
  {
    title: 'Open streams',
    about: 'Watching a badge live',
    format: amount,
    isCount: true,
    series: [{ name: 'Open', color: 'teal', read: (sample) => sample.open_streams }],
    empty: {
      title: 'Nobody watched',
      text: 'The playground opens streams; so does the badge on a web page.',
    },
  },
];

export interface Figure {
  readonly series: Series;
  /** Null where there was nothing to measure in the last interval. */
  readonly now: number | null;
}

export interface Summary {
  readonly figures: readonly Figure[];
  /** Of all series together where they are stacked, otherwise the highest of any. */
  readonly now: number | null;
  /** Of the intervals in which there was something to measure. */
  readonly average: number | null;
  /** Undefined where there is nothing to draw but a line at nought. */
  readonly peak: { readonly value: number; readonly at: number } | undefined;
}

export function summarize(chart: Chart, samples: readonly Sample[]): Summary {
  const last = samples.at(-1);
  const figures = chart.series.map((series) => ({
    series,
    now: last === undefined ? null : series.read(last),
  }));
  const levels = samples.flatMap((sample) => {
    const value = level(chart, sample);
    return value === null ? [] : [{ value, at: Date.parse(sample.at) }];
  });
  const total = levels.reduce((sum, { value }) => sum + value, 0);
  const peak = levels.reduce((highest, one) => (one.value > highest.value ? one : highest), {
    value: 0,
    at: 0,
  });
  return {
    figures,
    now: last === undefined ? null : level(chart, last),
    average: levels.length === 0 ? null : total / levels.length,
    peak: peak.value > 0 ? peak : undefined,
  };
}

function level({ series, isStacked = false }: Chart, sample: Sample): number | null {
  const values = series.flatMap(({ read }) => read(sample) ?? []);
  if (values.length === 0) return null;
  return isStacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
}

/** Those that were ever more than nought; a chart of many outcomes shows only what came about. */
export function seriesShown(chart: Chart, samples: readonly Sample[]): readonly Series[] {
  if (chart.isStacked !== true) return chart.series;
  return chart.series.filter(({ read }) => samples.some((sample) => (read(sample) ?? 0) > 0));
}
