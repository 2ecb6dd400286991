/** How far a move has come. */
import type { Lines } from './lines.js';

export type Phase =
  | 'exporting'
  | 'checking'
  | 'importing'
  | 'copying'
  | 'making checkpoints'
  | 'verifying'
  | 'backing up'
  | 'restoring';

export interface Progress {
  readonly phase: Phase;
  /** In rows; while checkpoints are made, in apps. */
  readonly done: number;
  /** About how many there are; undefined while that is not known. */
  readonly of: number | undefined;
  /** Before compression. */
  readonly bytes?: number;
}

export type OnProgress = (progress: Progress) => void;

/** Reports the lines that pass. `of` is asked each time. */
export async function* counted(
  lines: Lines,
  phase: Phase,
  of: () => number | undefined,
  onProgress: OnProgress,
): AsyncGenerator<readonly string[]> {
  let done = 0;
  let bytes = 0;
  for await (const page of lines) {
    yield page;
    done += page.length;
    for (const line of page) bytes += Buffer.byteLength(line) + 1;
    const expected = of();
    onProgress({ phase, done, of: expected === undefined ? undefined : Math.max(expected, done), bytes });
  }
}
