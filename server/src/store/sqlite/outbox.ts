/** The outbox: one row for each alert, until it is settled for all the devices it went to. */
import type { AlertContent, Audience, OutboxAlert } from '../push_port.js';
import type { Connection } from './database.js';

export class Outbox {
  readonly #connection: Connection;
  readonly #insert;
  readonly #settle;
  readonly #settled;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert = connection.prepare<[number, string | null, string, string, number]>(
      'insert or ignore into outbox (app, request_id, audience, notification, expires_at) values (?, ?, ?, ?, ?)',
    );
    this.#settle = connection.prepare<[string, number, number]>(
      `insert or ignore into outbox_settled (alert, device)
       select id, ? from outbox where app = ? and id = ? and notification is not null`,
    );
    this.#settled = connection.prepare<[number], { device: string }>(
      'select device from outbox_settled where alert = ?',
    );
  }

  /** False if the request id was used before. */
  add(app: number, requestId: string | null, audience: Audience, content: AlertContent): boolean {
    const { notification, expiresAt } = content;
    return this.#insert.run(app, requestId, JSON.stringify(audience), notification, expiresAt).changes > 0;
  }

  /** Those that nobody has claimed, oldest first. */
  claim(
    app: { readonly number: number; readonly id: string },
    limit: number,
    until: number,
    now: number,
  ): OutboxAlert[] {
    const rows = this.#connection
      .prepare<[number, number, number, number], StoredAlert>(
        `update outbox set claimed_until = ? where id in (
           select id from outbox where app = ? and notification is not null and claimed_until <= ? order by id limit ?
         ) returning id, audience, notification, expires_at`,
      )
      .all(until, app.number, now, limit);
    return rows
      .sort((a, b) => a.id - b.id)
      .map((row) => ({
        app: app.id,
        id: row.id,
        audience: JSON.parse(row.audience),
        content: { notification: row.notification, expiresAt: row.expires_at },
        settled: new Set(this.#settled.all(row.id).map(({ device }) => device)),
      }));
  }

  settle(app: number, alert: number, device: string): void {
    this.#settle.run(device, app, alert);
  }

  /** Only a row with a request id is of use to anybody afterwards. */
  complete(app: number, alert: number, now: number): void {
    this.#connection
      .prepare('update outbox set notification = null where app = ? and id = ?')
      .run(app, alert);
    const mine = 'select id from outbox where app = ? and id = ?';
    this.#connection.prepare(`delete from outbox_settled where alert in (${mine})`).run(app, alert);
    this.#connection
      .prepare('delete from outbox where app = ? and id = ? and request_id is null')
      .run(app, alert);
    this.#connection.prepare('delete from outbox where notification is null and expires_at <= ?').run(now);
  }

  depth(app: number): number {
    const sql = 'select count(*) as depth from outbox where app = ? and notification is not null';
    return this.#connection.prepare<[number], { depth: number }>(sql).get(app)?.depth ?? 0;
  }
}

interface StoredAlert {
  id: number;
  audience: string;
  notification: string;
  expires_at: number;
}
