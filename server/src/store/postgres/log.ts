/** The tables of the apps' logs and their heads. Reading only; append.ts writes them. */
import { type LoggedMessage, parseEvent } from '@badged/core';
import type { LogRow } from '../engine.js';
import type { Run } from './run.js';

const rowsPerPage = 1_000;

const page = `
  select seq, event from event where app = $1 and seq > $2 order by seq limit ${rowsPerPage}`;

const last = `
  select seq from log_head where app = $1`;

const heads = `
  select app, seq from log_head where app = any($1::bigint[])`;

/** Each message names the one before it in its conversation by its number in the log. */
const back = `
  with recursive back (seq, event, n) as (
    select seq, event, 1 from event where app = $1 and seq = $2
    union all
    select event.seq, event.event, back.n + 1
    from back join event on event.app = $1 and event.seq = (back.event::json ->> 'previous')::bigint
    where back.n < $4
      and back.event::json ->> 'type' = 'message'
      and (back.event::json ->> 'position')::bigint > $3
  )
  select seq, event from back order by n`;

/** The functions of this file run on any connection. */
type Read = Run;

interface Row {
  readonly seq: number;
  readonly event: string;
}

export async function lastSeq(read: Read, app: number): Promise<number> {
  const [row] = await read<{ seq: number }>(last, [app]);
  return row?.seq ?? 0;
}

export async function headsOf(read: Read, apps: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await read<{ app: number; seq: number }>(heads, [apps]);
  return new Map(rows.map(({ app, seq }) => [app, seq]));
}

/** The first thousand events after this one; there may be more if there are a thousand. */
export async function pageAfter(read: Read, app: number, seq: number): Promise<readonly LogRow[]> {
  const rows = await read<Row>(page, [app, seq]);
  return rows.map((row) => ({ seq: row.seq, event: parseEvent(row.event) }));
}

export async function* logAfter(read: Read, app: number, seq: number): AsyncGenerator<readonly LogRow[]> {
  for (let after = seq; ; ) {
    const rows = await pageAfter(read, app, after);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsPerPage) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

/** Whether a page was full, so that another one may follow. */
export function isFull(rows: readonly LogRow[]): boolean {
  return rows.length === rowsPerPage;
}

export async function messagesBack(
  read: Read,
  app: number,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<readonly LoggedMessage[]> {
  const rows = await read<Row>(back, [app, from, to, limit]);
  const found: LoggedMessage[] = [];
  for (const { seq, event } of rows) {
    const message = parseEvent(event);
    if (message.type !== 'message') break;
    found.push({ reference: seq, message });
  }
  return found;
}
