/** One chart with its title, current value, peak and legend, all as text too. */
import { Group, Paper, Text, Title } from '@mantine/core';
import { lazy, Suspense, useId, useMemo } from 'react';
import { type Chart, type Sample, seriesShown, summarize } from './charts.js';
import { LegendList } from './legend_list.js';
import { timeOfDay } from './numbers.js';
import classes from './overview.module.css';

/** Loaded on demand: the chart library is larger than the rest of the page. */
const TimeChart = lazy(() => import('./time_chart.js'));

export function ChartCard({
  chart,
  samples,
}: {
  readonly chart: Chart;
  readonly samples: readonly Sample[];
}) {
  const heading = useId();
  const { figures, now, average, peak } = useMemo(() => summarize(chart, samples), [chart, samples]);
  const shown = useMemo(() => seriesShown(chart, samples), [chart, samples]);
  return (
    <Paper
      component="section"
      withBorder
      radius="md"
      p="md"
      aria-labelledby={heading}
      className={classes.card ?? ''}
    >
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
        <div>
          <Title order={2} size="h5" id={heading}>
            {chart.title}
          </Title>
          <Text size="sm" c="dimmed">
            {chart.about}
          </Text>
        </div>
        <div className={classes.now}>
          <Text className={classes.value ?? ''}>{now === null ? '–' : chart.format(now)}</Text>
          <Text size="xs" c="dimmed">
            {peak === undefined ? 'now' : `peak ${chart.format(peak.value)} at ${timeOfDay(peak.at)}`}
          </Text>
        </div>
      </Group>
      {peak === undefined ? (
        <div className={classes.empty}>
          <Text fw={600}>{chart.empty.title}</Text>
          <Text size="sm" c="dimmed" maw={300}>
            {chart.empty.text}
          </Text>
        </div>
      ) : (
        <>
          <Suspense fallback={<div className={classes.chart} />}>
            <TimeChart chart={chart} most={peak.value} series={shown} samples={samples} />
          </Suspense>
          {chart.series.length > 1 ? (
            <LegendList chart={chart} figures={figures.filter(({ series }) => shown.includes(series))} />
          ) : (
            <Text size="sm">
              On average <strong>{average === null ? '–' : chart.format(average)}</strong>
            </Text>
          )}
        </>
      )}
    </Paper>
  );
}
