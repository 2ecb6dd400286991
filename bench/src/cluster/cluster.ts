/** Several nodes over one PostgreSQL: on one app together, from one to another, and while one of them loads a large app. */
import type { Benchmark, Options } from '../benchmark.js';
import { numberIn, runChild } from '../measure/child.js';
import { inPairs, ratio, spread } from '../measure/pairs.js';
import { progress } from '../measure/progress.js';
import { against, figure, spreadText, table } from '../measure/text.js';
import { databaseCpuMs, prepareApp, withPostgres } from '../postgres/database.js';
import { Node, type NodeInput, type NodeSample } from '../postgres/node.js';
import type { Database } from '../rivals/databases.js';
import { largeApp } from './large_app.js';

const nodeCount = 3;
const togetherPart = 0.5;
const leastShare = 0.2;
const loadMs = 4_000;

export const cluster: Benchmark = {
  name: 'cluster',
  summary: 'three nodes on one app, a message from one node to another, loading a large app',
  options: '--rounds (5) --seconds (2) --participations (1000000)',
  run: ({ rounds = 5, seconds = 2, participations = 1_000_000 }: Options) =>
    withPostgres(async (database) => {
      const prepared = await prepareApp(database.location);
      for (const clients of [64, 500]) await together(database, prepared, { rounds, seconds, clients });
      await fromNodeToNode(prepared);
      await loading(prepared, participations);
    }),
};

interface Sample {
  readonly rate: number;
  /** Of all messages, what the node with the fewest has. */
  readonly leastShare: number;
  readonly rowsPerCommit: number;
  readonly p99Ms: number;
  readonly cpuMicroseconds: number;
  readonly databaseMicroseconds: number;
}

async function together(
  database: Database,
  prepared: NodeInput,
  { rounds, seconds, clients }: { rounds: number; seconds: number; clients: number },
): Promise<void> {
  const nodes: Node[] = [];
  for (let n = 0; n < nodeCount; n += 1) nodes.push(await Node.start(prepared));
  const sample = async (some: readonly Node[]): Promise<Sample> => {
    const before = databaseCpuMs(database);
    const samples = await Promise.all(some.map((node) => node.run({ what: 'messages', clients, seconds })));
    return sumOf(samples, databaseCpuMs(database) - before);
  };
  const one = nodes.slice(0, 1);
  await sample(nodes);
  const pairs = await inPairs(
    { what: `${nodeCount} nodes with ${clients} clients each`, rounds },
    () => sample(nodes),
    () => sample(one),
  );
  for (const node of nodes) await node.stop();
  const lines: readonly (readonly [string, (sample: Sample) => number])[] = [
    ['messages a second', ({ rate }) => rate],
    ['rows in a commit', ({ rowsPerCommit }) => rowsPerCommit],
    ['p99, ms', ({ p99Ms }) => p99Ms],
    ['CPU time for a message in the nodes, µs', ({ cpuMicroseconds }) => cpuMicroseconds],
    ['CPU time for a message in the database, µs', ({ databaseMicroseconds }) => databaseMicroseconds],
  ];
  const rows = lines.map(([what, value]) => [
    what,
    spreadText(spread(pairs.map(({ a }) => value(a)))),
    spreadText(spread(pairs.map(({ b }) => value(b)))),
  ]);
  console.log(`${clients} clients of each node:\n`);
  console.log(table([['', `${nodeCount} nodes`, 'one node'], ...rows]));
  const rates = ratio(pairs, ({ rate }) => rate);
  const least = spread(pairs.map(({ a }) => a.leastShare));
  console.log(
    `\nratio of the rates ${spreadText(rates)}, ${against(`≥ ${togetherPart}`, rates.median >= togetherPart)}`,
  );
  console.log(
    `the node with the fewest has ${spreadText(least)} of them, ${against(`≥ ${leastShare}`, least.median >= leastShare)}\n`,
  );
}

function sumOf(samples: readonly NodeSample[], databaseMs: number): Sample {
  const calls = samples.map((sample) => sample.calls);
  const all = calls.reduce((sum, some) => sum + some, 0);
  const weighted = (value: (sample: NodeSample) => number) =>
    samples.reduce((sum, sample) => sum + value(sample) * sample.calls, 0) / all;
  return {
    rate: samples.reduce((sum, { rate }) => sum + rate, 0),
    leastShare: Math.min(...calls) / all,
    rowsPerCommit: weighted(({ rowsPerCommit }) => rowsPerCommit),
    p99Ms: Math.max(...samples.map(({ p99Ms }) => p99Ms)),
    cpuMicroseconds: weighted(({ cpuMicroseconds }) => cpuMicroseconds),
    databaseMicroseconds: (databaseMs * 1000) / all,
  };
}

async function fromNodeToNode(prepared: NodeInput): Promise<void> {
  const rows: string[][] = [];
  for (const pauseMs of [5, 200]) {
    progress(`from one node to another, a message every ${pauseMs} ms`);
    const messages = pauseMs === 5 ? 1_000 : 200;
    const script = new URL('./event_main.js', import.meta.url);
    const reply = await runChild(script, { ...prepared, messages, pauseMs });
    const text = (...fields: string[]) => fields.map((field) => figure(numberIn(reply, field))).join(' / ');
    rows.push([
      `every ${pauseMs} ms or so`,
      text('responseP50Ms', 'responseP99Ms'),
      text('p50Ms', 'p99Ms', 'maxMs'),
      text('afterwardsP50Ms', 'afterwardsP99Ms'),
    ]);
  }
  progress('');
  console.log('From the call on one node to the event on another, ms:\n');
  const heading = [
    'a message',
    'its response, p50 / p99',
    'the event, p50 / p99 / longest',
    'from the response to the event, p50 / p99',
  ];
  console.log(`${table([heading, ...rows])}\n`);
}

async function loading(prepared: NodeInput, participations: number): Promise<void> {
  progress(`writing an app of ${participations} participations`);
  const { url, app: small } = prepared;
  const large = await largeApp(url, participations);
  const rows: string[][] = [];
  const times: number[] = [];
  for (let round = 1; round <= 3; round += 1) {
    progress(`loading it, round ${round} of 3`);
    const reply = await runChild(new URL('./load_main.js', import.meta.url), { url, small, large });
    const loaded = numberIn(reply, 'participations');
    if (loaded < participations * 0.99 || numberIn(reply, 'unread') === 0) throw new Error('it is not whole');
    const value = (field: string) => figure(numberIn(reply, field));
    times.push(numberIn(reply, 'loadMs'));
    const bytes = figure(numberIn(reply, 'bytes') / loaded);
    rows.push([value('loadMs'), bytes, ...['quietP99Ms', 'p50Ms', 'p99Ms', 'maxMs'].map(value)]);
  }
  progress('');
  console.log(
    `Loading an app of ${participations.toLocaleString('en')} participations, while a badge of another is read every 2 ms:\n`,
  );
  const heading = ['load, ms', 'bytes each', 'p99 before, ms', 'p50 meanwhile', 'p99', 'longest'];
  console.log(table([heading, ...rows]));
  const { median } = spread(times);
  console.log(`\nloaded in ${figure(median)} ms, ${against(`≤ ${loadMs} ms`, median <= loadMs)}`);
}
