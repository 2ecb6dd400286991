/**
 * Durable writes, counted in the database file itself: a trigger on every table counts each row that is
 * inserted, changed or removed, also where it is written again as it was.
 */

import { openEmbeddedStore } from '@badged/server/store/embedded';
import { type Connection, openDatabase, openReadOnly } from '@badged/server/store/sqlite/database';
import { World } from '../load/world.js';
import type { Pair } from '../measure/pairs.js';
import { progress } from '../measure/progress.js';

export interface WriteCount {
  readonly operation: string;
  readonly participants: number;
  readonly commits: number;
  readonly journalRows: number;
  readonly otherRows: number;
  /** Table by table. */
  readonly checkpointed: string;
}

type Counts = ReadonlyMap<string, number>;

/** No checkpoint but the one at closing. */
const checkpoints = { journalRows: Number.POSITIVE_INFINITY, intervalMs: Number.POSITIVE_INFINITY };

export async function countWrites(
  directory: string,
  participants: Pair<readonly string[]>,
): Promise<WriteCount[]> {
  progress('counting durable writes');
  const store = await openEmbeddedStore({ directory, checkpoints });
  const world = await World.make(store);
  const conversations = [
    { id: await world.conversation(participants.b), participants: participants.b.length },
    { id: await world.conversation(participants.a), participants: participants.a.length },
  ];
  const deletable = new Map<string, string>();
  for (const { id } of conversations) deletable.set(id, await world.message(id, 'user-1'));
  await store.close();
  count(directory);
  const messages = [];
  const deletions = [];
  for (const conversation of conversations) {
    const send = async (world: World) => void (await world.message(conversation.id, 'user-1'));
    messages.push({ operation: 'message', participants: conversation.participants, ...(await writes(send)) });
    const remove = async (world: World) => world.deletion(deletable.get(conversation.id) ?? '');
    deletions.push({
      operation: 'deletion',
      participants: conversation.participants,
      ...(await writes(remove)),
    });
  }
  progress('');
  return [...messages, ...deletions];

  async function writes(operation: (world: World) => Promise<void>) {
    const store = await openEmbeddedStore({ directory, checkpoints });
    const before = counts(directory);
    await operation(world.in(store));
    const atAnswer = counts(directory);
    const { commits } = store.figures;
    await store.close();
    const answered = difference(before, atAnswer);
    const later = difference(atAnswer, counts(directory));
    const journalRows = answered.get('log') ?? 0;
    const otherRows = [...answered.values()].reduce((sum, rows) => sum + rows, 0) - journalRows;
    const checkpointed = [...later].map(([table, rows]) => `${table} ${rows}`).join(', ');
    return { commits, journalRows, otherRows, checkpointed };
  }
}

/** Puts the triggers in place. */
function count(directory: string): void {
  const { connection, close } = openDatabase(directory, { isDurable: true });
  connection.exec('create table bench_writes (name text primary key, rows integer not null)');
  for (const name of tables(connection)) {
    connection.prepare('insert into bench_writes values (?, 0)').run(name);
    for (const change of ['insert', 'update', 'delete']) {
      connection.exec(
        `create trigger bench_${name}_${change} after ${change} on ${name} begin
           update bench_writes set rows = rows + 1 where name = '${name}';
         end`,
      );
    }
  }
  close();
}

function tables(connection: Connection): string[] {
  return connection
    .prepare<[], { name: string }>(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'bench_writes'",
    )
    .all()
    .map(({ name }) => name);
}

function counts(directory: string): Counts {
  const connection = openReadOnly(directory);
  const rows = connection
    .prepare<[], { name: string; rows: number }>('select name, rows from bench_writes')
    .all();
  connection.close();
  return new Map(rows.map(({ name, rows }) => [name, rows]));
}

/** What is not 0. */
function difference(before: Counts, after: Counts): Counts {
  const changes = [...after].map(([name, rows]) => [name, rows - (before.get(name) ?? 0)] as const);
  return new Map(changes.filter(([, rows]) => rows !== 0));
}
