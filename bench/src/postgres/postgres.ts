/**
 * What the store over PostgreSQL costs: against a bare loop, which inserts the same rows in batches of the same size, and
 * over HTTP against the embedded store. All with a sync for each commit.
 */
import type { Benchmark, Options } from '../benchmark.js';
import { numberIn, runChild } from '../measure/child.js';
import { each, inPairs, type Pair, ratio } from '../measure/pairs.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { against, figure, spreadText, table } from '../measure/text.js';
import type { Database } from '../rivals/databases.js';
import { anEvent, databaseCpuMs, prepareApp, withPostgres } from './database.js';
import { type HttpSample, HttpSide } from './http_side.js';
import { Node, type NodeInput, type NodeSample } from './node.js';

const barePart = 0.6;
const httpPart = 0.8;
const readPart = 0.9;
const queriesPerThousandReads = 20;

export const postgres: Benchmark = {
  name: 'postgres',
  summary: 'the store over PostgreSQL against bare inserts, and over HTTP against the embedded store',
  options: '--rounds (5) --seconds (2)',
  run: ({ rounds = 5, seconds = 2 }: Options) =>
    withPostgres(async (database) => {
      const prepared = await prepareApp(database.location);
      for (const clients of [64, 1_000]) await store(database, prepared, { rounds, seconds, clients });
      await readQueries(prepared);
      await inScratchDirectory((directory) => http(database, directory, { rounds, seconds }));
    }),
};

interface Sample {
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rowsPerCommit: number;
  /** For each message: of the process beside the database, and of the database. */
  readonly cpuMicroseconds: number;
  readonly databaseMicroseconds: number;
}

interface Measured {
  readonly rounds: number;
  readonly seconds: number;
  readonly clients: number;
}

async function store(
  database: Database,
  prepared: NodeInput,
  { rounds, seconds, clients }: Measured,
): Promise<void> {
  const event = await anEvent(prepared.url);
  const node = await Node.start(prepared);
  await node.run({ what: 'messages', clients, seconds: 1 });
  let rowsPerBatch = 1;
  const stored = async (): Promise<Sample> => {
    const before = databaseCpuMs(database);
    const sample = await node.run({ what: 'messages', clients, seconds });
    rowsPerBatch = Math.round(sample.rowsPerCommit);
    return { ...sample, databaseMicroseconds: ((databaseCpuMs(database) - before) * 1000) / sample.calls };
  };
  const bare = async (): Promise<Sample> => {
    const before = databaseCpuMs(database);
    const wanted = { url: prepared.url, rowsPerBatch, event, seconds };
    const reply = await runChild(new URL('./bare_main.js', import.meta.url), wanted);
    const rate = numberIn(reply, 'rate');
    const databaseMicroseconds = ((databaseCpuMs(database) - before) * 1000) / (rate * seconds);
    const cpuMicroseconds = numberIn(reply, 'cpuMicroseconds');
    const none = Number.NaN;
    return {
      rate,
      p50Ms: none,
      p99Ms: none,
      rowsPerCommit: rowsPerBatch,
      cpuMicroseconds,
      databaseMicroseconds,
    };
  };
  const pairs = await inPairs({ what: `messages of ${clients} clients`, rounds }, stored, bare);
  await node.stop();
  console.log(`Messages through the store, ${clients} clients:\n`);
  printPairs(
    pairs,
    ['the store', 'bare inserts'],
    [
      ['messages a second', ({ rate }) => rate],
      ['rows in a commit', ({ rowsPerCommit }) => rowsPerCommit],
      ['p50, ms', ({ p50Ms }) => p50Ms],
      ['p99, ms', ({ p99Ms }) => p99Ms],
      ['CPU time for a message beside the database, µs', ({ cpuMicroseconds }) => cpuMicroseconds],
      ['CPU time for a message in the database, µs', ({ databaseMicroseconds }) => databaseMicroseconds],
    ],
  );
  printRatio('rates', pairs, barePart);
}

async function readQueries(prepared: NodeInput): Promise<void> {
  const node = await Node.start(prepared);
  const queries: string[] = [];
  for (const clients of [64, 1_000]) {
    const sample: NodeSample = await node.run({ what: 'reads', clients, seconds: 2 });
    const perThousand = (sample.headQueries / sample.calls) * 1_000;
    queries.push(
      `${clients} at once: ${figure(sample.rate)} a second, ${figure(perThousand)} queries for 1,000 reads, ${against(`≤ ${queriesPerThousandReads}`, perThousand <= queriesPerThousandReads)}`,
    );
  }
  await node.stop();
  console.log(`Badge reads through the store of a quiet cluster:\n\n${queries.join('\n')}\n`);
}

async function http(
  database: Database,
  directory: string,
  { rounds, seconds }: Omit<Measured, 'clients'>,
): Promise<void> {
  const postgres = await HttpSide.start('postgresql', directory, database);
  const sqlite = await HttpSide.start('sqlite', directory);
  for (const [what, part] of [
    ['messages', httpPart],
    ['reads', readPart],
  ] as const) {
    const a = () => postgres.run(what, 64, seconds);
    const b = () => sqlite.run(what, 64, seconds);
    await a();
    await b();
    const pairs = await inPairs<HttpSample>({ what: `${what} over HTTP`, rounds }, a, b);
    console.log(`${what === 'reads' ? 'Badge reads' : 'Messages'} over HTTP, 64 clients:\n`);
    printPairs(
      pairs,
      ['PostgreSQL', 'SQLite'],
      [
        ['a second', ({ rate }) => rate],
        ['p50, ms', ({ p50Ms }) => p50Ms],
        ['p99, ms', ({ p99Ms }) => p99Ms],
        ["the server's CPU time for each, µs", ({ cpuMicroseconds }) => cpuMicroseconds],
        ["the database's CPU time for each, µs", ({ databaseMicroseconds }) => databaseMicroseconds],
        ['cores used by the clients', ({ clientCpu }) => clientCpu],
      ],
    );
    printRatio('rates', pairs, part);
  }
  await postgres.stop();
  await sqlite.stop();
}

function printPairs<S>(
  pairs: readonly Pair<S>[],
  names: readonly [string, string],
  lines: readonly (readonly [string, (sample: S) => number])[],
): void {
  const rows = lines.map(([what, value]) => {
    const { a, b } = each(pairs, value);
    return [what, spreadText(a), Number.isNaN(b.median) ? '' : spreadText(b)];
  });
  console.log(table([['', ...names], ...rows]));
}

function printRatio(what: string, pairs: readonly Pair<{ rate: number }>[], target: number): void {
  const rates = ratio(pairs, ({ rate }) => rate);
  console.log(
    `\nratio of the ${what} ${spreadText(rates)}, ${against(`≥ ${target}`, rates.median >= target)}\n`,
  );
}
