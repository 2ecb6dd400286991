/** Brings the schema up to date. Several nodes may start at once: who migrates holds a row locked meanwhile. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connections } from './connections.js';

const directory = fileURLToPath(new URL('../../../migrations/postgres', import.meta.url));

export class SchemaError extends Error {
  override name = 'SchemaError';
}

export async function migrate(connections: Connections): Promise<void> {
  await prepare(connections);
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const from = await version(connections);
  if (from === files.length) return;
  await connections.transaction(async (run) => {
    const [row] = await run<{ version: number }>('select version from badged_schema where id = 1 for update');
    const stored = row?.version ?? 0;
    if (stored > files.length)
      throw new SchemaError(
        `The database was migrated by a newer badged (schema ${stored}; this one knows ${files.length}). Start that version.`,
      );
    for (const file of files.slice(stored)) await run(readFileSync(join(directory, file), 'utf8'));
    await run('update badged_schema set version = $1 where id = 1', [files.length]);
  });
}

/** `if not exists` still collides with another node that creates it at the same moment, and is then tried again. */
async function prepare(connections: Connections): Promise<void> {
  await connections.transaction(async (run) => {
    await Promise.all([
      run('create table if not exists badged_schema (id integer primary key, version bigint not null)'),
      run('insert into badged_schema (id, version) values (1, 0) on conflict (id) do nothing'),
    ]);
  });
}

async function version(connections: Connections): Promise<number> {
  const [row] = await connections.read<{ version: number }>(
    0,
    'select version from badged_schema where id = 1',
  );
  return row?.version ?? 0;
}
