/** The tables of the apps' logs and their heads. Reading only; append.ts writes them. */
import { type LoggedMessage, parseEvent } from '@badged/core';
import type { LogRow } from '../engine.js';
import { type LogEnd, type LogHeads, type LogPoint, registryApp } from '../shared_engine.js';
import type { Run } from './run.js';

const rowsPerPage = 1_000;

/** The first event of a batch of an append is at most this far before its last one. */
const rowsPerBatch = 1_000;

/** The numbers have no gaps: with both ends named, no plan reads more than the page, also where the planner knows little. */
const page = `
  select seq, batch, event from event where app = $1 and seq > $2::bigint and seq <= $2 + ${rowsPerPage} order by seq`;

/** Nothing from a log that does not have the point. */
const pageFrom = `
  select seq, batch, event from event
  where app = $1 and seq > $2::bigint and seq <= $2 + ${rowsPerPage}
    and exists (select 1 from event where app = $1 and seq = $3 and batch = $4::uuid)
  order by seq`;

const first = `
  select seq from event where app = $1 order by seq limit 1`;

const last = `
  select seq from log_head where app = $1`;

/** The alert of the registry's row is the stamp of its version. */
const heads = `
  select head.app, head.seq, head.alert, asked.seq as asked_seq, asked.batch as asked_batch,
    (select event.batch from event where event.app = asked.app and event.seq = asked.seq) as batch
  from unnest($1::bigint[], $2::bigint[], $3::uuid[]) as asked (app, seq, batch) join log_head head on head.app = asked.app`;

const pointAtOrBelow = `
  select seq, batch from event where app = $1 and seq between $2::bigint - ${rowsPerBatch} and $2 and batch is not null
  order by seq desc limit 1`;

const lastOf = `
  select event.seq, event.batch
  from unnest($2::bigint[], $3::uuid[]) as known (seq, batch)
  join event on event.app = $1 and event.seq = known.seq and event.batch = known.batch
  order by event.seq desc limit 1`;

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
  readonly batch: string | null;
  readonly event: string;
}

interface StoredHead {
  readonly app: number;
  readonly seq: number;
  readonly alert: number;
  readonly asked_seq: number | null;
  readonly asked_batch: string | null;
  readonly batch: string | null;
}

/** 0 if there is none. */
export async function firstSeq(read: Read, app: number): Promise<number> {
  const [row] = await read<{ seq: number }>(first, [app]);
  return row?.seq ?? 0;
}

export async function lastSeq(read: Read, app: number): Promise<number> {
  const [row] = await read<{ seq: number }>(last, [app]);
  return row?.seq ?? 0;
}

export async function headsOf(
  read: Read,
  asked: ReadonlyMap<number, LogPoint | undefined>,
): Promise<LogHeads> {
  const points = [undefined, ...asked.values()];
  const rows = await read<StoredHead>(heads, [
    [registryApp, ...asked.keys()],
    points.map((point) => point?.seq ?? null),
    points.map((point) => point?.batch ?? null),
  ]);
  const registry = rows.find(({ app }) => app === registryApp);
  return {
    registry: { number: registry?.seq ?? 0, stamp: registry?.alert ?? 0 },
    apps: new Map(rows.map((row) => [row.app, headOf(row)])),
  };
}

function headOf({ seq, asked_seq: askedSeq, asked_batch: askedBatch, batch }: StoredHead) {
  if (askedSeq === null || askedBatch === null || askedBatch === batch) return { seq };
  return { seq, missing: { seq: askedSeq, batch: askedBatch } };
}

/** The first thousand events after this one; there may be more if there are a thousand. */
export async function pageAfter(read: Read, app: number, seq: number): Promise<readonly LogRow[]> {
  return parseRows(await read<Row>(page, [app, seq]));
}

/** The same, but nothing if the log does not have the point. */
async function pageAfterEnd(read: Read, app: number, { seq, point }: LogEnd): Promise<readonly LogRow[]> {
  if (point === undefined) return pageAfter(read, app, seq);
  return parseRows(await read<Row>(pageFrom, [app, seq, point.seq, point.batch]));
}

function parseRows(rows: readonly Row[]): readonly LogRow[] {
  return rows.map(({ seq, batch, event }) => ({
    seq,
    event: parseEvent(event),
    ...(batch !== null && { batch }),
  }));
}

export function logAfter(read: Read, app: number, seq: number): AsyncGenerator<readonly LogRow[]> {
  return eventsAfter(read, app, { seq, point: undefined });
}

export async function* eventsAfter(read: Read, app: number, end: LogEnd): AsyncGenerator<readonly LogRow[]> {
  for (let after = end; ; ) {
    const rows = await pageAfterEnd(read, app, after);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsPerPage) return;
    after = { seq: rows.at(-1)?.seq ?? after.seq, point: lastPoint(rows) ?? after.point };
  }
}

/** Of the last batch that begins in these rows. */
export function lastPoint(rows: readonly LogRow[]): LogPoint | undefined {
  const last = rows.findLast(({ batch }) => batch !== undefined);
  return last?.batch === undefined ? undefined : { seq: last.seq, batch: last.batch };
}

export async function pointAt(read: Read, app: number, seq: number): Promise<LogPoint | undefined> {
  const [point] = await read<LogPoint>(pointAtOrBelow, [app, seq]);
  return point;
}

export async function lastCommon(
  read: Read,
  app: number,
  points: readonly LogPoint[],
): Promise<LogPoint | undefined> {
  const columns = [points.map(({ seq }) => seq), points.map(({ batch }) => batch)];
  const [point] = await read<LogPoint>(lastOf, [app, ...columns]);
  return point;
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
