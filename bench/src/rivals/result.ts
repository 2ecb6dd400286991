/** The result of the comparison as JSON, of which page_main.ts makes tables and charts. */
import { cpus, loadavg } from 'node:os';
import { spread } from '../measure/pairs.js';
import { figure, table } from '../measure/text.js';
import type { Samples } from './report.js';

export interface MeasuredRow {
  readonly name: string;
  readonly samples: Samples;
}

/** Badges at half of the rate that a side served at most, in an open loop, beside messages. */
export interface HalfLoad {
  readonly side: string;
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

export interface RivalsResult {
  readonly date: string;
  readonly conditions: string;
  /** Medians over the rounds. */
  readonly rows: readonly { readonly name: string; readonly sides: readonly SideResult[] }[];
  readonly halves: readonly HalfLoad[];
}

export interface SideResult {
  readonly side: string;
  readonly rate: number;
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function resultText(
  measured: readonly MeasuredRow[],
  halves: readonly HalfLoad[],
  {
    rounds,
    seconds,
    clients,
  }: { readonly rounds: number; readonly seconds: number; readonly clients: number },
): string {
  const result: RivalsResult = {
    date: new Date().toISOString().slice(0, 10),
    conditions: `${rounds} rounds of ${seconds} s, ${clients} clients, ${cpus().length} cores for servers, databases and clients, Node ${process.versions.node}, load average ${loadavg()[0]?.toFixed(1)} at the end`,
    rows: measured.map(({ name, samples }) => ({
      name,
      sides: [...samples].map(([side, taken]) => ({
        side,
        rate: spread(taken.map((sample) => sample.rate)).median,
        cpuMicroseconds: spread(taken.map((sample) => sample.cpuMicroseconds)).median,
        p50Ms: spread(taken.map((sample) => sample.p50Ms)).median,
        p99Ms: spread(taken.map((sample) => sample.p99Ms)).median,
      })),
    })),
    halves,
  };
  return `${JSON.stringify(result, null, 1)}\n`;
}

export function printHalves(halves: readonly HalfLoad[]): void {
  const heading = ['half of its maximum', 'badges a second', 'p50 ms', 'p99 ms', 'p99.9 ms'];
  const lines = halves.map(({ side, rate, p50Ms, p99Ms, p999Ms }) => [
    side,
    ...[rate, p50Ms, p99Ms, p999Ms].map(figure),
  ]);
  console.log(table([heading, ...lines]));
}
