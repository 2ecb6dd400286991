/**
 * Brings the schema up to date. Several nodes may start at once: the one that migrates locks the row of `badged_schema`, and
 * the others wait for it. The first line of a migration says whether nodes of the version before may go on serving. If they
 * must stop, they are stopped before the migration begins.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connections } from './connections.js';
import { DatabaseError } from './errors.js';
import { noticeMs } from './schema_watch.js';

const directory = fileURLToPath(new URL('../../../migrations/postgres', import.meta.url));

const firstLine = /^-- Nodes of the version before (may go on|must stop): /;

const readSchema = 'select version, oldest from badged_schema where id = 1';

export class SchemaError extends Error {
  override name = 'SchemaError';
}

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** Whether nodes that do not know this migration may serve after it. */
  readonly letsOthersGoOn: boolean;
}

interface Schema {
  /** The number of migrations applied so far. */
  readonly version: number;
  /** A node that knows fewer migrations than this must not serve. */
  readonly oldest: number;
}

export function readMigrations(from = directory): readonly Migration[] {
  const files = readdirSync(from).filter((file) => file.endsWith('.sql'));
  return files.sort().map((name) => {
    const sql = readFileSync(join(from, name), 'utf8');
    const [, others] = firstLine.exec(sql) ?? [];
    if (others === undefined)
      throw new Error(
        `The first line of ${name} must be "-- Nodes of the version before may go on: …" or "… must stop: …".`,
      );
    return { name, sql, letsOthersGoOn: others === 'may go on' };
  });
}

/** Applies what is missing. Returns the number of migrations that this version knows; a newer version may have applied more. */
export async function migrate(
  connections: Connections,
  migrations = readMigrations(),
  /** Resolves when the nodes that must stop have had the time to notice. */
  noticed: () => Promise<unknown> = () => delay(noticeMs),
): Promise<number> {
  const known = migrations.length;
  await prepare(connections);
  const stored = await schemaOf(connections);
  refuseOutdated(stored, known);
  if (stored.version >= known) return known;
  const oldest = migrations.findLastIndex(({ letsOthersGoOn }) => !letsOthersGoOn) + 1;
  const stopsOthers = stored.version > 0 && oldest > Math.max(stored.version, stored.oldest);
  if (stopsOthers) await setOldest(connections, oldest);
  try {
    if (stopsOthers) await noticed();
    await apply(connections, migrations, oldest);
  } catch (error) {
    if (stopsOthers) await setOldest(connections, stored.oldest);
    throw error;
  }
  return known;
}

async function apply(
  connections: Connections,
  migrations: readonly Migration[],
  oldest: number,
): Promise<void> {
  await connections.transaction(async (run) => {
    const [row] = await run<Schema>(`${readSchema} for update`);
    if (row === undefined) throw new Error('badged_schema has no row');
    refuseOutdated(row, migrations.length);
    if (row.version >= migrations.length) return;
    for (const { sql } of migrations.slice(row.version)) await run(sql);
    const values = [migrations.length, Math.max(oldest, row.oldest)];
    await run('update badged_schema set version = $1, oldest = $2 where id = 1', values);
  });
}

export async function oldestServing(connections: Connections): Promise<number> {
  return (await schemaOf(connections)).oldest;
}

/** The error message of a node that must not serve. */
export function outdated(oldest: number, known: number): string {
  return `A newer version of badged has changed the database, and this one cannot serve beside it (schema ${oldest}; this one knows ${known}). Start the newer version.`;
}

function refuseOutdated({ oldest }: Schema, known: number): void {
  if (oldest > known) throw new SchemaError(outdated(oldest, known));
}

async function setOldest(connections: Connections, oldest: number): Promise<void> {
  await connections.transaction((run) => run('update badged_schema set oldest = $1 where id = 1', [oldest]));
}

/**
 * Creates `badged_schema`. When two nodes create a table at the same moment, one of them fails in spite of `if not exists`;
 * `transaction` then runs it again.
 */
async function prepare(connections: Connections): Promise<void> {
  const create =
    'create table if not exists badged_schema (id integer primary key, version bigint not null, oldest bigint not null default 0)';
  await connections.transaction(async (run) => {
    await Promise.all([
      run(create),
      run('insert into badged_schema (id, version) values (1, 0) on conflict (id) do nothing'),
    ]);
  });
  try {
    await schemaOf(connections);
  } catch (error) {
    // 42703: an earlier version created the table, without the column `oldest`.
    if (!(error instanceof DatabaseError && error.code === '42703')) throw error;
    await connections.transaction((run) =>
      run('alter table badged_schema add column if not exists oldest bigint not null default 0'),
    );
  }
}

async function schemaOf(connections: Connections): Promise<Schema> {
  const [row] = await connections.readSchema<Schema>(readSchema);
  return row ?? { version: 0, oldest: 0 };
}
