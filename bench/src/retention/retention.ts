/** Many messages in a data directory that keeps a part of them, against one that keeps all: its size, its start, and the cost. */
import type { Benchmark, Options } from '../benchmark.js';
import { listIn, numberIn, runChild } from '../measure/child.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { figure, table } from '../measure/text.js';

export const retention: Benchmark = {
  name: 'retention',
  summary:
    'a million messages, of which a fifth is kept, against keeping all: size, start, cost beside traffic',
  options: '--tail (1000000: how many messages)',
  run,
};

interface Step {
  readonly bytes: number;
  readonly rows: number;
  readonly cpuMs: number;
  readonly longestMs: number;
}

interface Written {
  readonly steps: readonly Step[];
  readonly startMs: number;
  readonly differences: number;
}

async function run({ tail: messages = 1_000_000 }: Options): Promise<void> {
  const all = await inScratchDirectory((directory) => write(directory, messages, messages * 2));
  const some = await inScratchDirectory((directory) => write(directory, messages, messages / 5));
  const rows = some.steps.map((step, index) => {
    const other = all.steps[index] ?? step;
    return [
      String(((index + 1) * messages) / some.steps.length),
      `${mebibytes(other.bytes)}, ${other.rows}`,
      `${mebibytes(step.bytes)}, ${step.rows}`,
      `${figure(step.cpuMs / other.cpuMs)}`,
      `${figure(other.longestMs)} and ${figure(step.longestMs)} ms`,
    ];
  });
  const head = [
    'messages',
    'all kept: size, rows',
    'a fifth',
    'CPU of the step, against all kept',
    'longest turn',
  ];
  console.log(table([head, ...rows]));
  console.log(`\na start: ${figure(all.startMs)} ms with all, ${figure(some.startMs)} ms with a fifth`);
  console.log(`verify: ${all.differences} and ${some.differences} differences`);
}

async function write(directory: string, messages: number, kept: number): Promise<Written> {
  const written = await runChild(new URL('./write_main.js', import.meta.url), { directory, messages, kept });
  const steps = listIn(written, 'steps').map((step) => ({
    bytes: numberIn(step, 'bytes'),
    rows: numberIn(step, 'rows'),
    cpuMs: numberIn(step, 'cpuMs'),
    longestMs: numberIn(step, 'longestMs'),
  }));
  const started = await runChild(new URL('../start/open_main.js', import.meta.url), { directory });
  return { steps, startMs: numberIn(started, 'totalMs'), differences: numberIn(written, 'differences') };
}

function mebibytes(bytes: number): string {
  return `${figure(bytes / 2 ** 20)} MiB`;
}
