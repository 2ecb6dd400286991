/** A node that listens: how long after a message was sent on another node its change is emitted here. */

import { setTimeout as delay } from 'node:timers/promises';
import { openClusterStore } from '@badged/server/store/cluster';
import { answer, input, listIn, numberIn, textIn } from '../measure/child.js';
import { quantile } from '../measure/quantile.js';

const wanted = await input();
const app = textIn(wanted, 'app');
const [conversation = ''] = listIn(wanted, 'conversations').map(String);
const url = textIn(wanted, 'url');
const [sender, listener] = await Promise.all([openClusterStore({ url }), openClusterStore({ url })]);
const now = () => Date.now();
// Each loads the app with its first request, which may take a second.
for (const store of [sender, listener]) await store.ask(app, { type: 'badge', user: 'member-2', now: now() });
let onChange = () => {};
listener.subscribe(() => onChange());
const times: number[] = [];
const responses: number[] = [];
const afterwards: number[] = [];
for (let n = 0; n < numberIn(wanted, 'messages'); n += 1) {
  // As they come in a chat: now and then, so that no node is waiting for the next.
  await delay(numberIn(wanted, 'pauseMs') * Math.random() * 2);
  const begun = performance.now();
  const emitted = new Promise<void>((resolve) => {
    onChange = () => {
      times.push(performance.now() - begun);
      onChange = () => {};
      resolve();
    };
  });
  await sender.execute(app, {
    type: 'send_message',
    conversation,
    sender: { userId: 'member-1' },
    mentions: [],
    silent: false,
    at: now(),
  });
  responses.push(performance.now() - begun);
  await emitted;
  afterwards.push(Math.max(0, (times.at(-1) ?? 0) - (responses.at(-1) ?? 0)));
}
await answer({
  responseP50Ms: quantile(responses, 0.5),
  responseP99Ms: quantile(responses, 0.99),
  p50Ms: quantile(times, 0.5),
  p99Ms: quantile(times, 0.99),
  maxMs: quantile(times, 1),
  afterwardsP50Ms: quantile(afterwards, 0.5),
  afterwardsP99Ms: quantile(afterwards, 0.99),
});
await Promise.all([sender.close(), listener.close()]);
process.exit();
