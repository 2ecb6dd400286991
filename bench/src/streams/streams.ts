/**
 * Thousands of open streams on one process: what each costs in memory, and how long after a message its event is
 * there, for two participants and for everybody. Compared with node:http that keeps as many responses open and
 * writes the same to them.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openEmbeddedStore } from '@badged/server/store/embedded';
import type { Benchmark, Options } from '../benchmark.js';
import { messageBody, World } from '../load/world.js';
import { listIn, nextMessage, numberIn, startChild, textIn } from '../measure/child.js';
import { inPairs } from '../measure/pairs.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { tooFewOpenFiles } from './open_files.js';
import { printSamples, type Sample } from './print_samples.js';

const toTwo = 100;
const toAll = 10;
/** Opened and closed before anything is measured, so that what is loaded at first use is there. */
const warmUp = 300;

export const streams: Benchmark = {
  name: 'streams',
  summary:
    'open streams: the memory of each, and the delay from a message to its event, against bare node:http',
  options: '--rounds (3) --clients: open streams (5000)',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

/** A server of either kind, and what is asked of it. */
interface Side {
  readonly script: URL;
  /** How long it gathers changes before it sends them. */
  readonly gatherMs: number;
  readonly input: object;
  readonly token: string;
  readonly paths: readonly string[];
  readonly toTwo: readonly Post[];
  readonly toAll: readonly Post[];
}

interface Post {
  readonly path: string;
  readonly body: string;
  /** How many readers get each event. */
  readonly readers: number;
}

async function run(directory: string, { rounds = 3, clients = 5_000 }: Options): Promise<void> {
  const problem = tooFewOpenFiles(clients);
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
    return;
  }
  const badged = await prepare(directory, clients);
  const bare = bareSide(badged);
  const what = `${clients} open streams`;
  const pairs = await inPairs<Sample>(
    { what, rounds },
    () => sample(badged),
    () => sample(bare),
  );
  printSamples(pairs);
}

/** Users who all take part in one conversation, and some of them in one with the sender alone. */
async function prepare(directory: string, clients: number): Promise<Side> {
  progress(`making ${clients} users`);
  const store = await openEmbeddedStore({ directory, isDurable: false });
  const world = await World.make(store);
  const users = Array.from({ length: clients }, (_, index) => `user-${index}`);
  const all = await world.conversation(['sender', ...users]);
  const apart = users.filter((_, index) => index % Math.ceil(clients / toTwo) === 0);
  const two = await Promise.all(apart.map((user) => world.conversation(['sender', user])));
  await store.close();
  const post = (conversation: string, readers: number) => ({
    path: world.messagesPath(conversation),
    body: messageBody('sender'),
    readers,
  });
  return {
    script: new URL('./server_main.js', import.meta.url),
    gatherMs: 50,
    input: { directory },
    token: world.token,
    paths: users.map((user) => `/apps/${world.app}/users/${user}/badge`),
    toTwo: two.map((conversation) => post(conversation, 1)),
    toAll: Array.from({ length: toAll }, () => post(all, clients)),
  };
}

function bareSide({ paths, toTwo, toAll }: Side): Side {
  const event = `event: badge\nid: ${'0'.repeat(22)}\ndata: {"external_unread_count":0,"unread_conversation_count":2,"unread_message_count":10,"unread_announcement_count":0,"badge":10,"badge_mode":"unread_messages"}\n\n`;
  const step = Math.ceil(paths.length / toTwo.length);
  return {
    script: new URL('./bare_main.js', import.meta.url),
    gatherMs: 0,
    input: {},
    token: 'none',
    paths: paths.map((_, index) => `/${index}`),
    toTwo: toTwo.map(({ readers }, index) => ({ path: `/${index * step}`, body: event, readers })),
    toAll: toAll.map(({ readers }) => ({ path: '/all', body: event, readers })),
  };
}

/** In processes that were not used before: what was freed would be taken again, and not be counted. */
async function sample(side: Side): Promise<Sample> {
  const server = startChild(side.script, side.input);
  const url = textIn(await nextMessage(server), 'url');
  const some = await openReaders(url, side, side.paths.slice(0, warmUp));
  await ask(some, { posts: side.toTwo.slice(0, 2) });
  await close(some);
  const half = Math.ceil(side.paths.length / 2);
  const begun = performance.now();
  const readers = await openReaders(url, side, side.paths.slice(0, half));
  const halfMs = performance.now() - begun;
  // The first ones also fill what the start left free.
  const before = await ask(server, 'memory');
  const rest = side.paths.slice(half);
  const resumed = performance.now();
  await ask(readers, { paths: rest });
  const openingMs = halfMs + performance.now() - resumed;
  const after = await ask(server, 'memory');
  const each = (field: string) => (numberIn(after, field) - numberIn(before, field)) / rest.length;
  const two = await ask(readers, { posts: side.toTwo });
  const all = await ask(readers, { posts: side.toAll });
  await close(readers);
  const ended = once(server, 'exit');
  server.send('stop');
  await ended;
  return {
    residentBytes: each('residentBytes'),
    heapBytes: each('heapBytes'),
    inAllMiB: numberIn(after, 'residentBytes') / 2 ** 20,
    openingMs,
    gatherMs: side.gatherMs,
    toTwo: { delays: delaysIn(two), answers: listIn(two, 'answers').map(Number) },
    toAll: { delays: delaysIn(all), answers: listIn(all, 'answers').map(Number) },
  };
}

async function openReaders(url: string, { token }: Side, paths: readonly string[]): Promise<ChildProcess> {
  const readers = startChild(new URL('./readers_main.js', import.meta.url), { url, token, paths });
  await nextMessage(readers);
  return readers;
}

async function ask(child: ChildProcess, question: 'memory' | 'close' | object): Promise<unknown> {
  child.send(question);
  return nextMessage(child);
}

async function close(readers: ChildProcess): Promise<void> {
  const ended = once(readers, 'exit');
  await ask(readers, 'close');
  await ended;
}

function delaysIn(told: unknown): number[][] {
  return listIn(told, 'delays').map((one) => (Array.isArray(one) ? one.map(Number) : []));
}
