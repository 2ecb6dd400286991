/** The tables of docs/costs.md. A run replaces what it measured, and leaves the rest as it is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { figure } from '../measure/text.js';
import type { Cost, Latency } from './victim.js';

export interface Measured {
  readonly operation: string;
  readonly what: string;
  readonly cost: Cost;
}

/** The requests of one operation, and the other client's latency meanwhile. */
export interface OperationCosts {
  readonly operation: string;
  readonly largest: readonly Measured[];
  readonly hostile: readonly Measured[];
  readonly latency: Latency;
}

export interface KnownCost {
  readonly what: string;
  readonly cost: Cost;
  readonly latency: Latency;
}

/** For how long a request may block the loop, in milliseconds. */
export const boundMs = 25;

export class CostsPage {
  readonly #file: URL;
  #text: string;

  constructor(file: URL) {
    this.#file = file;
    this.#text = readFileSync(file, 'utf8');
  }

  save(): void {
    writeFileSync(this.#file, this.#text);
  }

  writeOperations(operations: readonly OperationCosts[]): void {
    const rows = [...operations]
      .sort((a, b) => worst([...b.largest, ...b.hostile]) - worst([...a.largest, ...a.hostile]))
      .map(({ operation, largest, hostile, latency }) => [
        `\`${operation}\``,
        ...described(largest),
        ...described(hostile),
        figure(latency.p99Ms),
      ]);
    const heading = [
      'operation',
      'largest input',
      'blocked, ms',
      'most hostile input',
      'blocked, ms',
      'other p99, ms',
    ];
    this.#replace('operations', markdown([heading, ...rows]));
  }

  /** `column` says which program was measured: the other column of each row stays as it was. */
  writeKnown(column: 'before' | 'now', known: readonly KnownCost[]): void {
    const earlier = new Map(this.#rows('known').map(([what = '', ...cells]) => [what, cells]));
    const rows = known.map(({ what, cost, latency }) => {
      const cells = [outcome(cost), figure(latency.maxMs)];
      const other = earlier.get(what);
      const before = column === 'before' ? cells : (other?.slice(0, 2) ?? ['', '']);
      const now = column === 'now' ? cells : (other?.slice(2, 4) ?? ['', '']);
      return [what, ...before, ...now];
    });
    const heading = [
      'request',
      'before: blocked, ms',
      'longest wait of another, ms',
      'now: blocked, ms',
      'longest wait of another, ms',
    ];
    this.#replace('known', markdown([heading, ...rows]));
  }

  writeText(name: string, text: string): void {
    this.#replace(name, text);
  }

  #rows(name: string): string[][] {
    const lines = this.#section(name).split('\n').slice(2);
    return lines.map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
  }

  #section(name: string): string {
    const [, text = ''] = this.#text.split(new RegExp(`<!-- /?${name} -->\n`));
    return text.trim();
  }

  #replace(name: string, text: string): void {
    const [before, , after] = this.#text.split(new RegExp(`<!-- /?${name} -->\n`));
    if (before === undefined || after === undefined)
      throw new Error(`docs/costs.md has no place for ${name}`);
    this.#text = `${before}<!-- ${name} -->\n${text}\n<!-- /${name} -->\n${after}`;
  }
}

export function worst(measured: readonly Measured[]): number {
  return Math.max(0, ...measured.map(({ cost }) => rank(cost)));
}

/** Those that ended the process come first. */
export function rank({ status, blockedMs }: Cost): number {
  return status < 0 ? Number.POSITIVE_INFINITY : blockedMs;
}

function described(measured: readonly Measured[]): [what: string, blocked: string] {
  const [first] = [...measured].sort((a, b) => rank(b.cost) - rank(a.cost));
  return first === undefined ? ['none', ''] : [first.what, outcome(first.cost)];
}

function outcome({ status, blockedMs }: Cost): string {
  if (status < 0) return 'ended the process';
  return `${figure(blockedMs)} (${status === 0 ? 'cut' : status})`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [heading = [], ...others] = rows.map((row) => `| ${row.map(escaped).join(' | ')} |`);
  return [heading, `|${' --- |'.repeat(rows[0]?.length ?? 0)}`, ...others].join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
