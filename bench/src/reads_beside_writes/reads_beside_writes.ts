/**
 * Badge reads at half of their maximum rate, beside durable messages, while every sync to disk takes 5 ms longer than it would:
 * what a read waits for the disk. With --against, in turns with another checkout.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Options } from '../benchmark.js';
import type { LoadRequest } from '../load/load.js';
import { runWireLoad, type WireGroup, type WireResult } from '../load/wire.js';
import { each, inPairs, type Pair, ratio, spread } from '../measure/pairs.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { spreadText, table, against as target } from '../measure/text.js';
import { CheckoutServer } from '../versus/checkout.js';

const here = fileURLToPath(new URL('../../..', import.meta.url));
const userCount = 10_000;
const roomCount = 10_000;
const roomSize = 10;
const readers = 64;
/** strace stops the program at syncs only, and delays each of them. */
const delayed =
  'strace -D -f -qq --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:delay_exit=5000';

export const readsBesideWrites: Benchmark = {
  name: 'reads-beside-writes',
  summary: 'badge reads at half of their rate beside durable messages, with 5 ms added to each sync',
  options: '--against <built checkout> --rounds (5) --seconds (5) --clients (16 that write)',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

interface Sample {
  readonly reads: WireResult;
  readonly writes: WireResult;
}

async function run(
  directory: string,
  { rounds = 5, seconds = 5, clients = 16, against }: Options,
): Promise<void> {
  if (spawnSync(delayed.split(' ')[0] ?? '', ['-V']).error !== undefined) {
    console.log('Skipped: strace, which delays the syncs, is not installed.');
    return;
  }
  const ours = await Side.prepare(here, join(directory, 'a'));
  const theirs = against === undefined ? undefined : await Side.prepare(against, join(directory, 'b'));
  const alone = await ours.load(seconds, { clients: readers, requests: ours.reads });
  const perSecond = Math.round((alone[0]?.rate ?? 0) / 2);
  const sample = async (side: Side): Promise<Sample> => {
    const groups = [
      { clients: readers, requests: side.reads, rate: perSecond },
      { clients, requests: side.messages },
    ];
    const [reads, writes] = await side.load(seconds, ...groups);
    if (reads === undefined || writes === undefined) throw new Error('no result');
    return { reads, writes };
  };
  const what = `${perSecond} reads a second`;
  const pairs = await inPairs(
    { what, rounds },
    () => sample(ours),
    () => sample(theirs ?? ours),
  );
  await ours.stop();
  await theirs?.stop();
  console.log(
    `reads alone: ${Math.round(alone[0]?.rate ?? 0)} a second; half of it beside ${clients} clients that write\n`,
  );
  print(pairs, theirs !== undefined);
}

class Side {
  readonly #server: CheckoutServer;
  readonly #token: string;
  readonly reads: readonly LoadRequest[];
  readonly messages: readonly LoadRequest[];

  private constructor(server: CheckoutServer, { id, token }: { id: string; token: string }) {
    this.#server = server;
    this.#token = token;
    this.reads = numbers(userCount).map((user) => ({
      method: 'GET',
      path: `/apps/${id}/users/${userId(user)}/badge`,
    }));
    this.messages = numbers(roomCount).map((room) => ({
      method: 'POST',
      path: `/apps/${id}/conversations/room-${room}/messages`,
      body: JSON.stringify({ sender: { user_id: userId(participants(room)[0] ?? 0) } }),
    }));
  }

  static async prepare(checkout: string, dataDir: string): Promise<Side> {
    progress(`preparing ${checkout}`);
    const server = await CheckoutServer.start(checkout, dataDir, [], {}, delayed.split(' '));
    const app = await server.createApp();
    const rooms = numbers(roomCount);
    for (let at = 0; at < rooms.length; at += 100) {
      const operations = rooms.slice(at, at + 100).map((room) => ({
        operation: 'create_conversation',
        id: `room-${room}`,
        participants: participants(room).map(userId),
      }));
      const response = await fetch(`${server.url}/apps/${app.id}/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${app.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(operations),
      });
      if (!response.ok) throw new Error(`creating rooms failed: ${(await response.text()).slice(0, 300)}`);
    }
    return new Side(server, app);
  }

  async load(seconds: number, ...groups: readonly WireGroup[]): Promise<readonly WireResult[]> {
    return (await runWireLoad({ url: this.#server.url, token: this.#token, seconds, groups })).groups;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

/** In an order that spreads neighbours over the whole range. */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => (index * 7_919) % count);
}

function userId(user: number): string {
  return `user-${user}`;
}

/** Ten that are spread over all users. */
function participants(room: number): number[] {
  return Array.from({ length: roomSize }, (_, index) => (room + index * 997) % userCount);
}

function print(pairs: readonly Pair<Sample>[], hasOther: boolean): void {
  const row = (name: string, figure: (sample: Sample) => number) => {
    const { a, b } = each(pairs, figure);
    return hasOther
      ? [name, spreadText(a), spreadText(b), spreadText(ratio(pairs, figure))]
      : [name, spreadText(a)];
  };
  console.log(
    table([
      hasOther ? ['', 'this', 'the other', 'ratio'] : ['', 'this'],
      row('reads a second', ({ reads }) => reads.rate),
      row('their p50, ms', ({ reads }) => reads.p50Ms),
      row('their p99, ms', ({ reads }) => reads.p99Ms),
      row('p99 in p50s', ({ reads }) => reads.p99Ms / reads.p50Ms),
      row('messages a second', ({ writes }) => writes.rate),
      row('their p50, ms', ({ writes }) => writes.p50Ms),
      row('their p99, ms', ({ writes }) => writes.p99Ms),
    ]),
  );
  const { median } = spread(pairs.map(({ a }) => a.reads.p99Ms / a.reads.p50Ms));
  console.log(`\n${target('p99 of reads at most 10 times their p50', median <= 10)}`);
}
