/** A PostgreSQL for a benchmark, with an app in it; and the CPU time that its processes have used. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openClusterStore } from '@badged/server/store/cluster';
import pg from 'pg';
import { members } from '../load/answering_store.js';
import { World } from '../load/world.js';
import { type Database, startPostgres } from '../rivals/databases.js';
import type { NodeInput } from './node.js';

const conversationCount = 1_000;

/** Undefined, and says so, where PostgreSQL is not installed. */
export async function withPostgres(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await startPostgres();
  if (database === undefined) {
    console.log('PostgreSQL is not installed: initdb and postgres are needed. Install PostgreSQL.');
    return;
  }
  try {
    await work(database);
  } finally {
    await database.stop();
  }
}

/** An app with a thousand conversations of five. */
export async function prepareApp(url: string): Promise<NodeInput> {
  const store = await openClusterStore({ url });
  const world = await World.make(store);
  const conversations = await Promise.all(
    Array.from({ length: conversationCount }, () => world.conversation(members)),
  );
  await Promise.all(conversations.map((conversation) => world.message(conversation, members[0] ?? '')));
  await store.close();
  return { url, app: world.app, conversations };
}

/** As it is in the log. */
export async function anEvent(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select event from event order by app desc, seq desc limit 1');
  await client.end();
  return String(rows[0]?.event);
}

/** Of the server and all its processes, also those that ended, in milliseconds. NaN where there is no /proc. */
export function databaseCpuMs({ location }: Database): number {
  const directory = new URL(location).searchParams.get('host') ?? '';
  try {
    const server = Number(readFileSync(join(directory, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
    const own = statOf(String(server));
    let ticks = own.used + own.usedByEnded;
    for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
      const { parent, used } = statOf(name);
      if (parent === server) ticks += used;
    }
    return ticks * 10;
  } catch {
    return Number.NaN;
  }
}

/** In ticks of 10 ms; fields 4 and 14 to 17 of proc(5). A process that ended meanwhile used nothing. */
function statOf(pid: string): { parent: number; used: number; usedByEnded: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
    const [, parent = 0] = fields;
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent, used: user + system, usedByEnded: endedUser + endedSystem };
  } catch {
    return { parent: 0, used: 0, usedByEnded: 0 };
  }
}
