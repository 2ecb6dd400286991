/** The charts of the overview: their series, and the text of an empty chart. */
import type { Api } from '../server/api.js';
import { amount, duration, perSecond } from './numbers.js';

export type Overview = Awaited<ReturnType<Api['getOverview']>>;
export type Sample = Overview['samples'][number];

export interface Series {
  readonly name: string;
  readonly color: Color;
  readonly read: (sample: Sample) => number | null;
}

/** Defined in overview.module.css, for light and dark mode. */
export type Color = 'blue' | 'violet' | 'teal' | 'gray' | 'yellow' | 'orange' | 'red' | 'brown';

export interface Chart {
  readonly title: string;
  /** What is counted. */
  readonly about: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Whether the series add up to a total. */
  readonly isStacked?: boolean;
  /** Whether values are integers. */
  readonly isCount?: boolean;
  /** Shown instead of a chart whose values are all 0. */
  readonly empty: { readonly title: string; readonly text: string };
}

export const charts: readonly Chart[] = [
  {
    title: 'Requests',
    about: 'Responses per second',
    format: perSecond,
    series: [{ name: 'Requests', color: 'blue', read: (sample) => sample.requests_per_second }],
    empty: { title: 'No requests yet', text: 'Calls to the API appear here.' },
  },
  {
    title: 'Latency',
    about: '99th percentile',
    format: duration,
    series: [
      { name: '99%', color: 'violet', read: (sample) => sample.latency_p99_ms },
      { name: 'Median', color: 'blue', read: (sample) => sample.latency_p50_ms },
    ],
    empty: {
      title: 'No requests yet',
      text: 'The latency of responses appears with the first requests.',
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
    empty: { title: 'None', text: 'Every request succeeded.' },
  },
  {
    title: 'Pushes',
    about: 'By outcome, per second',
    format: perSecond,
    isStacked: true,
    series: [
      { name: 'Delivered', color: 'teal', read: ({ pushes_per_second: pushes }) => pushes.delivered },
      { name: 'Logged only', color: 'gray', read: ({ pushes_per_second: pushes }) => pushes.logged },
      { name: 'Retried', color: 'yellow', read: ({ pushes_per_second: pushes }) => pushes.retry },
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
      text: 'A change of the badge of a user with a device appears here.',
    },
  },
  {
    title: 'Pending alerts',
    about: 'Not yet delivered',
    format: amount,
    isCount: true,
    series: [{ name: 'Pending', color: 'orange', read: (sample) => sample.outbox_depth }],
    empty: { title: 'None', text: 'No alert had to wait.' },
  },
  {
    title: 'Open streams',
    about: 'Live badges',
    format: amount,
    isCount: true,
    series: [{ name: 'Open', color: 'teal', read: (sample) => sample.open_streams }],
    empty: {
      title: 'No open streams',
      text: 'The playground opens streams, and so does a badge on a web page.',
    },
  },
];

export interface Figure {
  readonly series: Series;
  /** Null if the last interval has no value. */
  readonly now: number | null;
}

export interface Summary {
  readonly figures: readonly Figure[];
  /** The sum of stacked series, otherwise the highest series. */
  readonly now: number | null;
  /** Over the intervals with a value. */
  readonly average: number | null;
  /** Undefined if all values are 0. */
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

/** For stacked charts, the series with a value above 0. */
export function seriesShown(chart: Chart, samples: readonly Sample[]): readonly Series[] {
  if (chart.isStacked !== true) return chart.series;
  return chart.series.filter(({ read }) => samples.some((sample) => (read(sample) ?? 0) > 0));
}
