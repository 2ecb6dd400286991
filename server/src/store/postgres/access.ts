/** The table of what ended someone's access. The row of app -1 in log_head gives the numbers, and so an order. */
import { type AccessTable, registryApp } from '../shared_engine.js';
import type { Connections } from './connections.js';

const head = -1;

const add = `
  with next as (
    insert into log_head (app, seq, alert) values (${head}, 1, 0)
    on conflict (app) do update set seq = log_head.seq + 1
    returning seq
  )
  insert into access_change (number, change, at) select next.seq, $1::text, $2::bigint from next`;

const forget = `
  delete from access_change where at < $1`;

const after = `
  select number, change from access_change where number > $1 order by number limit 1000`;

const last = `
  select seq from log_head where app = ${head}`;

export class PostgresAccess implements AccessTable {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async add(
    change: string,
    { now, before }: { readonly now: number; readonly before: number },
  ): Promise<void> {
    await this.#connections.write(registryApp, add, [change, now]);
    await this.#connections.write(registryApp, forget, [before]);
  }

  after(number: number): Promise<readonly { readonly number: number; readonly change: string }[]> {
    return this.#connections.read<{ number: number; change: string }>(registryApp, after, [number]);
  }

  async last(): Promise<number> {
    const [row] = await this.#connections.read<{ seq: number }>(registryApp, last);
    return row?.seq ?? 0;
  }
}
