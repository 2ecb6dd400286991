/**
 * The file that distributes the tables on Citus fits the schema. Citus itself is not here: functions of the same names check
 * what Citus demands of a table.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openPostgresEngine } from '../../src/store/postgres/engine.js';
import { Schemas, withClient } from './postgres/schemas.js';
import { whyNoPostgres } from './postgres/test_server.js';

const reason = whyNoPostgres();
const file = fileURLToPath(new URL('../../../docs/citus.sql', import.meta.url));

/** As Citus: a distributed table has the column, and every unique index of it contains the column. */
const functions = `
  create table placed (name regclass primary key);
  create function create_reference_table(name regclass) returns void language sql as 'insert into placed values (name)';
  create function create_distributed_table(name regclass, distribution_column text, colocate_with text default 'default')
  returns void language plpgsql as $$
  declare number smallint;
  begin
    select attnum into strict number from pg_attribute where attrelid = name and attname = distribution_column;
    if exists (select 1 from pg_index where indrelid = name and indisunique and number <> all (indkey)) then
      raise exception 'a unique index of % lacks %', name, distribution_column;
    end if;
    if colocate_with <> 'default' then perform 1 from placed where placed.name = colocate_with::regclass; end if;
    if not found then raise exception '% is not distributed', colocate_with; end if;
    insert into placed values (name);
  end $$`;

const notPlaced = `
  select tablename as name from pg_tables where schemaname = current_schema() and tablename <> 'placed'
    and not exists (select 1 from placed where name = format('%I.%I', schemaname, tablename)::regclass)`;

describe.skipIf(reason !== undefined)('the schema on Citus', () => {
  const schemas = new Schemas();

  test('docs/citus.sql places every table, by a column that all its unique indexes contain', async () => {
    const { url } = await schemas.create();
    await (await openPostgresEngine(url)).close();
    await withClient(url, async (client) => {
      await client.query(functions);
      await client.query(readFileSync(file, 'utf8'));
      const { rows } = await client.query<{ name: string }>(notPlaced);
      expect(rows.map(({ name }) => `Add it to docs/citus.sql: ${name}`)).toEqual([]);
      const wrong = "select create_distributed_table('token', 'app')";
      await expect(client.query(wrong)).rejects.toThrow('a unique index of token lacks app');
    });
  });
});

if (reason !== undefined) test(`Citus is skipped: ${reason}`, (context) => context.skip());
