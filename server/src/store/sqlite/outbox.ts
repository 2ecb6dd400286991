/** The outbox: one row for each alert, until it is settled for all the devices it went to. */
import {
  type AlertContent,
  type Audience,
  type ClaimTime,
  latestEnd,
  type OutboxAlert,
} from '../push_port.js';
import type { Connection, SqliteValue } from './connection.js';

export class Outbox {
  readonly #sql: Statements;

  constructor(connection: Connection) {
    this.#sql = statements(connection);
  }

  /** False if the request id was used before. */
  add(app: number, requestId: string | null, audience: Audience, content: AlertContent): boolean {
    const { notification, expiresAt } = content;
    return (
      this.#sql.insert.run(app, requestId, JSON.stringify(audience), notification, expiresAt).changes > 0
    );
  }

  /** Those that are not claimed, oldest first. */
  claim(
    app: { readonly number: number; readonly id: string },
    limit: number,
    time: ClaimTime,
  ): OutboxAlert[] {
    const rows = this.#sql.claim.all(time.until, app.number, time.now, latestEnd(time), limit);
    return rows
      .sort((a, b) => a.id - b.id)
      .map((row) => ({
        app: app.id,
        id: row.id,
        audience: JSON.parse(row.audience),
        content: { notification: row.notification, expiresAt: row.expires_at },
        settled: new Set(this.#sql.settled.all(row.id).map(({ device }) => device)),
      }));
  }

  settle(app: number, alert: number, device: string): void {
    this.#sql.settle.run(device, app, alert);
  }

  /** Only a row with a request id is stored any longer: a retry with that id is recognised until it expires. */
  complete(app: number, alert: number, now: number): void {
    this.#sql.clear.run(app, alert);
    this.#sql.deleteSettled.run(app, alert);
    this.#sql.deleteAnonymous.run(app, alert);
    this.#sql.deleteExpired.run(now);
  }

  depth(app: number): number {
    return this.#sql.depth.get(app)?.depth ?? 0;
  }
}

type Statements = ReturnType<typeof statements>;

function statements(connection: Connection) {
  const write = <P extends SqliteValue[]>(sql: string) => connection.prepare<P>(sql);
  return {
    insert: write<[number, string | null, string, string, number]>(
      'insert or ignore into outbox (app, request_id, audience, notification, expires_at) values (?, ?, ?, ?, ?)',
    ),
    claim: connection.prepare<[number, number, number, number, number], StoredAlert>(
      `update outbox set claimed_until = ? where id in (
         select id from outbox where app = ? and notification is not null
         and (claimed_until <= ? or claimed_until > ?) order by id limit ?
       ) returning id, audience, notification, expires_at`,
    ),
    settle: write<[string, number, number]>(
      `insert or ignore into outbox_settled (alert, device)
       select id, ? from outbox where app = ? and id = ? and notification is not null`,
    ),
    settled: connection.prepare<[number], { device: string }>(
      'select device from outbox_settled where alert = ?',
    ),
    clear: write<[number, number]>('update outbox set notification = null where app = ? and id = ?'),
    deleteSettled: write<[number, number]>(
      'delete from outbox_settled where alert in (select id from outbox where app = ? and id = ?)',
    ),
    deleteAnonymous: write<[number, number]>(
      'delete from outbox where app = ? and id = ? and request_id is null',
    ),
    deleteExpired: write<[number]>('delete from outbox where notification is null and expires_at <= ?'),
    depth: connection.prepare<[number], { depth: number }>(
      'select count(*) as depth from outbox where app = ? and notification is not null',
    ),
  };
}

interface StoredAlert {
  id: number;
  audience: string;
  notification: string;
  expires_at: number;
}
