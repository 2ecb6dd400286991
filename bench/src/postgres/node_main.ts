/** One node: a store over PostgreSQL in a process of its own, with clients in it that each wait for their last call. */

import { openClusterStore } from '@badged/server/store/cluster';
import type { Store } from '@badged/server/store/port';
import { answer, input, listIn, numberIn, textIn } from '../measure/child.js';
import { quantile } from '../measure/quantile.js';

const wanted = await input();
const app = textIn(wanted, 'app');
const conversations = listIn(wanted, 'conversations').map(String);
const store = await openClusterStore({ url: textIn(wanted, 'url') });
// What is loaded by the first read is loaded before anything is measured.
await store.ask(app, { type: 'badge', user: 'member-1', now: Date.now() });
process.on('message', async (message) => {
  if (message === 'stop') await stop();
  else await answer(await run(message));
});
await answer({ ready: true });

type Call = (store: Store, n: number) => Promise<unknown>;

const calls: Readonly<Record<string, Call>> = {
  messages: (store, n) =>
    store.execute(app, {
      type: 'send_message',
      conversation: conversations[n % conversations.length] ?? '',
      sender: { userId: 'member-1' },
      mentions: [],
      silent: false,
      at: Date.now(),
    }),
  reads: (store, n) => store.ask(app, { type: 'badge', user: `member-${1 + (n % 5)}`, now: Date.now() }),
};

async function run(message: unknown): Promise<object> {
  const call = calls[textIn(message, 'what')];
  if (call === undefined) throw new Error('there is no such call');
  const before = { ...store.figures };
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const endsAt = begun + numberIn(message, 'seconds') * 1000;
  const times: number[] = [];
  let n = Math.floor(Math.random() * conversations.length);
  const client = async () => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      n += 1;
      await call(store, n);
      times.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: numberIn(message, 'clients') }, client));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { commits, rows, headQueries } = store.figures;
  return {
    calls: times.length,
    seconds,
    cpuMs: (user + system) / 1000,
    p50Ms: quantile(times, 0.5) || 0,
    p99Ms: quantile(times, 0.99) || 0,
    commits: commits - before.commits,
    rows: rows - before.rows,
    headQueries: headQueries - before.headQueries,
  };
}

async function stop(): Promise<void> {
  await store.close();
  process.exit();
}
