/** Servers are replaced by those of a next version, one by one, under traffic. */
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../push/delivery_world.js';
import { randomNumbers } from '../push/random.js';
import { Clients } from './clients.js';
import { nextVersion } from './mutated.js';
import { conclude } from './run.js';
import { Streams } from './streams.js';
import { ClusterWorld, type Slot } from './world.js';

export interface RollingOptions {
  readonly seed: number;
  readonly clients: number;
  readonly trafficMs: number;
  readonly settleMs: number;
  readonly say: (line: string) => void;
}

/** With a migration after which both versions may serve: what is wrong. */
export async function rollingChange(options: RollingOptions): Promise<readonly string[]> {
  const { say, trafficMs } = options;
  const next = nextVersion(
    '-- Nodes of the version before may go on: they do not know the column.\nalter table app add column motto text;\n',
  );
  const world = await ClusterWorld.open({ apps: 2, conversationsPerApp: 2 });
  const clients = new Clients(world, randomNumbers(options.seed));
  const streams = new Streams(world, randomNumbers(options.seed + 1));
  const following = streams.run();
  const sending = clients.run(options.clients);
  const replace = async (slot: Slot) => {
    slot.state = 'down';
    await slot.server.stop();
    await world.start(slot);
    say(`server ${slot.name} was replaced`);
    await delay(trafficMs);
  };
  try {
    await delay(trafficMs);
    const { env } = world;
    const [first, second, third] = world.slots;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('there is no server');
    world.env = { ...env, ...next.env };
    await replace(first);
    // A server of the version before that stops meanwhile starts again beside the newer one.
    world.env = env;
    await replace(second);
    world.env = { ...env, ...next.env };
    await replace(second);
    await replace(third);
    clients.stop();
    await sending;
    const problems = await conclude(world, streams, options);
    const { requests, reads, unclear } = clients.counts;
    say(`${requests} requests, ${unclear} without a clear outcome, ${reads} reads compared`);
    return [
      ...problems,
      ...clients.problems,
      ...streams.problems,
      ...world.chats.flatMap(({ ledger }) => ledger.problems),
    ];
  } finally {
    clients.stop();
    streams.stop();
    await Promise.all([sending, following]);
    await world.close();
    rmSync(next.directory, { recursive: true });
  }
}

export interface OldServer {
  readonly ready: number;
  readonly read: number;
  readonly write: number;
}

/** With one after which servers of the version before must stop: what these say, and what the new one does. */
export async function exclusiveChange(): Promise<{
  readonly old: readonly OldServer[];
  readonly logged: string;
  readonly served: unknown;
  readonly restarted: string;
}> {
  const next = nextVersion(
    '-- Nodes of the version before must stop: they write another form.\nalter table app add column form text;\n',
  );
  const world = await ClusterWorld.open({ apps: 1, conversationsPerApp: 1 });
  try {
    const [chat] = world.chats;
    if (chat === undefined) throw new Error('there is no conversation');
    const before = [...world.slots];
    const { env } = world;
    world.env = { ...env, ...next.env };
    const slot = await world.addServer('next');
    const old = await Promise.all(before.map((each) => outcomes(each, chat.app, chat.token)));
    let served: unknown;
    await eventually(async () => {
      served = (await world.badge(slot, chat, chat.observer)).unread_message_count;
    });
    world.env = env;
    const restarted = await world.addServer('old').then(
      () => 'it started',
      (error: Error) => error.message,
    );
    return { old, logged: world.logged(), served, restarted };
  } finally {
    await world.close();
    rmSync(next.directory, { recursive: true });
  }
}

async function outcomes({ server }: Slot, app: string, token: string): Promise<OldServer> {
  const status = async (path: string, method = 'GET', body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return (await fetch(new URL(path, server.url), init)).status;
  };
  const user = `/apps/${app}/users/observer0/badge`;
  return {
    ready: await status('/readyz'),
    read: await status(user),
    write: await status(user, 'PUT', { external_unread_count: 1 }),
  };
}
