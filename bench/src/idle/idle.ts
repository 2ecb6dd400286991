/** Three nodes with thousands of apps in memory that no one writes to: what it costs to follow their logs. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import type { Benchmark, Options } from '../benchmark.js';
import { nextMessage, numberIn, startChild } from '../measure/child.js';
import { progress } from '../measure/progress.js';
import { figure, table } from '../measure/text.js';
import { databaseCpuMs, prepareApp, withPostgres } from '../postgres/database.js';
import type { Database } from '../rivals/databases.js';

const nodeCount = 3;
const appCount = 10_000;
/** How many of them each node has in memory: those that had a request lately. */
const loadedCounts = [0, 1_000, appCount];

export const idle: Benchmark = {
  name: 'idle',
  summary: 'three nodes that follow 10,000 apps to which no one writes: queries and CPU time of each second',
  options: '--seconds (10)',
  run: ({ seconds = 10 }: Options) =>
    withPostgres(async (database) => {
      const { app } = await prepareApp(database.location);
      progress(`making ${appCount} apps`);
      const ids = await makeApps(database.location, app);
      const rows: string[][] = [];
      for (const count of loadedCounts) {
        progress(`${count} apps in the memory of each node`);
        rows.push(await measure(database, ids.slice(0, count), seconds));
      }
      progress('');
      const heading = [
        'apps in memory of each node',
        'queries a second, of all nodes',
        'CPU of each node, ms a second',
        'CPU of the database, ms a second',
      ];
      console.log(`${nodeCount} nodes, ${appCount} apps, no requests:\n\n${table([heading, ...rows])}`);
    }),
};

/** Rows like those of an app that was created and never used. */
async function makeApps(url: string, like: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  const { rows: heads } = await client.query(
    'update log_head set seq = seq + $1, alert = alert + 1 where app = 0 returning seq',
    [appCount],
  );
  const first = Number(heads[0]?.seq) - appCount;
  const { rows } = await client.query(
    `insert into app (number, id, name, mode, include_announcements, jabber_domain, created_at)
     select $1::bigint + n, md5('idle ' || n)::uuid::text, 'idle ' || n, mode, include_announcements,
       'idle-' || n || '.' || jabber_domain, created_at
     from app, generate_series(1, $2::bigint) as n where id = $3 returning id`,
    [first, appCount, like],
  );
  for (const statement of [
    'insert into log_head (app, seq, alert) select $1::bigint + n, 0, 0 from generate_series(1, $2::bigint) as n',
    'insert into checkpoint (app, seq) select $1::bigint + n, 0 from generate_series(1, $2::bigint) as n',
  ])
    await client.query(statement, [first, appCount]);
  await client.query('commit');
  await client.query('analyze');
  await client.end();
  return rows.map(({ id }) => String(id));
}

async function measure(database: Database, apps: readonly string[], seconds: number): Promise<string[]> {
  const nodes: ChildProcess[] = [];
  for (let n = 0; n < nodeCount; n += 1)
    nodes.push(startChild(new URL('./idle_main.js', import.meta.url), { url: database.location, apps }));
  await Promise.all(nodes.map(nextMessage));
  const before = databaseCpuMs(database);
  const samples = await Promise.all(
    nodes.map((node) => {
      node.send({ seconds });
      return nextMessage(node);
    }),
  );
  const databaseMs = databaseCpuMs(database) - before;
  for (const node of nodes) {
    const ended = once(node, 'exit');
    node.send('stop');
    await ended;
  }
  const sum = (field: string) => samples.reduce<number>((all, sample) => all + numberIn(sample, field), 0);
  return [
    apps.length.toLocaleString('en'),
    figure(sum('queries') / seconds),
    figure(sum('cpuMs') / nodeCount / seconds),
    figure(databaseMs / seconds),
  ];
}
