/**
 * What the largest and the most hostile requests cost everybody else: for every operation of the OpenAPI document
 * hostile bodies made from its schema, and the large cases that have to be prepared by hand. Printed: for how long each
 * blocked the event loop, and how long another client waited meanwhile.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Options } from '../benchmark.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { figure, table } from '../measure/text.js';
import { largeRequests, type Measure } from './large_requests.js';
import { readOperations } from './operations.js';
import { type Cost, Victim } from './victim.js';

const here = fileURLToPath(new URL('../../..', import.meta.url));
/** Just below what a body may be. */
const bodyBytes = 8 * 1024 * 1024 - 1024;

export const cost: Benchmark = {
  name: 'cost',
  summary: 'for how long the largest and the most hostile requests keep others waiting',
  options: '--against <built checkout> (this one) --heap <MiB> (512)',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

interface Measured {
  readonly operation: string;
  readonly what: string;
  readonly cost: Cost;
}

async function run(directory: string, { against = here, heap = 512 }: Options): Promise<void> {
  const measured: Measured[] = [];
  let starts = 0;
  const start = () => {
    starts += 1;
    return Victim.start(against, join(directory, String(starts)), heap);
  };
  let victim = await start();
  const measure: Measure = async (operation, what, request) => {
    progress(`${operation}: ${what}`);
    measured.push({ operation, what, cost: await victim.measure(request) });
  };
  try {
    for (const operation of await readOperations(victim)) {
      for (const { shape, text } of operation.hostileBodies(bodyBytes)) {
        // What a body costs before it is refused counts too: every token is tried.
        for (const { name, token } of operation.tokens(victim)) {
          const { method } = operation;
          const request = { method, path: operation.path(victim.app.id), body: text, token };
          await measure(operation.name, `${shape}, ${name}`, request);
          if (victim.isAlive) continue;
          await victim.stop();
          victim = await start();
          break;
        }
      }
    }
    await largeRequests(victim, measure);
  } finally {
    print(measured);
    await victim.stop();
  }
}

function print(measured: readonly Measured[]): void {
  const worst = [...measured].sort((a, b) => rank(b.cost) - rank(a.cost));
  const rows = worst
    .slice(0, 60)
    .map(({ operation, what, cost }) => [
      `${operation}: ${what}`,
      String(cost.status),
      figure(cost.tookMs),
      figure(cost.blockedMs),
      figure(cost.otherMs),
      figure(cost.residentBytes / 2 ** 20),
    ]);
  console.log(table([['', 'status', 'took ms', 'blocked ms', 'other ms', 'resident MiB'], ...rows]));
  const over = measured.filter(({ cost }) => !(cost.blockedMs <= 25)).length;
  const died = measured.filter(({ cost }) => cost.status < 0).length;
  console.log(
    `\n${measured.length} requests: ${over} blocked the loop for more than 25 ms, ${died} ended the process`,
  );
}

/** The worst first: those that ended the process, then by how long they blocked it. */
function rank({ status, blockedMs }: Cost): number {
  return status < 0 ? Number.POSITIVE_INFINITY : blockedMs;
}
