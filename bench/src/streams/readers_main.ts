/**
 * The process of those who read: it opens every stream on a socket of its own, then sends one message after the
 * other and notes when its events came. One process does both, so that one clock measures.
 */
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { answer, input, listIn, numberIn, textIn } from '../measure/child.js';

const mark = 'event: badge';
const timeoutMs = 30_000;
const lanes = 50;

const wanted = await input();
const { hostname, port } = new URL(textIn(wanted, 'url'));
const headers = `Host: ${hostname}\r\nAuthorization: Bearer ${textIn(wanted, 'token')}`;
const agent = new Agent({ keepAlive: true });
const sockets: Socket[] = [];
let onEvent = () => {};

await openAll(listIn(wanted, 'paths').map(String));
process.on('message', async (message) => {
  if (message === 'close') {
    for (const socket of sockets) socket.destroy();
    await answer({});
    return process.exit();
  }
  if (typeof message === 'object' && message !== null && 'paths' in message) {
    await openAll(listIn(message, 'paths').map(String));
    return answer({});
  }
  const posts = listIn(message, 'posts');
  const delays: number[][] = [];
  const answers: number[] = [];
  for (const post of posts) {
    const told = await tell(textIn(post, 'path'), textIn(post, 'body'), numberIn(post, 'readers'));
    delays.push(told.delays);
    answers.push(told.answerMs);
  }
  await answer({ delays, answers });
});
await answer({});

async function openAll(paths: readonly string[]): Promise<void> {
  const left = [...paths].reverse();
  const lane = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) await open(path);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Back when the first event is there. */
function open(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    let seen = '';
    let isOpen = false;
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`a stream was cut after: ${seen}`)));
    socket.on('data', (chunk: string) => {
      seen = (seen + chunk).slice(-2_000);
      // What begins in one segment may end in the next.
      for (let at = seen.indexOf(mark); at >= 0; at = seen.indexOf(mark)) {
        seen = seen.slice(at + mark.length);
        if (isOpen) onEvent();
        isOpen = true;
        resolve();
      }
    });
    socket.write(`GET ${path} HTTP/1.1\r\n${headers}\r\nAccept: text/event-stream\r\n\r\n`);
  });
}

/** Resolves once so many readers have the event, and the message has its response. */
async function tell(path: string, body: string, readers: number) {
  const delays: number[] = [];
  const begun = performance.now();
  const told = new Promise<void>((resolve, reject) => {
    const overdue = setTimeout(
      () => reject(new Error(`${delays.length} of ${readers} got the event`)),
      timeoutMs,
    );
    onEvent = () => {
      delays.push(performance.now() - begun);
      if (delays.length < readers) return;
      clearTimeout(overdue);
      resolve();
    };
  });
  await post(path, body);
  const answerMs = performance.now() - begun;
  await told;
  return { delays, answerMs };
}

function post(path: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, path, method: 'POST' }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 201 ? resolve() : reject(new Error(`responded with ${response.statusCode}`)),
      );
    });
    sent.setHeader('content-type', 'application/json');
    sent.setHeader('authorization', `Bearer ${textIn(wanted, 'token')}`);
    sent.on('error', reject);
    sent.end(body);
  });
}
