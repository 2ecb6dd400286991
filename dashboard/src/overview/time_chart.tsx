/** A chart of series over time, without animation. */
import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { Paper, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { DotItemDotProps } from 'recharts';
import { timeAxis, valueAxis } from './axes.js';
import type { Chart, Sample, Series } from './charts.js';
import { LegendList } from './legend_list.js';
import { exactTimeOfDay, timeOfDay } from './numbers.js';
import classes from './overview.module.css';

interface TimeChartProps {
  readonly chart: Chart;
  /** The highest value. */
  readonly most: number;
  readonly series: readonly Series[];
  readonly samples: readonly Sample[];
}

export default function TimeChart({ chart, most, series, samples }: TimeChartProps) {
  const { title, format, isStacked = false, isCount = false } = chart;
  const rows = useMemo(() => rowsOf(series, samples), [series, samples]);
  const axis = useMemo(() => timeAxis(samples.map(({ at }) => Date.parse(at))), [samples]);
  const surface = {
    accessibilityLayer: true,
    margin: { top: 10, right: 8 },
    'aria-label': `${title} over time. The arrow keys read the values.`,
  };
  return (
    <AreaChart
      className={classes.chart ?? ''}
      data={rows}
      dataKey="at"
      series={series.map(({ name, color }) => ({ name, color: `var(--series-${color})` }))}
      type={isStacked ? 'stacked' : 'default'}
      curveType="linear"
      connectNulls={false}
      withDots={false}
      withGradient={false}
      fillOpacity={isStacked ? 0.8 : 0.16}
      // A part that is nought would be drawn as a line along the part below it.
      strokeWidth={isStacked ? 0 : 1.75}
      strokeDasharray="2 4"
      tickLine="none"
      valueFormatter={format}
      xAxisProps={{
        ...axis,
        type: 'number',
        scale: 'time',
        tickFormatter: timeOfDay,
        interval: 'preserveStart',
        minTickGap: 12,
      }}
      yAxisProps={{ ...valueAxis(most, isCount), width: 62 }}
      areaProps={({ name }) => ({ dot: (point) => lonePoint(rows, name, point) })}
      areaChartProps={surface}
      tooltipProps={{
        content: ({ active, label }) =>
          active === true && (
            <At sample={samples[rows.findIndex(({ at }) => at === label)]} {...{ series, chart }} />
          ),
      }}
    />
  );
}

interface AtProps extends Pick<TimeChartProps, 'chart' | 'series'> {
  readonly sample: Sample | undefined;
}

/** What there was at the time that is pointed to. */
function At({ sample, chart, series }: AtProps) {
  if (sample === undefined) return null;
  return (
    <Paper withBorder shadow="md" radius="md" px="sm" py={8} role="status">
      <Text size="xs" c="dimmed" mb={4}>
        {exactTimeOfDay(Date.parse(sample.at))}
      </Text>
      <LegendList
        chart={chart}
        figures={series.map((one) => ({ series: one, now: one.read(sample) }))}
        isColumn
      />
    </Paper>
  );
}

type Row = Record<string, number | null> & { readonly at: number };

function rowsOf(series: readonly Series[], samples: readonly Sample[]): Row[] {
  return samples.map((sample) => ({
    at: Date.parse(sample.at),
    ...Object.fromEntries(series.map(({ name, read }) => [name, read(sample)])),
  }));
}

/** A sample without neighbours is drawn as a dot. */
function lonePoint(rows: readonly Row[], name: string, { key, cx, cy, index, stroke }: DotItemDotProps) {
  const is = (at: number) => typeof rows[at]?.[name] === 'number';
  if (!is(index) || is(index - 1) || is(index + 1)) return <g key={key} />;
  return <circle key={key} cx={cx} cy={cy} r={2} fill={stroke} />;
}
