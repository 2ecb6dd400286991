/**
 * What the database takes by itself: one connection that makes the rows of the log as text, inserts a batch of them and moves the
 * head, in one transaction and one round trip. Nothing is decided, and no client waits for a response.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { answer, input, numberIn, textIn } from '../measure/child.js';

/** No app has this number. */
const app = 1_000_000;

/** As in the engine. */
const insertEvents = `
  insert into event (app, seq, batch, event)
  select $1::bigint, $2::bigint + line.n, case when line.n = 1 then $3::uuid end, line.event
  from unnest(string_to_array($4, e'\\n')) with ordinality as line (event, n)`;

const moveHead = `
  insert into log_head (app, seq, alert) values ($1, $2, 0) on conflict (app) do update set seq = excluded.seq`;

const wanted = await input();
const rowsPerBatch = numberIn(wanted, 'rowsPerBatch');
const event: object = JSON.parse(textIn(wanted, 'event'));
const client = new pg.Client({ connectionString: textIn(wanted, 'url'), pipeline: true });
await client.connect();
const { rows } = await client.query('select coalesce(max(seq), 0) as seq from event where app = $1', [app]);
let seq = Number(rows[0]?.seq ?? 0);
const cpu = process.cpuUsage();
const begun = performance.now();
const endsAt = begun + numberIn(wanted, 'seconds') * 1000;
let inserted = 0;
while (performance.now() < endsAt) {
  const rows = Array.from({ length: rowsPerBatch }, () => JSON.stringify({ ...event, at: Date.now() }));
  await Promise.all([
    client.query('begin'),
    client.query(insertEvents, [app, seq, randomUUID(), rows.join('\n')]),
    client.query(moveHead, [app, seq + rowsPerBatch]),
    client.query('commit'),
  ]);
  seq += rowsPerBatch;
  inserted += rowsPerBatch;
}
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpu);
await client.end();
await answer({ rate: inserted / seconds, cpuMicroseconds: (user + system) / inserted });
process.exit();
