/** Figures as text: a median with its least and most, and tables of them. */
import type { Spread } from './pairs.js';

export function spreadText({ median, min, max }: Spread, unit = ''): string {
  const suffix = unit === '' ? '' : ` ${unit}`;
  return `${figure(median)}${suffix} (${figure(min)}–${figure(max)})`;
}

/** Three digits that count; whole numbers from a hundred up. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** The first row is the heading. Numbers stand on the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('   '),
    )
    .join('\n');
}

export function against(target: string, holds: boolean): string {
  return `target ${target}: ${holds ? 'met' : 'MISSED'}`;
}
