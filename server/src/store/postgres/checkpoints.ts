/** Who may write an app's checkpoint, and up to which event it is complete. The lease and the rows change in one transaction. */
import type { CheckpointRows } from '../engine.js';
import type { CheckpointOptions } from '../shared_engine.js';
import { writeRows } from './checkpoint_tables.js';
import type { Connections } from './connections.js';
import type { Run } from './run.js';

/** The time that a node which stopped keeps others from going on. */
const lease = `interval '30 seconds'`;

const complete = `
  select seq from checkpoint where app = $1`;

const take = `
  update checkpoint set node = $2, leased_until = now() + ${lease}
  where app = $1 and (node = $2 or node is null or leased_until <= now()) and ($3::bigint is null or seq < $3)
  returning seq`;

/**
 * Another node that took the lease meanwhile has changed this row, or waits for this transaction to end. A checkpoint that
 * is complete gives the lease back.
 */
const keep = `
  update checkpoint set leased_until = case when $3::bigint is null then now() + ${lease} else now() end,
    seq = coalesce($3, seq)
  where app = $1 and node = $2
    and ($4::bigint is null or exists (select 1 from event where app = $1 and event.seq = $4 and batch = $5::uuid))
  returning seq`;

const writeIds = `
  insert into message_id (app, id, seq)
  select $1::bigint, line.* from unnest($2::text[], $3::bigint[]) as line
  on conflict (app, id) do update set seq = excluded.seq`;

const findId = `
  select seq from message_id where app = $1 and id = $2`;

/** 0 if there is none. */
export async function checkpointSeq(read: Run, app: number): Promise<number> {
  const [row] = await read<{ seq: number }>(complete, [app]);
  return row?.seq ?? 0;
}

/** 0 if there is none. */
export async function chosenId(read: Run, app: number, id: string): Promise<number> {
  const [row] = await read<{ seq: number }>(findId, [app, id]);
  return row?.seq ?? 0;
}

export class Checkpoints {
  readonly #connections: Connections;
  /** What this node is called in leases. */
  readonly #node: string;

  constructor(connections: Connections, node: string) {
    this.#connections = connections;
    this.#node = node;
  }

  /** Undefined while another node has the lease, if the checkpoint is complete up to `upTo`, or the app is gone. */
  async lease(app: number, upTo?: number): Promise<number | undefined> {
    const values = [app, this.#node, upTo ?? null];
    const [row] = await this.#connections.write<{ seq: number }>(app, take, values);
    return row?.seq;
  }

  /** False, without effect, if another node took the lease, or the log does not have the point. */
  write(app: number, rows: CheckpointRows, { complete, point }: CheckpointOptions): Promise<boolean> {
    const values = [app, this.#node, complete ?? null, point?.seq ?? null, point?.batch ?? null];
    return this.#connections.transaction(async (run) => {
      const [holder] = await run<{ seq: number }>(keep, values);
      if (holder === undefined) return false;
      await Promise.all([writeRows(run, app, rows), this.#writeIds(run, app, rows.chosenIds)]);
      return true;
    });
  }

  async #writeIds(run: Run, app: number, ids: CheckpointRows['chosenIds']): Promise<void> {
    if (ids.length === 0) return;
    await run(writeIds, [app, ids.map(({ id }) => id), ids.map(({ reference }) => reference)]);
  }
}
