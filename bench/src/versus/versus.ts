/**
 * This checkout against another one, built, under the same load in turns: what a change cost or gained. Both are
 * the whole program, each with a data directory of its own.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Options } from '../benchmark.js';
import { type LoadRequest, runLoad } from '../load/load.js';
import { each, inPairs, type Pair, ratio } from '../measure/pairs.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { figure, spreadText, table } from '../measure/text.js';
import { CheckoutServer } from './checkout.js';
import { replayPiece } from './workload.js';

const here = fileURLToPath(new URL('../../..', import.meta.url));
const participants = Array.from({ length: 10 }, (_, index) => `member-${index}`);
const roomCount = 1_000;
const badgeSizes = [10, 1_000] as const;

export const versus: Benchmark = {
  name: 'versus',
  summary:
    'this checkout against another one (--against), in turns: messages, badge reads, a workload, starts',
  options:
    '--against <built checkout> --rounds (10) --seconds (3) --clients (64) --data <data directory> --workload <file>',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

async function run(directory: string, options: Options): Promise<void> {
  const { against, data, workload, rounds = 10, seconds = 3, clients = 64 } = options;
  if (against === undefined) {
    console.error('Name another, built checkout with --against.');
    process.exitCode = 1;
    return;
  }
  const ours = await Side.prepare(here, join(directory, 'a'));
  const theirs = await Side.prepare(against, join(directory, 'b'));
  const loads: readonly (readonly [string, (side: Side) => readonly LoadRequest[]])[] = [
    ['messages to 10', (side) => side.messages],
    ...badgeSizes.map((size) => [`badge over ${size}`, (side: Side) => side.badges(size)] as const),
    ['/healthz', () => [{ method: 'GET', path: '/healthz' }]],
  ];
  const rows: string[][] = [];
  for (const [what, requests] of loads) {
    const sample = (side: Side, duration: number) => side.load(requests(side), clients, duration);
    await sample(ours, 1);
    await sample(theirs, 1);
    const pairs = await inPairs(
      { what, rounds },
      () => sample(ours, seconds),
      () => sample(theirs, seconds),
    );
    rows.push(loadRow(what, pairs));
  }
  const piece = (side: Side) => (round: number) => side.replay(workload, clients, round + 1);
  await piece(ours)(-1);
  await piece(theirs)(-1);
  const pairs = await inPairs({ what: 'workload', rounds }, piece(ours), piece(theirs));
  rows.push(loadRow('workload', pairs));
  await ours.stop();
  await theirs.stop();
  console.log(
    table([['', 'a second', 'the other', 'ratio of rates', 'CPU µs', 'the other', 'ratio of CPU'], ...rows]),
  );
  if (data !== undefined) await starts(against, data, directory, rounds);
}

interface NewApp {
  readonly id: string;
  readonly token: string;
}

/** Of the server: requests a second, and CPU time for each. */
interface Sample {
  readonly rate: number;
  readonly cpuMicroseconds: number;
}

/** One of the two: its server, and an app in it with rooms and readers. */
class Side {
  readonly #server: CheckoutServer;
  readonly #app: NewApp;
  readonly messages: readonly LoadRequest[];

  private constructor(server: CheckoutServer, app: NewApp, rooms: readonly string[]) {
    this.#server = server;
    this.#app = app;
    const body = JSON.stringify({
      sender: { user_id: participants[0] },
      parts: [{ body: 'hello', mime_type: 'text/plain' }],
    });
    this.messages = rooms.map((room) => ({
      method: 'POST',
      path: `/apps/${app.id}/conversations/${room}/messages`,
      body,
    }));
  }

  static async prepare(checkout: string, dataDir: string): Promise<Side> {
    progress(`preparing ${checkout}`);
    const server = await CheckoutServer.start(checkout, dataDir);
    const app = await server.createApp();
    const rooms: string[] = [];
    const operations = Array.from({ length: roomCount }, (_, index) => ({
      operation: 'create_conversation',
      participants: [
        ...participants,
        ...badgeSizes.filter((size) => index < size).map((size) => `with-${size}`),
      ],
    }));
    for (let at = 0; at < operations.length; at += 100)
      rooms.push(...(await createRooms(server.url, app, operations.slice(at, at + 100))));
    return new Side(server, app, rooms);
  }

  badges(size: number): readonly LoadRequest[] {
    return [{ method: 'GET', path: `/apps/${this.#app.id}/users/with-${size}/badge` }];
  }

  async load(requests: readonly LoadRequest[], clients: number, seconds: number): Promise<Sample> {
    const { url } = this.#server;
    const before = this.#server.cpuMs();
    const result = await runLoad({ url, token: this.#app.token, clients, seconds, requests });
    const cpuMs = this.#server.cpuMs() - before;
    return { rate: result.rate, cpuMicroseconds: (cpuMs * 1000) / (result.rate * seconds) };
  }

  /** A piece of the workload, in a new app. */
  async replay(file: string | undefined, clients: number, seed: number): Promise<Sample> {
    const { id, token } = await this.#server.createApp();
    const { url } = this.#server;
    const { operations, seconds, cpuMs } = await replayPiece({
      ...{ url, app: id, token, file, clients, seed },
      cpuMs: () => this.#server.cpuMs(),
    });
    return { rate: operations / seconds, cpuMicroseconds: (cpuMs * 1000) / operations };
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

/** The ids of the new rooms: conversations whose URI ends with them. */
async function createRooms(url: string, app: NewApp, operations: readonly object[]): Promise<string[]> {
  const response = await fetch(`${url}/apps/${app.id}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(operations),
  });
  const text = await response.text();
  const ids = [...text.matchAll(/"id":"layer:\/\/\/conversations\/([^"]+)"/g)].map((match) => match[1] ?? '');
  if (ids.length !== operations.length) throw new Error(`creating rooms failed: ${text.slice(0, 300)}`);
  return ids;
}

function loadRow(what: string, pairs: readonly Pair<Sample>[]): string[] {
  const rates = each(pairs, ({ rate }) => rate);
  const cpu = each(pairs, ({ cpuMicroseconds }) => cpuMicroseconds);
  return [
    what,
    spreadText(rates.a),
    spreadText(rates.b),
    spreadText(ratio(pairs, ({ rate }) => rate)),
    spreadText(cpu.a),
    spreadText(cpu.b),
    figure(ratio(pairs, ({ cpuMicroseconds }) => cpuMicroseconds).median),
  ];
}

/** Each starts on a copy of its own, which its first start may migrate: the starts after that are compared. */
async function starts(against: string, data: string, directory: string, rounds: number): Promise<void> {
  const started = async (checkout: string, dataDir: string): Promise<number> => {
    const server = await CheckoutServer.start(checkout, dataDir);
    await server.stop();
    return server.startMs;
  };
  const copies = { a: join(directory, 'data-a'), b: join(directory, 'data-b') };
  for (const copy of Object.values(copies)) cpSync(data, copy, { recursive: true });
  const first = await started(here, copies.a);
  await started(against, copies.b);
  const pairs = await inPairs(
    { what: `starts on ${data}`, rounds },
    () => started(here, copies.a),
    () => started(against, copies.b),
  );
  const { a, b } = each(pairs, (ms) => ms);
  console.log(`\nstart on a copy of ${data}: ${spreadText(a, 'ms')}, the other ${spreadText(b, 'ms')}`);
  console.log(
    `ratio ${spreadText(ratio(pairs, (ms) => ms))}; the first start of this one ${figure(first)} ms`,
  );
}
