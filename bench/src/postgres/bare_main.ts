/** What the database takes by itself: one connection that inserts the rows of the log, a batch and a commit at a time. */
import pg from 'pg';
import { answer, input, numberIn, textIn } from '../measure/child.js';

/** No app has this number. */
const app = 1_000_000;

/** As in the engine. */
const insertEvents = `
  insert into event (app, seq, batch, event)
  select $1::bigint, $2::bigint + line.n, case when line.n = 1 then $3::uuid end, line.event
  from unnest(string_to_array($4, e'\\n')) with ordinality as line (event, n)`;

const wanted = await input();
const rowsPerBatch = numberIn(wanted, 'rowsPerBatch');
const batch = Array.from({ length: rowsPerBatch }, () => textIn(wanted, 'event')).join('\n');
const client = new pg.Client({ connectionString: textIn(wanted, 'url') });
await client.connect();
const { rows } = await client.query('select coalesce(max(seq), 0) as seq from event where app = $1', [app]);
let seq = Number(rows[0]?.seq ?? 0);
const cpu = process.cpuUsage();
const begun = performance.now();
const endsAt = begun + numberIn(wanted, 'seconds') * 1000;
let inserted = 0;
while (performance.now() < endsAt) {
  await client.query(insertEvents, [app, seq, '00000000-0000-4000-8000-000000000000', batch]);
  seq += rowsPerBatch;
  inserted += rowsPerBatch;
}
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpu);
await client.end();
await answer({ rate: inserted / seconds, cpuMicroseconds: (user + system) / inserted });
process.exit();
