/**
 * Runs statements that the database plans once for each connection, which saves a third of its time for a batch. Behind a pooler
 * that gives each transaction another connection, such as PgBouncer, a statement would be unknown there: they are then planned
 * each time. A pooler is known by the process that it names, which is not the one that responds.
 */
import type pg from 'pg';
import { type Run, runner } from './run.js';

type Directness = 'unknown' | 'asked' | 'direct' | 'pooled';

const directness = new WeakMap<pg.PoolClient, Directness>();

/** Names of statements, by their text. */
const names = new Map<string, string>();

/** For statements with constant texts, which stay prepared for as long as the connection. */
export function preparedRunner(client: pg.PoolClient): Run {
  const run = runner(client);
  return async (sql, values) => {
    if (directnessOf(client) !== 'direct') return run(sql, values);
    const name = nameOf(sql);
    const { rows } = await client.query({ name, text: sql, values: [...(values ?? [])] });
    return rows;
  };
}

function directnessOf(client: pg.PoolClient): Directness {
  const known = directness.get(client) ?? 'unknown';
  if (known === 'unknown') void find(client);
  return known;
}

/**
 * A plan that was made while a table was small must not read it whole when it has grown. Not every database that speaks the
 * protocol has the setting.
 */
const planByIndex = `
  select case when version() like 'PostgreSQL%' then set_config('enable_seqscan', 'off', false) end`;

/** The connection's errors are those of the statements that need it. */
async function find(client: pg.PoolClient): Promise<void> {
  directness.set(client, 'asked');
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const named: unknown = Reflect.get(client, 'processID');
    const isDirect = rows[0]?.pid === named;
    if (isDirect) await client.query(planByIndex);
    directness.set(client, isDirect ? 'direct' : 'pooled');
  } catch {
    directness.set(client, 'pooled');
  }
}

function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = `badged_${names.size + 1}`;
  names.set(sql, name);
  return name;
}
