/** All data of a data directory, as rows of a transfer file: one read transaction, also beside a server. */
import { badgeModes } from '@badged/core';
import { baseNumber } from '../retention_engine.js';
import {
  type AppRow,
  baseRows,
  credentialRow,
  type StoredCredential,
  type StoredSecret,
  type StoredToken,
  secretRow,
  type TransferRow,
  type TransferSource,
  tokenRow,
} from '../transfer_port.js';
import { CheckpointTables } from './checkpoint_tables.js';
import type { Connection } from './connection.js';
import { openReadOnly } from './database.js';
import { parseDevice, type StoredDevice } from './devices.js';
import { Log } from './log.js';

const rowsPerPage = 1_000;

const lastAppNumber = `select seq from sqlite_sequence where name = 'apps'`;

const secrets = 'select name, value from secrets order by name';

const apps = `
  select number, id, name, mode, include_announcements, jabber_domain, created_at
  from apps where deleted_at is null order by number`;

const tokens = 'select id, label, hash, created_at from tokens where app = ? order by created_at, id';

const credentials = 'select platform, sealed from credentials where app = ? order by platform';

const records = 'select kind, id, owner, value, expires_at from records where app = ? order by seq';

const devices = `
  select id, user, address, registered_at, used_at, accepted, accepted_at, is_leaving
  from devices where app = ? order by id`;

const alerts = `
  select id, request_id, audience, notification, expires_at from outbox where app = ? order by id`;

const settled = 'select device from outbox_settled where alert = ? order by device';

/** Throws DataDirectoryError. */
export function openSqliteSource(directory: string): TransferSource {
  return new SqliteTransferSource(openReadOnly(directory));
}

class SqliteTransferSource implements TransferSource {
  readonly lastAppNumber: number;
  readonly events: number;
  readonly hasBase: boolean;
  readonly #tables: CheckpointTables;
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #apps: readonly AppRow[];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#log = new Log(connection);
    this.#apps = connection.prepare<[], StoredApp>(apps).all().map(appRow);
    this.lastAppNumber = connection.prepare<[], number>(lastAppNumber).pluck().get() ?? 0;
    this.#tables = new CheckpointTables(connection);
    this.hasBase = this.#apps.some(({ app }) => this.#tables.completed(baseNumber(app)) > 0);
    this.events = this.#apps.reduce((sum, { app }) => sum + this.#rowsInLog(app), 0);
  }

  async *rows(): AsyncGenerator<readonly TransferRow[]> {
    const found = this.#connection.prepare<[], StoredSecret>(secrets).all();
    yield found.map(secretRow);
    for (const app of this.#apps) {
      yield [app];
      yield* this.#rowsOf(app.app);
    }
  }

  close(): void {
    this.#connection.close();
  }

  *#rowsOf(app: number): Generator<readonly TransferRow[]> {
    yield* this.#pages<StoredToken>(app, tokens, (row) => tokenRow(app, row));
    yield* this.#pages<StoredCredential>(app, credentials, (row) => credentialRow(app, row));
    yield* this.#pages<StoredRecord>(app, records, (row, number) => recordRow(app, row, number));
    yield* this.#pages<StoredDevice>(app, devices, (row) => ({
      type: 'device',
      app,
      ...parseDevice(row),
    }));
    const settledBy = this.#connection.prepare<[number], string>(settled).pluck();
    yield* this.#pages<StoredAlert>(app, alerts, (row, number) =>
      alertRow(app, row, number, settledBy.all(row.id)),
    );
    const base = baseNumber(app);
    const seq = this.#tables.completed(base);
    if (seq > 0) for (const page of this.#tables.pages(base)) yield baseRows(app, seq, page);
    for (const page of this.#log.textsAfter(app, 0))
      yield page.map(({ seq, event }) => ({ type: 'event', app, seq, event }));
  }

  #rowsInLog(app: number): number {
    const first = this.#log.first(app);
    return first === 0 ? 0 : this.#log.last(app) - first + 1;
  }

  /** `parse` gets each row with its number: 1, 2, 3 … */
  *#pages<R>(
    app: number,
    sql: string,
    parse: (row: R, number: number) => TransferRow,
  ): Generator<readonly TransferRow[]> {
    let page: TransferRow[] = [];
    let number = 0;
    for (const row of this.#connection.prepare<[number], R>(sql).iterate(app)) {
      number += 1;
      page.push(parse(row, number));
      if (page.length < rowsPerPage) continue;
      yield page;
      page = [];
    }
    yield page;
  }
}

interface StoredApp {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly mode: string;
  readonly include_announcements: number;
  readonly jabber_domain: string;
  readonly created_at: number;
}

interface StoredRecord {
  readonly kind: string;
  readonly id: string;
  readonly owner: string;
  readonly value: string;
  readonly expires_at: number | null;
}

interface StoredAlert {
  readonly id: number;
  readonly request_id: string | null;
  readonly audience: string;
  readonly notification: string | null;
  readonly expires_at: number;
}

function appRow(row: StoredApp): AppRow {
  return {
    type: 'app',
    app: row.number,
    id: row.id,
    name: row.name,
    mode: badgeModes.find((mode) => mode === row.mode) ?? 'disabled',
    includeAnnouncements: row.include_announcements === 1,
    jabberDomain: row.jabber_domain,
    createdAt: row.created_at,
  };
}

function recordRow(app: number, row: StoredRecord, number: number): TransferRow {
  const { kind: collection, id, owner, value, expires_at: expiresAt } = row;
  return { type: 'record', app, number, collection, id, owner, value, expiresAt };
}

function alertRow(app: number, row: StoredAlert, number: number, settled: readonly string[]): TransferRow {
  return {
    type: 'alert',
    app,
    number,
    requestId: row.request_id,
    audience: JSON.parse(row.audience),
    notification: row.notification,
    expiresAt: row.expires_at,
    settled,
  };
}
