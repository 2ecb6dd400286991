/** Schemas of their own for tests that share a server. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll } from 'vitest';
import type { TestServer } from './test_server.js';

export interface TestSchema {
  readonly url: string;
  /** As after the migrations. */
  empty(): Promise<void>;
}

/** They are dropped after the file's last test. */
export class Schemas {
  readonly #server: () => Promise<TestServer>;
  readonly #names: string[] = [];

  constructor(server: () => Promise<TestServer>) {
    this.#server = server;
    afterAll(() => this.#drop());
  }

  async create(): Promise<TestSchema> {
    const server = await this.#server();
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await withClient(server.url('public'), (client) => client.query(`create schema ${name}`));
    this.#names.push(name);
    const url = server.url(name);
    return { url, empty: () => withClient(url, empty) };
  }

  async #drop(): Promise<void> {
    if (this.#names.length === 0) return;
    await withClient((await this.#server()).url('public'), async (client) => {
      for (const name of this.#names.splice(0)) await client.query(`drop schema ${name} cascade`);
    });
  }
}

export async function withClient<V>(url: string, work: (client: pg.Client) => Promise<V>): Promise<V> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function empty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables
     where schemaname = current_schema() and tablename <> 'badged_schema'`,
  );
  const deletes = rows.map(({ name }) => `delete from ${name};`).join(' ');
  await client.query(`${deletes} insert into log_head (app, seq, alert) values (0, 0, 0)`);
}
