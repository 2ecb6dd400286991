/** Series with their colors and values. */
import { Box } from '@mantine/core';
import type { Chart, Figure } from './charts.js';
import classes from './overview.module.css';

interface LegendListProps {
  readonly chart: Chart;
  readonly figures: readonly Figure[];
  readonly isColumn?: boolean;
}

export function LegendList({ chart, figures, isColumn = false }: LegendListProps) {
  return (
    <ul className={classes.legend} data-column={isColumn || undefined}>
      {figures.map(({ series: { name, color }, now }) => (
        <li key={name}>
          <Box className={classes.swatch ?? ''} __vars={{ '--swatch': `var(--series-${color})` }} />
          <span>{name}</span>
          <strong>{now === null ? '–' : chart.format(now)}</strong>
        </li>
      ))}
    </ul>
  );
}
