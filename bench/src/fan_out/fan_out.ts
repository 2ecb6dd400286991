/** A message to ten thousand participants against a message to two: durable writes, and time. */
import { openEmbeddedStore } from '@badged/server/store/embedded';
import type { Benchmark, Options } from '../benchmark.js';
import { runLoad } from '../load/load.js';
import { Server } from '../load/server.js';
import { messageBody, World } from '../load/world.js';
import { each, inPairs, type Pair, ratio, type Spread } from '../measure/pairs.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { against, spreadText, table } from '../measure/text.js';
import { countWrites, type WriteCount } from './write_counts.js';

const manyParticipants = 10_000;
const oneByOne = 300;
const together = 10_000;

export const fanOut: Benchmark = {
  name: 'fan-out',
  summary: 'a message to 10,000 participants against a message to two',
  options: '--rounds (11)',
  run,
};

async function run({ rounds = 11 }: Options): Promise<void> {
  printWrites(await inScratchDirectory((directory) => countWrites(directory, participants)));
  await inScratchDirectory(async (directory) => {
    printTimes(await measureStore(directory, rounds));
  });
  await inScratchDirectory(async (directory) => {
    const pairs = await measureHttp(directory, Math.ceil(rounds / 2));
    const rates = each(pairs, (rate) => rate);
    const times = ratio(pairs, (rate) => 1 / rate);
    console.log(
      `\nover HTTP, 64 clients, all to one conversation: ${spreadText(rates.a)} messages a second to ` +
        `${manyParticipants}, ${spreadText(rates.b)} to 2; time ratio ${spreadText(times)}`,
    );
  });
}

const participants: Pair<readonly string[]> = {
  a: Array.from({ length: manyParticipants }, (_, index) => `user-${index + 1}`),
  b: ['user-1', 'user-2'],
};

interface Times {
  readonly message: Cost;
  readonly messageTogether: Cost;
  readonly deletion: Cost;
  readonly deletionTogether: Cost;
}

/** Of one operation, in microseconds. The processor's time does not wait for the disk or for other programs. */
interface Cost {
  readonly time: number;
  readonly cpu: number;
}

async function measureStore(directory: string, rounds: number): Promise<readonly Pair<Times>[]> {
  const store = await openEmbeddedStore({ directory });
  const world = await World.make(store);
  const many = await world.conversation(participants.a);
  const two = await world.conversation(participants.b);
  await times(world, many);
  await times(world, two);
  const what = 'messages and deletions through the store';
  const pairs = await inPairs(
    { what, rounds },
    () => times(world, many),
    () => times(world, two),
  );
  await store.close();
  return pairs;
}

/** Deleted is newest first, which has to look for the message before. */
async function times(world: World, conversation: string): Promise<Times> {
  const send = () => world.message(conversation, 'user-1');
  const alone: string[] = [];
  const message = await timed(oneByOne, async () => {
    while (alone.length < oneByOne) alone.push(await send());
  });
  let crowd: string[] = [];
  const messageTogether = await timed(together, async () => {
    crowd = await Promise.all(Array.from({ length: together }, send));
  });
  const deletionTogether = await timed(together, async () => {
    await Promise.all(crowd.reverse().map((id) => world.deletion(id)));
  });
  const deletion = await timed(oneByOne, async () => {
    for (const id of alone.reverse()) await world.deletion(id);
  });
  return { message, messageTogether, deletion, deletionTogether };
}

async function timed(operations: number, work: () => Promise<void>): Promise<Cost> {
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  await work();
  const time = ((performance.now() - begun) * 1000) / operations;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { time, cpu: (user + system) / operations };
}

async function measureHttp(directory: string, rounds: number): Promise<readonly Pair<number>[]> {
  const store = await openEmbeddedStore({ directory });
  const world = await World.make(store);
  const many = await world.conversation(participants.a);
  const two = await world.conversation(participants.b);
  await store.close();
  const server = await Server.start({ directory });
  const rate = async (conversation: string) => {
    const path = world.messagesPath(conversation);
    const requests = [{ method: 'POST', path, body: messageBody('user-1') } as const];
    const { url } = server;
    return (await runLoad({ url, token: world.token, clients: 64, seconds: 3, requests })).rate;
  };
  await rate(many);
  const what = 'messages over HTTP';
  const pairs = await inPairs(
    { what, rounds },
    () => rate(many),
    () => rate(two),
  );
  await server.stop();
  return pairs;
}

function printWrites(counts: readonly WriteCount[]): void {
  const heading = ['durable writes of one …', 'participants', 'commits', 'journal rows', 'rows elsewhere'];
  const rows = counts.map((count) => [
    count.operation,
    String(count.participants),
    String(count.commits),
    String(count.journalRows),
    String(count.otherRows),
    count.checkpointed,
  ]);
  console.log(table([[...heading, 'later, by the next checkpoint'], ...rows]));
}

function printTimes(pairs: readonly Pair<Times>[]): void {
  const lines: readonly (readonly [string, keyof Times, number])[] = [
    ['message, one by one', 'message', 1.3],
    [`messages, ${together} at once`, 'messageTogether', 1.3],
    ['deletion, one by one', 'deletion', 2],
    [`deletions, ${together} at once`, 'deletionTogether', 2],
  ];
  const rows = lines.map(([what, field, limit]) => {
    const { a, b } = each(pairs, (sample) => sample[field].time);
    const times = ratio(pairs, (sample) => sample[field].time);
    const cpu = ratio(pairs, (sample) => sample[field].cpu);
    return [what, ...[a, b, times, cpu].map((values) => spreadText(values)), verdict(times, limit)];
  });
  const heading = ['microseconds each', `to ${manyParticipants}`, 'to 2', 'ratio', 'ratio of CPU time', ''];
  console.log(`\n${table([heading, ...rows])}`);
}

function verdict({ median }: Spread, limit: number): string {
  return against(`≤ ${limit}`, median <= limit);
}
