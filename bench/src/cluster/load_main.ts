/** A node that loads a large app while it serves a small one: how long that takes, and what those served meanwhile wait. */
import { setTimeout as delay } from 'node:timers/promises';
import { openClusterStore } from '@badged/server/store/cluster';
import { answer, input, textIn } from '../measure/child.js';

const wanted = await input();
const [small, large] = [textIn(wanted, 'small'), textIn(wanted, 'large')];
const store = await openClusterStore({ url: textIn(wanted, 'url') });
const read = (app: string, user: string) => store.ask(app, { type: 'badge', user, now: Date.now() });

/** One read every two milliseconds, until `isDone`. */
async function readTimes(isDone: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!isDone()) {
    const begun = performance.now();
    await read(small, 'member-1');
    times.push(performance.now() - begun);
    await delay(2);
  }
  return times.sort((a, b) => a - b);
}

await read(small, 'member-1');
const quietEnd = performance.now() + 1_000;
const quiet = await readTimes(() => performance.now() > quietEnd);
global.gc?.();
const before = process.memoryUsage();
let loadMs = 0;
const begun = performance.now();
const loading = read(large, 'user-1').then((badge) => {
  loadMs = performance.now() - begun;
  return badge;
});
const times = await readTimes(() => loadMs > 0);
const badge = await loading;
global.gc?.();
const after = process.memoryUsage();
await answer({
  loadMs,
  unread: badge?.unreadMessageCount ?? 0,
  participations: store.figures.participations,
  bytes: after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers,
  quietP99Ms: quiet[Math.floor(quiet.length * 0.99)] ?? 0,
  p50Ms: times[Math.floor(times.length / 2)] ?? 0,
  p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
  maxMs: times.at(-1) ?? 0,
});
await store.close();
process.exit();
