/** How long changes waited for their push, by the second in which they were made. */
import { figure } from '../measure/text.js';

export interface Waits {
  /** Of the numbers that arrived, in milliseconds. */
  readonly bySecond: number[][];
  changes: number;
}

export function noWaits(): Waits {
  return { bySecond: [], changes: 0 };
}

/** Second by second, those of another round. */
export function addWaits(into: Waits, { bySecond, changes }: Waits): void {
  into.changes += changes;
  for (const [second, tookMs] of bySecond.entries())
    into.bySecond[second] = [...(into.bySecond[second] ?? []), ...(tookMs ?? [])];
}

/** Name, p50, p99, longest, and how many never arrived. */
export function waitRow(name: string, { bySecond, changes }: Waits): string[] {
  const sorted = bySecond.flat().sort((a, b) => a - b);
  // What never arrived took longer than anything.
  const at = (share: number) => figure(sorted[Math.ceil(changes * share) - 1] ?? Number.POSITIVE_INFINITY);
  const lost = changes - sorted.length;
  return [name, at(0.5), at(0.99), figure(sorted.at(-1) ?? Number.NaN), `${lost} of ${changes}`];
}

/** The p50 and the longest wait of each second, ten seconds to a line. */
export function bySecond({ bySecond }: Waits): string {
  const seconds = bySecond.map((tookMs) => {
    const sorted = [...tookMs].sort((a, b) => a - b);
    return `${figure(sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN)}/${figure(sorted.at(-1) ?? Number.NaN)}`;
  });
  const lines: string[] = [];
  for (let first = 0; first < seconds.length; first += 10)
    lines.push(seconds.slice(first, first + 10).join('  '));
  return lines.join('\n');
}
