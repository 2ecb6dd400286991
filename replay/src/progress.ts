/**
 * The text of a replay's progress and result. On a terminal, progress is one line that is rewritten; elsewhere,
 * such as in a log, it is a new line every few seconds.
 */
import type { ReplayResult } from './replay_result.js';

export type ReplayEvent =
  | { readonly type: 'note'; readonly text: string }
  | {
      readonly type: 'progress';
      readonly phase: 'planning' | 'sending' | 'comparing';
      readonly done: number;
      /** Undefined while a file is being read. */
      readonly total: number | undefined;
      readonly perSecond: number;
      readonly inFlight: number;
      readonly retries: number;
    };

type Progress = Extract<ReplayEvent, { type: 'progress' }>;

const logIntervalMs = 5_000;
/** Carriage return, then "erase to the end of the line". */
const rewriteLine = '\r\u001b[K';
const units = { planning: 'messages', sending: 'operations', comparing: 'users' } as const;

/** A stream such as process.stderr. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Returns a callback for the `onProgress` option of `replay()`. */
export function progressReporter(
  output: ProgressOutput,
  now: () => number = () => performance.now(),
): (event: ReplayEvent) => void {
  const rewrites = output.isTTY === true;
  let lastLogAt = Number.NEGATIVE_INFINITY;
  let phase = '';
  return (event) => {
    if (event.type === 'note') {
      output.write(`${rewrites ? rewriteLine : ''}${event.text}\n`);
      return;
    }
    const isComplete = event.done === event.total;
    if (rewrites) {
      output.write(`${rewriteLine}${progressLine(event)}${isComplete ? '\n' : ''}`);
      return;
    }
    const isDue = now() - lastLogAt >= logIntervalMs;
    if (!isDue && !isComplete && event.phase === phase) return;
    phase = event.phase;
    lastLogAt = now();
    output.write(`${progressLine(event)}\n`);
  };
}

export function progressLine(event: Progress): string {
  const { phase, done, total, inFlight, retries } = event;
  const unit = units[phase];
  const amount =
    total === undefined
      ? `${group(done)} ${unit}`
      : `${percent(done, total)}  ${group(done)} of ${group(total)} ${unit}`;
  const parts = [`${phase}  ${amount}`, `${group(Math.round(event.perSecond))}/s`];
  if (phase !== 'planning') parts.push(`${inFlight} in flight`, `${group(retries)} retries`);
  return parts.join('  ');
}

/** The result of a replay as lines of text. */
export function summary(result: ReplayResult): string[] {
  const rate = result.seconds > 0 ? Math.round(result.operations / result.seconds) : result.operations;
  const lines = [
    `${group(result.operations)} operations (${group(result.messages)} messages, ${group(result.reads)} reads, ` +
      `${group(result.deletions)} deletions) in ${result.seconds.toFixed(1)} s, ${group(rate)}/s, ` +
      `${group(result.retries)} retries; workload ${result.workload}, seed ${result.seed}`,
    `compared ${group(result.users)} users, ${group(result.participations)} counts`,
  ];
  if (result.differenceCount === 0) return [...lines, 'no difference'];
  lines.push(`${group(result.differenceCount)} DIFFERENCES`);
  for (const { user, conversation, what, expected, found } of result.differences) {
    const where = conversation === undefined ? user : `${user} in ${conversation}`;
    lines.push(`  ${where}: ${what} should be ${expected}, but is ${found}`);
  }
  const unlisted = result.differenceCount - result.differences.length;
  if (unlisted > 0) lines.push(`  … and ${group(unlisted)} more`);
  return lines;
}

/** The rate over the last few seconds, so that it falls to 0 when nothing completes. */
export class Meter {
  readonly #samples: { readonly atMs: number; readonly done: number }[] = [];

  sample(atMs: number, done: number): number {
    this.#samples.push({ atMs, done });
    if (this.#samples.length > 20) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || first.atMs === atMs) return 0;
    return ((done - first.done) * 1_000) / (atMs - first.atMs);
  }
}

/** Rounded down: 100 % means complete. */
function percent(done: number, total: number): string {
  return total === 0 ? '100 %' : `${Math.floor((done * 100) / total)} %`;
}

function group(value: number): string {
  return value.toLocaleString('en-GB');
}
