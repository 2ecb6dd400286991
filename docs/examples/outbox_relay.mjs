// Sends the committed rows of an outbox table to badged, and deletes those that have a response.
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const { DATABASE_URL, BADGED_URL, BADGED_APP, BADGED_TOKEN } = process.env;
const rowsAtOnce = 1_000;
const database = new pg.Client({ connectionString: DATABASE_URL });
await database.connect();
// One relay at a time, so that the order is kept. The lock ends with the connection.
await database.query("select pg_advisory_lock(hashtext('badged_outbox'))");

for (;;) {
  const { rows } = await database.query(
    `select id, operation from badged_outbox where error is null order by id limit ${rowsAtOnce}`,
  );
  if (rows.length === 0) await wait(200);
  else if (!(await send(rows))) await wait(1_000);
}

/** False if something is left that has to be sent again. */
async function send(rows) {
  const responses = await responsesTo(rows.map(({ operation }) => JSON.stringify(operation))).catch(() => []);
  const settled = responses.filter(({ status }) => status < 500);
  for (const [index, { status, body }] of responses.entries())
    if (status >= 400 && status < 500)
      await database.query('update badged_outbox set error = $2 where id = $1', [rows[index].id, body]);
  const accepted = rows.filter((_, index) => responses[index]?.status < 400).map(({ id }) => id);
  await database.query('delete from badged_outbox where id = any($1)', [accepted]);
  return settled.length === rows.length;
}

/** One for each line, in order. Fewer, if the connection ended early. */
async function responsesTo(lines) {
  const response = await fetch(`${BADGED_URL}/apps/${BADGED_APP}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BADGED_TOKEN}`, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  if (!response.ok) throw new Error(`badged responded with ${response.status}`);
  const text = await response.text();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
