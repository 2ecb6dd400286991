/** A node with apps in memory, and a listener to all of them: what it does while nothing happens. */
import { setTimeout as delay } from 'node:timers/promises';
import { openClusterStore } from '@badged/server/store/cluster';
import { answer, input, listIn, numberIn, textIn } from '../measure/child.js';

const loadsAtOnce = 20;
/** A node polls less and less often: until it does so at its slowest. */
const settlingMs = 5_000;

const wanted = await input();
const apps = listIn(wanted, 'apps').map(String);
const store = await openClusterStore({ url: textIn(wanted, 'url') });
store.subscribe(() => {});
for (let from = 0; from < apps.length; from += loadsAtOnce) {
  await Promise.all(
    apps
      .slice(from, from + loadsAtOnce)
      .map((app) => store.ask(app, { type: 'badge', user: 'ann', now: Date.now() })),
  );
}
await delay(settlingMs);
process.on('message', async (message) => {
  if (message === 'stop') await stop();
  else await answer(await sample(numberIn(message, 'seconds')));
});
await answer({ ready: true });

async function sample(seconds: number): Promise<object> {
  const { headQueries } = store.figures;
  const cpu = process.cpuUsage();
  await delay(seconds * 1_000);
  const { user, system } = process.cpuUsage(cpu);
  return { queries: store.figures.headQueries - headQueries, cpuMs: (user + system) / 1_000 };
}

async function stop(): Promise<void> {
  await store.close();
  process.exit();
}
