/** The outbox: one row for each alert, until it is settled for all the devices it went to. Appends add theirs in append.ts. */
import type { Audience } from '@badged/core';
import { type AlertContent, type ClaimTime, latestEnd, type OutboxAlert } from '../push_port.js';
import { alertIdAfterColumn } from './alert_ids.js';
import type { Connections } from './connections.js';
import type { Run } from './run.js';
import { isOrphaned } from './servers.js';

/** Ids are given under the lock of the app's head, so that they are in the order of the log. */
const add = `
  with next as (
    update log_head set alert = ${alertIdAfterColumn('alert')}
    where app = $1 and not exists (select 1 from outbox where app = $1 and request_id = $2)
    returning alert
  )
  insert into outbox (app, id, request_id, audience, notification, expires_at)
  select $1::bigint, next.alert, $2::text, $3::text, $4::text, $5::bigint from next
  on conflict do nothing
  returning id`;

/** The array is computed once; a subquery of `in` may run again and take more than the limit. */
const claim = `
  update outbox set claimed_until = $2, claimed_by = $6 where app = $1 and id = any(array(
    select id from outbox where app = $1 and notification is not null
    and (claimed_until <= $3 or claimed_until > $5 or ${isOrphaned('outbox')})
    and exists (select 1 from server where server.id = $6)
    order by id limit $4 for update skip locked
  )) returning id, audience, notification, expires_at`;

const renew = `
  update outbox set claimed_until = $3
  where app = $1 and id = any($2::bigint[]) and notification is not null and claimed_by = $4
  returning id`;

const settled = `
  select alert, device from outbox_settled where app = $1 and alert = any($2::bigint[])`;

const settle = `
  insert into outbox_settled (app, alert, device)
  select $1::bigint, line.alert, line.device from unnest($2::bigint[], $3::text[]) as line (alert, device)
  join outbox on outbox.app = $1 and outbox.id = line.alert and outbox.notification is not null
  on conflict (app, alert, device) do nothing`;

const clear = `
  update outbox set notification = null where app = $1 and id = $2 and request_id is not null`;

const removeAnonymous = `
  delete from outbox where app = $1 and id = $2 and request_id is null`;

const removeSettled = `
  delete from outbox_settled where app = $1 and alert = $2`;

const removeExpired = `
  delete from outbox where app = $1 and notification is null and expires_at <= $2`;

const depth = `
  select count(*) as depth from outbox where app = $1 and notification is not null`;

export class Outbox {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** False if the request id was used before. */
  async add(app: number, requestId: string, audience: Audience, content: AlertContent): Promise<boolean> {
    const { notification, expiresAt } = content;
    const values = [app, requestId, JSON.stringify(audience), notification, expiresAt];
    return (await this.#connections.write(app, add, values)).length > 0;
  }

  /** Those that are not claimed, oldest first. */
  async claim(
    app: { readonly number: number; readonly id: string },
    limit: number,
    time: ClaimTime,
    server: string,
  ): Promise<OutboxAlert[]> {
    const { number } = app;
    const rows = await this.#connections.write<StoredAlert>(number, claim, [
      number,
      time.until,
      time.now,
      limit,
      latestEnd(time),
      server,
    ]);
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const done = await this.#connections.read<{ alert: number; device: string }>(number, settled, [
      number,
      ids,
    ]);
    const devices = new Map(ids.map((id) => [id, new Set<string>()]));
    for (const { alert, device } of done) devices.get(alert)?.add(device);
    return rows
      .sort((a, b) => a.id - b.id)
      .map((row) => ({
        app: app.id,
        id: row.id,
        audience: JSON.parse(row.audience),
        content: { notification: row.notification, expiresAt: row.expires_at },
        settled: devices.get(row.id) ?? new Set(),
      }));
  }

  /** Returns those that are still claimed by the server. */
  async renew(app: number, alerts: readonly number[], until: number, server: string): Promise<number[]> {
    const rows = await this.#connections.write<{ id: number }>(app, renew, [app, alerts, until, server]);
    return rows.map(({ id }) => id);
  }

  /** In a transaction. */
  async settle(run: Run, app: number, done: readonly { alert: number; device: string }[]): Promise<void> {
    if (done.length === 0) return;
    await run(settle, [app, done.map(({ alert }) => alert), done.map(({ device }) => device)]);
  }

  /** Only a row with a request id is stored any longer: a retry with that id is recognised until it expires. */
  async complete(app: number, alert: number, now: number): Promise<void> {
    await this.#connections.transaction(async (run) => {
      await Promise.all([
        run(clear, [app, alert]),
        run(removeAnonymous, [app, alert]),
        run(removeSettled, [app, alert]),
        run(removeExpired, [app, now]),
      ]);
    });
  }

  async depth(app: number): Promise<number> {
    const [row] = await this.#connections.read<{ depth: number }>(app, depth, [app]);
    return row?.depth ?? 0;
  }
}

interface StoredAlert {
  readonly id: number;
  readonly audience: string;
  readonly notification: string;
  readonly expires_at: number;
}
