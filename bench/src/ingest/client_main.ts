/** The client: one connection, which is written as fast as the server reads, and whose response lines are counted. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { answer, input, numberIn, textIn } from '../measure/child.js';
import { lineOf } from './lines.js';

/** What is written at once. */
const linesInPart = 500;
const newline = 0x0a;

const load = await input();
const messages = numberIn(load, 'messages');
const parts = Array.from({ length: Math.ceil(messages / linesInPart) }, (_, part) => {
  const length = Math.min(linesInPart, messages - part * linesInPart);
  return Buffer.from(
    Array.from({ length }, (_, index) => lineOf(part * linesInPart + index, randomUUID)).join(''),
  );
});
const cpuBefore = process.cpuUsage();
const begun = performance.now();
const sent = request(new URL(textIn(load, 'path'), textIn(load, 'url')), {
  method: 'POST',
  headers: { authorization: `Bearer ${textIn(load, 'token')}`, 'content-type': 'application/x-ndjson' },
});
const [responses] = await Promise.all([responseLines(), write()]);
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
if (responses !== messages) throw new Error(`${responses} responses to ${messages} messages`);
await answer({ messages, rate: messages / seconds, clientCpu: (user + system) / 1e6 / seconds });
process.exit();

async function write(): Promise<void> {
  for (const part of parts) if (!sent.write(part)) await once(sent, 'drain');
  sent.end();
}

async function responseLines(): Promise<number> {
  const [response] = await once(sent, 'response');
  let lines = 0;
  for await (const chunk of response) {
    if (chunk.includes('{"status":4') || chunk.includes('{"status":5')) throw new Error(String(chunk));
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) lines += 1;
  }
  return lines;
}
