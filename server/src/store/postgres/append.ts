/**
 * Appends a batch to an app's log: locks the head, reads what others appended, decides, inserts and commits, in two round
 * trips. The database inserts the first rows while those after them are decided. If the outcome of a commit is not known, the batch is looked up under the lock, which waits for the end of the
 * transaction that broke; if it is not there and no other node has appended, the same rows are inserted again.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Decide, LogRow, NewRow } from '../engine.js';
import { StoreUnavailable } from '../port.js';
import { AppGone, type LogEnd, LogMoved, type LogPoint } from '../shared_engine.js';
import { alertIdAfter } from './alert_ids.js';
import type { Connections, Leased } from './connections.js';
import { asError, isCollision, isConnectionLoss, patienceMs } from './errors.js';
import { isFull, lastPoint, pageAfter } from './log.js';

const lockHead = `
  select seq, alert, (select batch from event where event.app = $1 and event.seq = $2) as batch
  from log_head where app = $1 for update`;

const moveHead = `
  update log_head set seq = $2, alert = $3 where app = $1`;

/** Events are JSON without raw line breaks, so that one text carries them all. */
const insertEvents = `
  insert into event (app, seq, batch, event)
  select $1::bigint, $2::bigint + line.n, case when line.n = 1 then $3::uuid end, line.event
  from unnest(string_to_array($4, e'\\n')) with ordinality as line (event, n)`;

const insertAlerts = `
  insert into outbox (app, id, audience, notification, expires_at)
  select $1::bigint, alert.id, alert.audience, alert.notification, alert.expires_at
  from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[])
    as alert (id, audience, notification, expires_at)`;

/** So that the database has something to insert while the rest of a large batch is decided. */
const rowsPerStatement = 200;

const batchAt = `
  select batch from event where app = $1 and seq = $2`;

interface Head {
  readonly seq: number;
  /** The id of the last alert. */
  readonly alert: number;
  /** At the place of the point that was asked about. */
  readonly batch: string | null;
}

/** What was decided on the log up to `head`. */
interface Batch {
  readonly id: string;
  readonly app: number;
  readonly head: Head;
  /** The newest one of the log that it was decided on. */
  readonly point: LogPoint | undefined;
  readonly rows: readonly NewRow[];
}

/**
 * Returns the point of what was committed, if anything was. Throws LogMoved, AppGone, StoreUnavailable; else the rows cannot
 * be stored.
 */
export async function append(
  connections: Connections,
  app: number,
  after: LogEnd,
  decide: Decide,
): Promise<LogPoint | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const leased = await connections.lease();
    let batch: Batch | undefined;
    try {
      const { head, tail } = await lock(leased, app, after);
      const rows: NewRow[] = [];
      batch = { id: randomUUID(), app, head, point: lastPoint(tail) ?? after.point, rows };
      const insertion = new Insertion(leased, batch);
      decide(tail, (row) => {
        rows.push(row);
        if (insertion.waiting >= rowsPerStatement) insertion.send();
      });
      await Promise.all([insertion.finish(), leased.commit()]);
      leased.release();
      return rows.length > 0 ? pointOf(batch) : undefined;
    } catch (error) {
      leased.release(asError(error));
      if (batch !== undefined && batch.rows.length > 0) return resume(connections, batch, error);
      // Nothing was decided, or nothing that changes anything.
      if (batch !== undefined && isConnectionLoss(error)) return undefined;
      if (batch !== undefined || attempt === 10 || !isPassing(error)) throw asUnavailable(error);
      await delay(Math.random() * 2 ** attempt);
    }
  }
}

function pointOf({ id, head }: Batch): LogPoint {
  return { seq: head.seq + 1, batch: id };
}

async function lock({ runPrepared: run, begin }: Leased, app: number, { seq: after, point }: LogEnd) {
  const [, [head], first] = await Promise.all([
    begin(),
    run<Head>(lockHead, [app, point?.seq ?? null]),
    pageAfter(run, app, after),
  ]);
  if (head === undefined) throw new AppGone();
  if (point !== undefined && head.batch !== point.batch) throw new LogMoved(otherLog(point));
  const tail: LogRow[] = [...first];
  for (let rows = first; isFull(rows); ) {
    rows = await pageAfter(run, app, tail.at(-1)?.seq ?? after);
    tail.push(...rows);
  }
  if (head.seq !== (tail.at(-1)?.seq ?? after)) throw new LogMoved(`The log ends at ${head.seq}.`);
  return { head, tail };
}

