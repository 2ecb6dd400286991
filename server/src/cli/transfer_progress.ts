/** The progress of a move: on a terminal one line that is rewritten, elsewhere a line every ten seconds. */
import type { OnProgress, Progress } from '../offline.js';

const terminalIntervalMs = 200;
const logIntervalMs = 10_000;
/** Carriage return, then "erase to the end of the line". */
const rewriteLine = '\r\u001b[K';

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

export interface ProgressReporter {
  readonly onProgress: OnProgress;
  /** Prints a line of its own. */
  note(text: string): void;
}

export function progressReporter(
  output: ProgressOutput,
  now: () => number = () => performance.now(),
): ProgressReporter {
  const rewrites = output.isTTY === true;
  const intervalMs = rewrites ? terminalIntervalMs : logIntervalMs;
  let phase: Progress['phase'] | undefined;
  let startedAt = 0;
  let shownAt = 0;
  return {
    onProgress(progress) {
      if (progress.phase !== phase) {
        phase = progress.phase;
        startedAt = now();
        shownAt = rewrites ? Number.NEGATIVE_INFINITY : startedAt;
      }
      if (now() - shownAt < intervalMs) return;
      shownAt = now();
      const line = progressLine(progress, (shownAt - startedAt) / 1_000);
      output.write(rewrites ? `${rewriteLine}${line}` : `${line}\n`);
    },
    note(text) {
      output.write(`${rewrites ? rewriteLine : ''}${text}\n`);
    },
  };
}

export function progressLine({ phase, done, of, bytes }: Progress, seconds: number): string {
  // SQLite does these in one step.
  if (phase === 'backing up' || phase === 'restoring') return `${phase} …`;
  const unit = phase === 'making checkpoints' ? 'apps' : 'rows';
  const parts = [
    of === undefined ? `${grouped(done)} ${unit}` : `${grouped(done)} of ${grouped(of)} ${unit}`,
  ];
  if (bytes !== undefined) parts.push(`${(bytes / 1e6).toFixed(1)} MB`);
  if (seconds >= 1) {
    const perSecond = done / seconds;
    parts.push(`${grouped(Math.round(perSecond))} ${unit}/s`);
    if (of !== undefined && perSecond > 0) parts.push(`${Math.ceil((of - done) / perSecond)} s left`);
  }
  return `${phase}: ${parts.join(', ')}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
