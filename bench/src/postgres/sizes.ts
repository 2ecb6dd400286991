/** What an app takes in PostgreSQL: bytes of each row with its indexes, and of the write-ahead log for each message. */
import pg from 'pg';
import type { Benchmark, Options } from '../benchmark.js';
import { largeApp } from '../cluster/large_app.js';
import { numberIn, runChild } from '../measure/child.js';
import { figure, table } from '../measure/text.js';
import { prepareApp, withPostgres } from './database.js';
import { Node } from './node.js';

const checkpointTables = ['app_user', 'conversation', 'participation'];

export const sizes: Benchmark = {
  name: 'sizes',
  summary: 'bytes of a message, a user and a participation in PostgreSQL, in its log and in memory',
  options: '--participations (1000000) --seconds (2)',
  run: ({ participations = 1_000_000, seconds = 2 }: Options) =>
    withPostgres(async ({ location }) => {
      const prepared = await prepareApp(location);
      const client = new pg.Client({ connectionString: location });
      await client.connect();
      const node = await Node.start(prepared);
      const rows: string[][] = [];
      for (const clients of [1, 64, 1_000]) {
        await client.query('checkpoint');
        const before = await walBytes(client);
        const sample = await node.run({ what: 'messages', clients, seconds });
        const wal = (await walBytes(client)) - before;
        rows.push([`${clients}`, figure(sample.rowsPerCommit), figure(wal / sample.calls)]);
      }
      await node.stop();
      console.log(table([['clients', 'messages in a commit', 'bytes of the write-ahead log each'], ...rows]));
      const stored = [await bytesOfEach(client, 'event')];
      const large = await largeApp(location, participations);
      for (const name of checkpointTables) stored.push(await bytesOfEach(client, name));
      console.log(`\n${table([['table', 'rows', 'bytes of each, with its indexes'], ...stored])}`);
      await client.end();
      const script = new URL('../cluster/load_main.js', import.meta.url);
      const loaded = await runChild(script, { url: location, small: prepared.app, large });
      const bytes = numberIn(loaded, 'bytes') / numberIn(loaded, 'participations');
      console.log(
        `\nin memory: ${figure(bytes)} bytes for each participation, with its share of users and conversations`,
      );
    }),
};

async function walBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes");
  return Number(rows[0]?.bytes);
}

async function bytesOfEach(client: pg.Client, name: string): Promise<string[]> {
  const sql = `select count(*)::float8 as rows, pg_total_relation_size('${name}')::float8 as bytes from ${name}`;
  const { rows } = await client.query(sql);
  const [count, bytes] = [Number(rows[0]?.rows), Number(rows[0]?.bytes)];
  return [name, figure(count), figure(bytes / count)];
}
