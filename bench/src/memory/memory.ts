/** The memory of one app's state: of a user, a conversation and a participation, each added to a process of its own. */
import type { Benchmark, Options } from '../benchmark.js';
import { listIn, numberIn, runChild, textIn } from '../measure/child.js';
import { figure, table } from '../measure/text.js';

export const memory: Benchmark = {
  name: 'memory',
  summary: 'the memory that a user, a conversation and a participation take',
  options: '--participations (1000000) --users (a tenth of the participations)',
  run,
};

async function run({
  participations = 1_000_000,
  users = Math.ceil(participations / 10),
}: Options): Promise<void> {
  const wanted = { participations, users };
  const answer = await runChild(new URL('./memory_main.js', import.meta.url), wanted);
  const rows: string[][] = [['bytes for each', 'heap and columns', 'resident', 'µs', 'longest step, ms']];
  for (const step of listIn(answer, 'steps')) {
    const count = numberIn(step, 'count');
    const each = (field: string) => numberIn(step, field) / count;
    rows.push([
      `${textIn(step, 'what')} (${count.toLocaleString('en')})`,
      figure(each('heapBytes')),
      figure(each('residentBytes')),
      figure(each('ms') * 1_000),
      figure(numberIn(step, 'longestMs')),
    ]);
  }
  console.log(table(rows));
  const total = listIn(answer, 'steps').reduce<number>((sum, step) => sum + numberIn(step, 'heapBytes'), 0);
  console.log(
    `\nin all, for each participation: ${figure(total / participations)} bytes of heap and columns`,
  );
}
