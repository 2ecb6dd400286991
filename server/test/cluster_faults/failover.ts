/** The primary dies under traffic, its standby is promoted, and the servers' URL leads to that one from then on. */
import { setTimeout as delay } from 'node:timers/promises';
import { verifyDatabase } from '../../src/compose.js';
import { eventually } from '../push/delivery_world.js';
import { randomNumbers } from '../push/random.js';
import { Clients } from './clients.js';
import { Database } from './database.js';
import { conclude, differencesNow } from './run.js';
import { Streams } from './streams.js';
import { ClusterWorld } from './world.js';

export interface FailoverOptions {
  readonly seed: number;
  readonly clients: number;
  /** Before and after the failover. */
  readonly trafficMs: number;
  readonly settleMs: number;
  readonly say: (line: string) => void;
}

export interface AppLoss {
  /** The last event that both databases have. */
  readonly kept: number;
  /** The last event of the old primary. */
  readonly written: number;
  /** What servers named in their logs, as [first, last]. */
  readonly named: readonly (readonly [number, number])[];
  /** Messages with a response that are missing. */
  readonly missing: number;
}

/** With a synchronous standby: what is wrong. */
export function synchronousFailover(options: FailoverOptions): Promise<readonly string[]> {
  return inTraffic(options, async ({ world, standby, clients, streams, sending }) => {
    await world.database.query("alter system set synchronous_standby_names = 'standby'");
    await world.database.query('select pg_reload_conf()');
    await eventually(async () => {
      const [row] = await world.database.query<{ sync_state: string }>(
        'select sync_state from pg_stat_replication',
      );
      if (row?.sync_state !== 'sync') throw new Error(`the standby is ${row?.sync_state}`);
    });
    await delay(options.trafficMs);
    await failOver(world, standby, options.say);
    await delay(options.trafficMs);
    clients.stop();
    await sending;
    const problems = await conclude(world, streams, options);
    return [
      ...problems,
      ...clients.problems,
      ...streams.problems,
      ...world.chats.flatMap(({ ledger }) => ledger.problems),
    ];
  });
}

/** With a standby that received nothing for a moment before: what is lost, and what else is wrong. */
export function asynchronousFailover(
  options: FailoverOptions,
): Promise<{ readonly losses: readonly AppLoss[]; readonly problems: readonly string[] }> {
  return inTraffic(options, async ({ world, standby, clients, streams, sending }) => {
    await delay(options.trafficMs);
    await standby.query("alter system set primary_conninfo = ''");
    await standby.query('select pg_reload_conf()');
    await delay(options.trafficMs);
    clients.stop();
    await sending;
    const old = world.database;
    const written = await headsOf(old);
    const acknowledged = world.chats.map(({ ledger }) => ledger.acknowledged);
    await failOver(world, standby, options.say);
    const kept = await headsOf(standby);
    const problems: string[] = [];
    // A fresh server has only the database: all others must say the same.
    await world.addServer('fresh');
    await eventually(async () => {
      const found = await differencesNow(world, streams);
      if (found.length > 0) throw new Error(found[0]);
    }, options.settleMs).catch((error) => problems.push(String(error)));
    const [slot] = world.slots;
    if (slot === undefined) throw new Error('there is no server');
    const losses = await Promise.all(
      [...new Set(world.chats.map(({ app }) => app))].map(async (app): Promise<AppLoss> => {
        const missing = world.chats.map(async (chat, index) => {
          const { unread_message_count } = await world.badge(slot, chat, chat.observer);
          return chat.app === app
            ? Math.max(0, (acknowledged[index] ?? 0) - Number(unread_message_count))
            : 0;
        });
        const pattern = new RegExp(`lost the events (\\d+) to (\\d+) of app ${app}`, 'g');
        const named = [...world.logged().matchAll(pattern)].map(
          ([, from, to]) => [Number(from), Number(to)] as const,
        );
        const sum = (await Promise.all(missing)).reduce((total, each) => total + each, 0);
        return { kept: kept.get(app) ?? 0, written: written.get(app) ?? 0, named, missing: sum };
      }),
    );
    const { differences } = await verifyDatabase(standby.url);
    problems.push(...differences.map((each) => `verify: ${JSON.stringify(each)}`));
    options.say(`losses: ${JSON.stringify(losses)}`);
    return { losses, problems };
  });
}

interface Traffic {
  readonly world: ClusterWorld;
  readonly standby: Database;
  readonly clients: Clients;
  readonly streams: Streams;
  readonly sending: Promise<void>;
}

async function inTraffic<V>(options: FailoverOptions, work: (traffic: Traffic) => Promise<V>): Promise<V> {
  const world = await ClusterWorld.open({ apps: 2, conversationsPerApp: 2 });
  const primary = world.database;
  const standby = await Database.standby(primary, 'standby');
  const clients = new Clients(world, randomNumbers(options.seed));
  const streams = new Streams(world, randomNumbers(options.seed + 1));
  const following = streams.run();
  const sending = clients.run(options.clients);
  try {
    const result = await work({ world, standby, clients, streams, sending });
    const { requests, reads, unclear } = clients.counts;
    options.say(`${requests} requests, ${unclear} without a clear outcome, ${reads} reads compared`);
    return result;
  } finally {
    clients.stop();
    streams.stop();
    await Promise.all([following, sending]);
    await world.close();
    await (world.database === primary ? standby : primary).remove();
  }
}

async function failOver(world: ClusterWorld, standby: Database, say: (line: string) => void): Promise<void> {
  world.proxy.pause();
  await world.database.stop();
  await standby.promote();
  world.database = standby;
  world.proxy.redirect(standby.url);
  world.proxy.resume();
  say('the primary was killed, and the standby promoted');
}

/** The end of each app's log, by the app's id. */
async function headsOf(database: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query<{ id: string; seq: string }>(
    'select app.id, log_head.seq from app join log_head on log_head.app = app.number where deleted_at is null',
  );
  return new Map(rows.map(({ id, seq }) => [id, Number(seq)]));
}
