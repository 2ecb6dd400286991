/**
 * badged against what teams write by hand, and against its own HTTP server with nothing behind it: the same requests, in
 * turns, from the same clients. The rivals store less: no cursors, no retries, no blocks, no deletions.
 */
import { writeFileSync } from 'node:fs';
import type { Benchmark, Options } from '../benchmark.js';
import type { LoadRequest } from '../load/load.js';
import { runWireLoad, type WireGroup } from '../load/wire.js';
import { spread } from '../measure/pairs.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { type Database, startPostgres, startRedis } from './databases.js';
import { printRow, type Sample, type Samples } from './report.js';
import { type HalfLoad, type MeasuredRow, printHalves, resultText } from './result.js';
import { badgeOverMany, badgesOverFew, messagesTo, readRooms, roomCounts, rooms } from './scene.js';
import { cpuMs, type Side, startBadged, startRival } from './sides.js';

export const rivals: Benchmark = {
  name: 'rivals',
  summary: 'badged against bare Fastify, counters in Redis and COUNT in PostgreSQL',
  options: '--rounds (3) --seconds (2) --clients (64) --against <built checkout> --json <file>',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

/** One line of the table: what is measured of a side. The first group of clients is what counts. */
interface Row {
  readonly name: string;
  groups(base: string, clients: number): readonly WireGroup[];
}

/** Clients that send messages beside the clients that read. */
const writers = 4;

const rows: readonly Row[] = [
  ...[...roomCounts.keys()].map((size) =>
    alone(`message to ${size.toLocaleString('en')}`, (base) => messagesTo(base, rooms(size))),
  ),
  alone('badge over 10', badgesOverFew),
  alone('badge over 7,000', badgeOverMany),
  besideMessages('badge over 10, beside messages', badgesOverFew),
  besideMessages('badge over 7,000, beside messages', badgeOverMany),
  mixed('mixed: nine badges to one message to 10'),
];

function alone(name: string, requests: (base: string) => LoadRequest[]): Row {
  return { name, groups: (base, clients) => [{ clients, requests: requests(base) }] };
}

/** The messages go to the conversations of those who read. */
function besideMessages(name: string, requests: (base: string) => LoadRequest[]): Row {
  const messages = (base: string) => ({ clients: writers, requests: messagesTo(base, readRooms()) });
  return { name, groups: (base, clients) => [{ clients, requests: requests(base) }, messages(base)] };
}

/** All clients send both, as a chat app does. */
function mixed(name: string): Row {
  const requests = (base: string) => {
    const messages = messagesTo(base, rooms(10));
    const badges = badgesOverFew(base);
    return messages.flatMap((message, index) => [
      message,
      ...Array.from({ length: 9 }, (_, more) => badges[(index * 9 + more) % badges.length] ?? message),
    ]);
  };
  return alone(name, requests);
}

async function run(directory: string, options: Options): Promise<void> {
  const databases = [await startRedis(), await startPostgres(), await startPostgres()] as const;
  const sides: Side[] = [];
  try {
    await startSides(sides, directory, databases, options.against);
    await measure(sides, options);
  } finally {
    for (const side of sides) await side.stop();
    for (const database of databases) await database?.stop();
  }
}

async function startSides(
  sides: Side[],
  directory: string,
  [redis, counted, shared]: readonly [Database | undefined, Database | undefined, Database | undefined],
  against: string | undefined,
): Promise<void> {
  const add = async (name: string, started: Promise<Side>) => {
    progress(`preparing ${name}`);
    sides.push(await started);
  };
  await add('bare Fastify', startRival({ name: 'bare Fastify', kind: 'bare', database: '' }));
  await add('badged', startBadged('badged', { directory }));
  if (against !== undefined)
    await add('badged before', startBadged('badged before', { directory, checkout: against }));
  if (redis === undefined) console.log('Redis is left out: redis-server is not in the PATH. Install it.');
  else await add('Redis', startRival({ name: 'Redis counters', kind: 'redis', database: redis.location }));
  if (counted === undefined || shared === undefined) {
    console.log('PostgreSQL is left out: initdb and postgres are not installed. Install PostgreSQL.');
    return;
  }
  const { location } = counted;
  await add('COUNT', startRival({ name: 'PostgreSQL COUNT', kind: 'postgres', database: location }));
  const name = 'badged on PostgreSQL';
  await add(name, startBadged(name, { directory, database: shared.location }));
}

async function measure(sides: readonly Side[], options: Options): Promise<void> {
  const { rounds = 3, seconds = 2, clients = 64 } = options;
  console.log(`${clients} clients, ${rounds} rounds of ${seconds} s for each side\n`);
  const measured: MeasuredRow[] = [];
  for (const row of rows) {
    const samples: Samples = new Map(sides.map(({ name }) => [name, []]));
    // The first round warms up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const side of sides) {
        progress(`${row.name}, ${side.name}, round ${round} of ${rounds}`);
        const sample = await sampleOf(side, row.groups(side.base, clients), round === 0 ? 0.5 : seconds);
        if (round > 0) samples.get(side.name)?.push(sample);
      }
    }
    progress('');
    printRow(row.name, samples);
    measured.push({ name: row.name, samples });
  }
  const halves: HalfLoad[] = [];
  for (const side of sides)
    halves.push(await atHalfOfMaximum(side, measured, { seconds: seconds * 2, clients }));
  printHalves(halves);
  if (options.json !== undefined)
    writeFileSync(options.json, resultText(measured, halves, { rounds, seconds, clients }));
}

const halved = 'badge over 10, beside messages';

/** An open loop: badges at half the rate that this side served at most, beside messages. */
async function atHalfOfMaximum(
  side: Side,
  measured: readonly MeasuredRow[],
  { seconds, clients }: { readonly seconds: number; readonly clients: number },
): Promise<HalfLoad> {
  progress(`half of the maximum, ${side.name}`);
  const samples = measured.find(({ name }) => name === halved)?.samples.get(side.name) ?? [];
  const rate = spread(samples.map((sample) => sample.rate)).median / 2;
  const [reading, writing] = besideMessages(halved, badgesOverFew).groups(side.base, clients);
  if (reading === undefined || writing === undefined) throw new Error('no clients');
  const { p50Ms, p99Ms, p999Ms } = await sampleOf(side, [{ ...reading, rate }, writing], seconds);
  progress('');
  return { side: side.name, rate, p50Ms, p99Ms, p999Ms };
}

async function sampleOf(side: Side, groups: readonly WireGroup[], seconds: number): Promise<Sample> {
  const before = cpuMs(side);
  const { url, token } = side;
  const result = await runWireLoad({ url, token, seconds, groups });
  const spent = cpuMs(side) - before;
  const responses = result.groups.reduce((sum, group) => sum + group.responses, 0);
  const [measured] = result.groups;
  if (measured === undefined) throw new Error('no clients');
  const { rate, p50Ms, p99Ms, p999Ms } = measured;
  return {
    rate,
    p50Ms,
    p99Ms,
    p999Ms,
    cpuMicroseconds: (spent * 1000) / responses,
    clientCpu: result.clientCpu,
  };
}