function otherLog({ seq }: LogPoint): string {
  return `The log has another event ${seq}.`;
}

/** The rows of a batch on their way into the database, in several statements. */
class Insertion {
  readonly #leased: Leased;
  readonly #batch: Batch;
  readonly #statements: Promise<unknown>[] = [];
  #sent = 0;

  constructor(leased: Leased, batch: Batch) {
    this.#leased = leased;
    this.#batch = batch;
  }

  /** How many rows were not sent yet. */
  get waiting(): number {
    return this.#batch.rows.length - this.#sent;
  }

  /** Hands in a statement with the rows that wait. */
  send(): void {
    const { id, app, head, rows } = this.#batch;
    const [from, events] = [this.#sent, rows.slice(this.#sent).map(({ event }) => JSON.stringify(event))];
    this.#sent = rows.length;
    const values = [app, head.seq + from, from === 0 ? id : null, events.join('\n')];
    this.#run(this.#leased.runPrepared(insertEvents, values));
  }

  /** Hands in all the rest at once, so that a commit after it shares the round trip. Resolves when all are inserted. */
  async finish(): Promise<void> {
    const { app, head, rows } = this.#batch;
    if (rows.length === 0) return;
    if (this.waiting > 0) this.send();
    const alerts = rows.flatMap(({ alert }) => alert ?? []);
    const ids: number[] = [];
    for (const _ of alerts) ids.push(alertIdAfter(ids.at(-1) ?? head.alert));
    const last = [head.seq + rows.length, ids.at(-1) ?? head.alert];
    this.#run(this.#leased.runPrepared(moveHead, [app, ...last]));
    if (alerts.length > 0) {
      const columns = [
        ids,
        alerts.map(({ audience }) => JSON.stringify(audience)),
        alerts.map(({ content }) => content.notification),
        alerts.map(({ content }) => content.expiresAt),
      ];
      this.#run(this.#leased.run(insertAlerts, [app, ...columns]));
    }
    await Promise.all(this.#statements);
  }

  #run(statement: Promise<unknown>): void {
    // If deciding fails, nothing waits for it.
    statement.catch(() => {});
    this.#statements.push(statement);
  }
}

/** After an error: finds out whether the batch landed, and inserts it again where it may be. */
async function resume(connections: Connections, batch: Batch, cause: unknown): Promise<LogPoint> {
  const { point } = batch;
  let error = cause;
  for (const end = performance.now() + patienceMs; ; ) {
    if (!isPassing(error)) throw asUnavailable(error);
    if (performance.now() > end) throw new StoreUnavailable(`It is not known whether it is stored: ${error}`);
    await delay(10 + Math.random() * 90);
    const leased = await connections.lease();
    try {
      const [, [head], [found]] = await Promise.all([
        leased.begin(),
        leased.run<Head>(lockHead, [batch.app, point?.seq ?? null]),
        leased.run<{ batch: string | null }>(batchAt, [batch.app, batch.head.seq + 1]),
      ]);
      const hasLanded = found?.batch === batch.id;
      if (!hasLanded) {
        if (head === undefined) throw new AppGone();
        if (point !== undefined && head.batch !== point.batch) throw new LogMoved(otherLog(point));
        if (head.seq !== batch.head.seq) throw new LogMoved(`The log ends at ${head.seq}.`);
        await Promise.all([new Insertion(leased, { ...batch, head }).finish(), leased.commit()]);
      }
      if (hasLanded) await leased.commit();
      leased.release();
      return pointOf(batch);
    } catch (again) {
      leased.release(asError(again));
      error = again;
    }
  }
}

function isPassing(error: unknown): boolean {
  return isCollision(error) || isConnectionLoss(error);
}

function asUnavailable(error: unknown): Error {
  return isPassing(error) ? new StoreUnavailable(asError(error).message) : asError(error);
}
