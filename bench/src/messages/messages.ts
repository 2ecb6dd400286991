/** Messages over HTTP, each answered after its fsync, against the same application with a store that keeps nothing. */
import { openEmbeddedStore } from '@badged/server/store/embedded';
import type { Benchmark, Options } from '../benchmark.js';
import { members } from '../load/answering_store.js';
import { type LoadResult, runLoad } from '../load/load.js';
import { Server, type ServerFigures } from '../load/server.js';
import { messageBody, World } from '../load/world.js';
import { each, inPairs, type Pair, ratio } from '../measure/pairs.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { against, spreadText, table } from '../measure/text.js';

const conversationCount = 1_000;
const target = 0.6;

export const messages: Benchmark = {
  name: 'messages',
  summary: 'clients sending messages at once, stored against answered without storing',
  options: '--rounds (15) --seconds (3) --clients (64)',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

interface Sample extends LoadResult {
  readonly serverCpu: number;
  readonly cpuMicroseconds: number;
  readonly commandsPerCommit: number;
  readonly rowsPerCommand: number;
}

async function run(directory: string, { rounds = 15, seconds = 3, clients = 64 }: Options): Promise<void> {
  const { world, conversations } = await prepare(directory);
  const stored = await Server.start({ directory });
  const answering = await Server.start({ answering: true });
  const sample = async (server: Server, app: string, token: string, duration: number): Promise<Sample> => {
    const requests = conversations.map((conversation) => ({
      method: 'POST' as const,
      path: `/apps/${app}/conversations/${conversation}/messages`,
      body: messageBody(members[0] ?? ''),
    }));
    const before = await server.figures();
    const result = await runLoad({ url: server.url, token, clients, seconds: duration, requests });
    return { ...result, ...between(before, await server.figures(), result.rate * duration, duration) };
  };
  const a = (duration: number) => sample(stored, world.app, world.token, duration);
  const b = (duration: number) => sample(answering, answering.app, answering.token, duration);
  await a(2);
  await b(2);
  const what = `${clients} clients, ${seconds} s each`;
  const pairs = await inPairs(
    { what, rounds },
    () => a(seconds),
    () => b(seconds),
  );
  await stored.stop();
  await answering.stop();
  print(pairs);
}

async function prepare(directory: string): Promise<{ world: World; conversations: string[] }> {
  const store = await openEmbeddedStore({ directory });
  const world = await World.make(store);
  const conversations = await Promise.all(
    Array.from({ length: conversationCount }, () => world.conversation(members)),
  );
  await store.close();
  return { world, conversations };
}

function between(before: ServerFigures, after: ServerFigures, answers: number, seconds: number) {
  const commands = after.commands - before.commands;
  const cpuMs = after.cpuMs - before.cpuMs;
  return {
    serverCpu: cpuMs / 1000 / seconds,
    cpuMicroseconds: (cpuMs * 1000) / answers,
    commandsPerCommit: commands / (after.commits - before.commits),
    rowsPerCommand: (after.rows - before.rows) / commands,
  };
}

function print(pairs: readonly Pair<Sample>[]): void {
  const lines: readonly (readonly [string, (sample: Sample) => number])[] = [
    ['messages a second', ({ rate }) => rate],
    ['p50, ms', ({ p50Ms }) => p50Ms],
    ['p99, ms', ({ p99Ms }) => p99Ms],
    ['commands in a commit', ({ commandsPerCommit }) => commandsPerCommit],
    ['rows written for a command', ({ rowsPerCommand }) => rowsPerCommand],
    ["server's CPU time for a message, µs", ({ cpuMicroseconds }) => cpuMicroseconds],
    ['cores used by the server', ({ serverCpu }) => serverCpu],
    ['cores used by the clients', ({ clientCpu }) => clientCpu],
  ];
  const rows = lines.map(([what, figure]) => {
    const { a, b } = each(pairs, figure);
    return [what, spreadText(a), Number.isNaN(b.median) ? '' : spreadText(b)];
  });
  console.log(table([['', 'stored', 'answered only'], ...rows]));
  const rates = ratio(pairs, ({ rate }) => rate);
  const cpu = ratio(pairs, ({ cpuMicroseconds }) => 1 / cpuMicroseconds);
  console.log(`\nratio of the rates ${spreadText(rates)}, ${against(`≥ ${target}`, rates.median >= target)}`);
  console.log(`ratio of messages for the same CPU time ${spreadText(cpu)}`);
}
