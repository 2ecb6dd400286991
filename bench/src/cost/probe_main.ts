/** Another client, in a process of its own: reads one badge again and again, and remembers each response time. */

import { Agent, request } from 'node:http';
import { answer, input, textIn } from '../measure/child.js';
import { quantile } from '../measure/quantile.js';

const given = await input();
const url = textIn(given, 'url');
const token = textIn(given, 'token');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let times: number[] = [];

process.on('message', (message) => {
  if (message === 'reset') times = [];
  if (message === 'read') void answer({ p99Ms: quantile(times, 0.99) || 0, maxMs: quantile(times, 1) || 0 });
});

for (;;) {
  const begun = performance.now();
  await read();
  times.push(performance.now() - begun);
  await new Promise((resolve) => setTimeout(resolve, 2));
}

function read(): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume();
      response.on('close', resolve);
    });
    sent.on('error', () => resolve());
    sent.end();
  });
}
