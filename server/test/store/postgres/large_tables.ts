/** Rows of many other apps, as a service has them that is in use: the planner knows that the tables are large. */
import type pg from 'pg';

/** Numbers of apps that no test creates. */
const firstApp = 1_000_000;
const apps = 2_000;
/** Those of them that have rows in the other tables too. */
const busyApps = 8;
const rowsPerApp = 500;

const ofApps = `generate_series(${firstApp}, ${firstApp + apps - 1}) as app`;
const ofRows = `generate_series(${firstApp}, ${firstApp + busyApps - 1}) as app, generate_series(1, ${rowsPerApp}) as n`;

const fills = [
  `insert into app select app, 'app ' || app, 'app', 'disabled', false, 'example', 1 from ${ofApps}`,
  `insert into token select 'token ' || app, app, 'backend', '\\x00', 1 from ${ofApps}`,
  `insert into log_head select app, ${rowsPerApp}, ${rowsPerApp} from ${ofApps}`,
  `insert into checkpoint (app, seq) select app, 0 from ${ofApps}`,
  `insert into secret select 'secret ' || app, '\\x00' from ${ofApps}`,
  `insert into event (app, seq, event) select app, n, '{}' from ${ofRows}`,
  `insert into app_user (app, user_number, id, everyone_base, announced_cursor) select app, n, n, 0, 0 from ${ofRows}`,
  `insert into conversation (app, conversation, id, is_existing, is_distinct, created_at, fingerprint, head, last_at)
   select app, n, n, true, false, 1, 1, 1, 1 from ${ofRows}`,
  `insert into participation (app, conversation, user_number, joined, cursor) select app, n, n, 0, 0 from ${ofRows}`,
  `insert into announcement (app, announcement, id, at, fingerprint) select app, n, n, 1, 1 from ${ofRows}`,
  `insert into message_id select app, 'message ' || n, n from ${ofRows}`,
  `insert into device (app, id, user_id, target, target_key, registered_at, used_at)
   select app, 'device ' || n, 'user ' || n / 2, '{}', 'fcm ' || n, 1, n from ${ofRows}`,
  `insert into outbox (app, id, request_id, audience, notification, expires_at)
   select app, n, case when n % 2 = 0 then 'request ' || n end, '{}', case when n % 3 = 0 then '{}' end, n from ${ofRows}`,
  `insert into outbox_settled select app, n, 'device ' || n from ${ofRows}`,
  `insert into walk select app, 'server ' || app % 10, 0 from ${ofApps}`,
  `insert into ended_session select 'session ' || app, 4e12::bigint from ${ofApps}`,
  `insert into access_change select -app, '{}', 4e12::bigint from ${ofApps}`,
  `insert into credential select app, 'platform ' || n % 4, '\\x00' from ${ofApps}, generate_series(1, 3) as n`,
  `insert into record (app, collection, id, owner, value, expires_at)
   select app, 'sessions', 'record ' || n, 'user ' || n / 4, '{}', case when n % 2 = 0 then 4e12::bigint end from ${ofRows}`,
];

export async function fillTables(client: pg.Client): Promise<void> {
  for (const fill of fills) await client.query(`-- Rows of other apps.\n${fill}`);
  await client.query('analyze');
}
