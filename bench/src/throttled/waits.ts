/** How long changes waited for their push, by the second in which they were made. */
import { quantile } from '../measure/quantile.js';
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
  const tookMs = bySecond.flat();
  // What never arrived took longer than anything.
  const at = (share: number) => figure(quantile(tookMs, share, changes));
  const lost = changes - tookMs.length;
  return [name, at(0.5), at(0.99), figure(quantile(tookMs, 1)), `${lost} of ${changes}`];
}

/** The p50 and the longest wait of each second, ten seconds to a line. */
export function bySecond({ bySecond }: Waits): string {
  const seconds = bySecond.map((tookMs) => `${figure(quantile(tookMs, 0.5))}/${figure(quantile(tookMs, 1))}`);
  const lines: string[] = [];
  for (let first = 0; first < seconds.length; first += 10)
    lines.push(seconds.slice(first, first + 10).join('  '));
  return lines.join('\n');
}
