/**
 * The benchmarks: lists them, or runs those that are named. Each figure is a ratio against something that runs
 * in the same minute, in turns with it. None of them passes or fails: they print what they saw.
 */
import { parseArgs } from 'node:util';
import { badgeRead } from './badge_read/badge_read.js';
import type { Benchmark } from './benchmark.js';
import { cluster } from './cluster/cluster.js';
import { cost } from './cost/cost.js';
import { fanOut } from './fan_out/fan_out.js';
import { idle } from './idle/idle.js';
import { ingest } from './ingest/ingest.js';
import { describeNoise, sampleNoise } from './measure/noise.js';
import { memory } from './memory/memory.js';
import { messages } from './messages/messages.js';
import { postgres } from './postgres/postgres.js';
import { sizes } from './postgres/sizes.js';
import { push } from './push/push.js';
import { readsBesideWrites } from './reads_beside_writes/reads_beside_writes.js';
import { retention } from './retention/retention.js';
import { rivals } from './rivals/rivals.js';
import { split } from './split/split.js';
import { start } from './start/start.js';
import { streams } from './streams/streams.js';
import { throttled } from './throttled/throttled.js';
import { versus } from './versus/versus.js';

const benchmarks: readonly Benchmark[] = [
  fanOut,
  messages,
  start,
  retention,
  memory,
  badgeRead,
  readsBesideWrites,
  rivals,
  ingest,
  push,
  streams,
  throttled,
  versus,
  cost,
  postgres,
  cluster,
  idle,
  sizes,
  split,
];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    clients: { type: 'string' },
    participations: { type: 'string' },
    users: { type: 'string' },
    tail: { type: 'string' },
    against: { type: 'string' },
    data: { type: 'string' },
    workload: { type: 'string' },
    heap: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

const named = positionals.map((name) => benchmarks.find((benchmark) => benchmark.name === name) ?? name);
const unknown = named.filter((one) => typeof one === 'string');
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}.`);
  process.exitCode = 1;
}
if (unknown.length > 0 || named.length === 0 || values.help === true) list();
else for (const benchmark of named) if (typeof benchmark !== 'string') await run(benchmark);

async function run({ name, summary, run }: Benchmark): Promise<void> {
  console.log(`\n# ${name}: ${summary}\n`);
  const before = sampleNoise();
  await run({
    rounds: count('rounds'),
    seconds: count('seconds'),
    clients: count('clients'),
    participations: count('participations'),
    users: count('users'),
    tail: count('tail'),
    against: values.against,
    data: values.data,
    workload: values.workload,
    heap: count('heap'),
    json: values.json,
  });
  console.log(`\n${describeNoise([...before, ...sampleNoise()])}`);
}

function list(): void {
  console.log('npm run bench -- <name> … [--rounds <n>] [more options]\n');
  for (const { name, summary, options } of benchmarks) {
    console.log(`${name.padEnd(20)}${summary}\n${' '.repeat(20)}options: ${options}\n`);
  }
}

function count(
  option: 'rounds' | 'seconds' | 'clients' | 'participations' | 'users' | 'tail' | 'heap',
): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${option} must be a whole number above 0.`);
  process.exit(1);
}
