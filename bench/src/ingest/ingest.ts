/**
 * Messages as newline-delimited JSON over one connection, each with its response after it is durable, against a loop that
 * inserts as many rows of the same size in large transactions, over the same SQLite with the same settings.
 */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Benchmark, Options } from '../benchmark.js';
import { numberIn, runChild } from '../measure/child.js';
import { each, inPairs, ratio } from '../measure/pairs.js';
import { cpuMsOf } from '../measure/process_cpu.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { against, spreadText, table } from '../measure/text.js';
import { CheckoutServer } from '../versus/checkout.js';
import { creations } from './lines.js';

const messagesInRound = 100_000;
const targetRate = 40_000;
const targetRatio = 0.7;

export const ingest: Benchmark = {
  name: 'ingest',
  summary: 'messages streamed over one connection, against a loop of large SQLite transactions',
  options: '--rounds (5) --tail <messages in a round> (100,000) --against <built checkout>',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

interface Sample {
  readonly rate: number;
  readonly cpuMicroseconds: number;
  /** How much of a core the client needed; near 1, it is the client that sets the rate. */
  readonly clientCpu: number;
}

const here = new URL('../../..', import.meta.url).pathname;

async function run(directory: string, options: Options): Promise<void> {
  const { rounds = 5, tail: messages = messagesInRound, against: other } = options;
  const side = await streamed(here, join(directory, 'badged'), messages);
  const before = other === undefined ? undefined : await streamed(other, join(directory, 'before'), messages);
  const loop = (parses: boolean) => async () =>
    loopSample(await runChild(new URL('./loop_main.js', import.meta.url), { directory, messages, parses }));
  try {
    await side.sample();
    await before?.sample();
    const what = `${messages.toLocaleString('en')} messages`;
    const pairs = await inPairs({ what, rounds }, side.sample, loop(false));
    print('a loop of transactions', pairs);
    const parsed = await inPairs({ what, rounds }, side.sample, loop(true));
    print('the same loop, which parses each line', parsed);
    if (before !== undefined)
      print('the other checkout', await inPairs({ what, rounds }, side.sample, before.sample));
    const { a } = each([...pairs, ...parsed], ({ rate }) => rate);
    const { median } = ratio(pairs, ({ rate }) => rate);
    console.log(`messages a second, ${against(`≥ ${targetRate}`, a.median >= targetRate)}`);
    console.log(`of the loop's rate, ${against(`≥ ${targetRatio}`, median >= targetRatio)}`);
  } finally {
    await side.stop();
    await before?.stop();
  }
}

/** The whole program, as its users start it, and a client in a process of its own. */
async function streamed(checkout: string, directory: string, messages: number) {
  const server = await CheckoutServer.start(checkout, directory);
  const { id, token } = await server.createApp();
  const path = `/apps/${id}/events`;
  await create(`${server.url}${path}`, token);
  return {
    stop: () => server.stop(),
    sample: () => sampleOf(server.process, { url: server.url, path, token, messages }),
  };
}

async function sampleOf(process: ChildProcess, load: object): Promise<Sample> {
  const before = cpuMsOf(process.pid);
  const result = await runChild(new URL('./client_main.js', import.meta.url), load);
  const messages = numberIn(result, 'messages');
  return {
    rate: numberIn(result, 'rate'),
    cpuMicroseconds: ((cpuMsOf(process.pid) - before) * 1000) / messages,
    clientCpu: numberIn(result, 'clientCpu'),
  };
}

function loopSample(result: unknown): Sample {
  return {
    rate: numberIn(result, 'rate'),
    cpuMicroseconds: numberIn(result, 'cpuMicroseconds'),
    clientCpu: Number.NaN,
  };
}

async function create(url: string, token: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(creations()),
  });
  if (!response.ok) throw new Error(`the conversations were not created: ${await response.text()}`);
  await response.arrayBuffer();
}

function print(other: string, pairs: Awaited<ReturnType<typeof inPairs<Sample>>>): void {
  const lines: readonly (readonly [string, (sample: Sample) => number])[] = [
    ['messages a second', ({ rate }) => rate],
    ["the process's CPU time for each, µs", ({ cpuMicroseconds }) => cpuMicroseconds],
    ['cores used by the client', ({ clientCpu }) => clientCpu],
  ];
  const rows = lines.map(([what, figure]) => {
    const { a, b } = each(pairs, figure);
    return [what, spreadText(a), Number.isNaN(b.median) ? '' : spreadText(b)];
  });
  console.log(table([['', 'streamed', other], ...rows]));
  console.log(`ratio of the rates ${spreadText(ratio(pairs, ({ rate }) => rate))}\n`);
}
