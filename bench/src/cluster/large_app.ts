/** An app with many participations, written as rows of a checkpoint: no commands are run for it. */
import { openClusterStore } from '@badged/server/store/cluster';
import pg from 'pg';
import { World } from '../load/world.js';

const participantsOfEach = 10;
const conversationsOfEach = 10;

/** A function of the row's number, in the form of a UUID. */
const uuid = (text: string) => `md5(${text})::uuid::text`;

/** Its id. Users take part in ten conversations each, and every third one has an unread message. */
export async function largeApp(url: string, participations: number): Promise<string> {
  const store = await openClusterStore({ url });
  const { app } = await World.make(store);
  await store.close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select number from app where id = $1', [app]);
  const number = Number(rows[0]?.number);
  const conversations = Math.floor(participations / participantsOfEach);
  const users = Math.floor(participations / conversationsOfEach);
  await client.query(`
    insert into app_user (app, user_number, id, everyone_base, announced_cursor)
    select ${number}, n, 'user-' || n, 0, 0 from generate_series(1, ${users}) as n;
    insert into conversation (app, conversation, id, is_existing, is_distinct, created_at, fingerprint, head, last_at)
    select ${number}, n, ${uuid("'conversation-' || n")}, true, false, 1, 0, (n % 3 = 0)::int, 1 from generate_series(1, ${conversations}) as n;
    insert into participation (app, conversation, user_number, joined, cursor)
    select ${number}, n, 1 + (n + m * ${Math.floor(users / participantsOfEach)}) % ${users}, 0, 0
    from generate_series(1, ${conversations}) as n, generate_series(0, ${participantsOfEach - 1}) as m;
    analyze;`);
  await client.end();
  return app;
}
