/**
 * Dropping old rows of a log: the lease and the rows of an app's base, and the deletions. Each statement concerns one app's
 * number, the base's below zero. Deleting needs no lease: the base was whole before, and stays so.
 */
import type { CheckpointRows } from '../engine.js';
import { baseNumber } from '../retention_engine.js';
import { writeRows } from './checkpoint_tables.js';
import type { Connections } from './connections.js';

const lease = `interval '30 seconds'`;

const make = `
  insert into checkpoint (app, seq) values ($1, 0) on conflict do nothing`;

const take = `
  update checkpoint set node = $2, leased_until = now() + ${lease}
  where app = $1 and (node = $2 or node is null or leased_until <= now()) returning seq`;

const keep = `
  update checkpoint set leased_until = now() + ${lease}, seq = coalesce($3, seq)
  where app = $1 and node = $2 returning seq`;

const dropIds = `
  delete from message_id where app = $1 and seq <= $3 and id in (
    select event::json ->> 'id' from event
    where app = $1 and seq between $2 and $3 and event::json ->> 'type' = 'message')`;

const dropEvents = `
  with dropped as (delete from event where app = $1 and seq between $2 and $3 returning seq)
  select count(*) as rows from dropped`;

export class RetentionTables {
  readonly #connections: Connections;
  /** What this node is called in leases. */
  readonly #node: string;

  constructor(connections: Connections, node: string) {
    this.#connections = connections;
    this.#node = node;
  }

  async take(app: number): Promise<boolean> {
    const base = baseNumber(app);
    await this.#connections.write(base, make, [base]);
    const taken = await this.#connections.write(base, take, [base, this.#node]);
    return taken.length > 0;
  }

  write(app: number, rows: CheckpointRows, upTo?: number): Promise<boolean> {
    const base = baseNumber(app);
    return this.#connections.transaction(async (run) => {
      const held = await run(keep, [base, this.#node, upTo ?? null]);
      if (held.length === 0) return false;
      await writeRows(run, base, rows);
      return true;
    });
  }

  drop(app: number, from: number, to: number): Promise<number> {
    return this.#connections.transaction(async (run) => {
      const ids = run(dropIds, [app, from, to]);
      const [[dropped]] = await Promise.all([run<{ rows: number }>(dropEvents, [app, from, to]), ids]);
      return dropped?.rows ?? 0;
    });
  }
}
