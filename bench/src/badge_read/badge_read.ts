/** Reading a badge over HTTP, for users with few and with many conversations, against an answer without content. */
import { openEmbeddedStore } from '@badged/server/store/embedded';
import type { Benchmark, Options } from '../benchmark.js';
import { type LoadResult, runLoad } from '../load/load.js';
import { Server } from '../load/server.js';
import { World } from '../load/world.js';
import { each, inPairs, type Pair, ratio, spread } from '../measure/pairs.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { spreadText, table } from '../measure/text.js';

const sizes = [10, 100, 1_000, 7_000] as const;

export const badgeRead: Benchmark = {
  name: 'badge-read',
  summary: 'a badge over 10 to 7,000 conversations against /healthz',
  options: '--rounds (5) --seconds (3) --clients (16)',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

async function run(directory: string, { rounds = 5, seconds = 3, clients = 16 }: Options): Promise<void> {
  const { app, token } = await prepare(directory);
  const server = await Server.start({ directory });
  const load = (path: string) =>
    runLoad({ url: server.url, token, clients, seconds, requests: [{ method: 'GET', path }] });
  const badge = (size: number) => load(`/apps/${app}/users/with-${size}/badge`);
  await load('/healthz');
  await badge(sizes[0]);
  const measured: { size: number; pairs: readonly Pair<LoadResult>[] }[] = [];
  for (const size of sizes) {
    const what = `${size} conversations`;
    const pairs = await inPairs(
      { what, rounds },
      () => badge(size),
      () => load('/healthz'),
    );
    measured.push({ size, pairs });
  }
  await server.stop();
  print(measured);
}

/** Each user takes part in the first so many conversations; in half of them they read one message of three. */
async function prepare(directory: string): Promise<World> {
  progress('making 7,000 conversations');
  const store = await openEmbeddedStore({ directory, isDurable: false });
  const world = await World.make(store);
  const making = Array.from({ length: Math.max(...sizes) }, async (_, index) => {
    const readers = sizes.filter((size) => index < size).map((size) => `with-${size}`);
    const conversation = await world.conversation(['sender', ...readers]);
    const sending = [1, 2, 3].map(() => world.message(conversation, 'sender'));
    const [, second = ''] = await Promise.all(sending);
    if (index % 2 === 0) await Promise.all(readers.map((reader) => world.reading(reader, second)));
  });
  await Promise.all(making);
  await store.close();
  return world;
}

function print(measured: readonly { size: number; pairs: readonly Pair<LoadResult>[] }[]): void {
  const rows = measured.map(({ size, pairs }) => {
    const { a, b } = each(pairs, ({ rate }) => rate);
    const p99 = each(pairs, ({ p99Ms }) => p99Ms);
    const rates = ratio(pairs, ({ rate }) => rate);
    return [String(size), spreadText(a), spreadText(b), spreadText(rates), `${spreadText(p99.a)}`];
  });
  console.log(
    table([['conversations', 'badges a second', '/healthz a second', 'ratio', 'p99, ms'], ...rows]),
  );
  const first = measured[0];
  const last = measured.at(-1);
  if (first === undefined || last === undefined) return;
  const seconds = ({ pairs }: typeof first) => pairs.map(({ a }) => 1 / a.rate);
  const few = seconds(first);
  const steps = seconds(last).map((many, round) => (many - (few[round] ?? 0)) / (last.size - first.size));
  const nanoseconds = spread(steps.map((time) => time * 1e9));
  console.log(`\none more conversation costs a badge read ${spreadText(nanoseconds, 'ns')}`);
}
