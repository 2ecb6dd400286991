/**
 * Messages and cursors as tables of PostgreSQL. A message is one row; a badge counts the rows above the user's cursors, with
 * an index for each step.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Counting, Counts, SentMessage } from './counting.js';
import type { Room } from './scene.js';

const schema = `
  create table conversation (id text primary key, head bigint not null);
  create table participation (user_id text, conversation text, cursor bigint not null, primary key (user_id, conversation));
  create table message (conversation text, position bigint, id uuid not null, sender text not null, primary key (conversation, position));
`;
const insertMessage = `
  with moved as (update conversation set head = head + 1 where id = $1 returning head)
  insert into message select $1, head, $2, $3 from moved returning position`;
const countUnread = `
  select count(*) as messages, count(distinct m.conversation) as conversations
  from participation p join message m on m.conversation = p.conversation and m.position > p.cursor
  where p.user_id = $1 and m.sender <> $1`;

export class PostgresCounting implements Counting {
  readonly #pool: pg.Pool;
  #isMade = false;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 20 });
  }

  async prepare(rooms: readonly Room[], messages: number): Promise<void> {
    if (!this.#isMade) await this.#pool.query(schema);
    this.#isMade = true;
    const ids = rooms.map(({ id }) => id);
    const senders = rooms.map(({ participants: [sender] }) => sender);
    await this.#pool.query('insert into conversation select unnest($1::text[]), $2', [ids, messages]);
    await this.#pool.query(
      `insert into message select c, position, gen_random_uuid(), s
       from unnest($1::text[], $2::text[]) as room(c, s), generate_series(1, $3::bigint) as position`,
      [ids, senders, messages],
    );
    const pairs = rooms.flatMap(({ id, participants }) => participants.map((user) => [user, id] as const));
    await this.#pool.query(
      'insert into participation select *, 0 from unnest($1::text[], $2::text[]) on conflict do nothing',
      [pairs.map(([user]) => user), pairs.map(([, id]) => id)],
    );
    await this.#pool.query('analyze');
  }

  async send(conversation: string, sender: string): Promise<SentMessage | undefined> {
    const id = randomUUID();
    const { rows } = await this.#pool.query<{ position: string }>({
      name: 'message',
      text: insertMessage,
      values: [conversation, id, sender],
    });
    return rows[0] && { id, position: Number(rows[0].position) };
  }

  async counts(user: string): Promise<Counts> {
    const { rows } = await this.#pool.query<{ messages: string; conversations: string }>({
      name: 'unread',
      text: countUnread,
      values: [user],
    });
    return { messages: Number(rows[0]?.messages), conversations: Number(rows[0]?.conversations) };
  }
}
