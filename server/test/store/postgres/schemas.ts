/**
 * Schemas for the tests of one file. A new one has nothing in it; one that is reused has what the migrations make, and its
 * connections are open: to make and to open them takes longer than most tests. All are dropped after the file's last test.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import { openPostgresEngine } from '../../../src/store/postgres/engine.js';
import type { SharedEngine } from '../../../src/store/shared_engine.js';
import { ReusedSchema } from './reused_schema.js';
import { testServer } from './test_server.js';

/** Where nodes connect to. */
export interface TestSchema {
  readonly url: string;
  openEngine(): Promise<SharedEngine>;
}

export class Schemas {
  readonly #names: string[] = [];
  readonly #opened: ReusedSchema[] = [];
  readonly #free: ReusedSchema[] = [];

  constructor() {
    afterAll(() => this.#drop());
  }

  async create(): Promise<TestSchema> {
    const server = await testServer();
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await withClient(server.url('public'), (client) => client.query(`create schema ${name}`));
    this.#names.push(name);
    return schemaAt(server.url(name));
  }

  /** Until the test ends. What it opened must be closed by then. */
  async reuse(): Promise<TestSchema> {
    const schema = await this.take();
    onTestFinished(() => this.giveBack(schema));
    return schema;
  }

  /** Until it is given back. */
  async take(): Promise<ReusedSchema> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const { url } = await this.create();
    const opened = await ReusedSchema.open(url);
    this.#opened.push(opened);
    return opened;
  }

  async giveBack(schema: ReusedSchema): Promise<void> {
    await schema.empty();
    this.#free.push(schema);
  }

  async #drop(): Promise<void> {
    await Promise.all(this.#opened.map((schema) => schema.close()));
    if (this.#names.length === 0) return;
    await withClient((await testServer()).url('public'), async (client) => {
      for (const name of this.#names.splice(0)) await client.query(`drop schema ${name} cascade`);
    });
  }
}

/** Each engine has connections of its own. */
export function schemaAt(url: string): TestSchema {
  return { url, openEngine: () => openPostgresEngine(url) };
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
