/** All data of a database, as rows of a transfer file: one snapshot, also beside nodes. */
import { badgeModes } from '@badged/core';
import { baseNumber } from '../retention_engine.js';
import { registryApp } from '../shared_engine.js';
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
import { readPages } from './checkpoint_tables.js';
import type { Connections, Leased } from './connections.js';
import { parseDevice, type StoredDevice } from './devices.js';
import type { Run } from './run.js';

const rowsPerPage = 1_000;

/** The pace may be that of the program that reads the file: the database must not end the transaction meanwhile. */
const beginSnapshot = `
  begin isolation level repeatable read read only; set local idle_in_transaction_session_timeout = 0`;

const secrets = `
  select name, value from secret order by name`;

const apps = `
  select number, id, name, mode, include_announcements, jabber_domain, created_at
  from app where deleted_at is null order by number`;

/** The version of the registry numbers apps. */
const lastAppNumber = `
  select seq from log_head where app = ${registryApp}`;

/** Of a log that has dropped events, the first one is not 1. */
const events = `
  select coalesce(sum(seq - coalesce((select min(seq) from event where event.app = log_head.app), 1) + 1), 0)::bigint as events
  from log_head join app on app.number = log_head.app where deleted_at is null`;

const bases = `
  select -app as app, seq from checkpoint where app < 0 and seq > 0`;

const tokens = `
  select id, label, hash, created_at from token where app = $1 order by created_at, id`;

const credentials = `
  select platform, sealed from credential where app = $1 order by platform collate "C"`;

const records = `
  select collection, id, owner, value, expires_at from record where app = $1 order by inserted_at, collection, id`;

const devices = `
  select id, user_id, target, registered_at, used_at, accepted, accepted_at, is_unregistering
  from device where app = $1 order by id`;

const alerts = `
  select request_id, audience, notification, expires_at,
    array(select device from outbox_settled where app = $1 and alert = outbox.id order by device) as settled
  from outbox where app = $1 order by id`;

const log = `
  select seq, event from event where app = $1 order by seq`;

/** Give it back with `close`. */
export async function openPostgresSource(connections: Connections): Promise<PostgresTransferSource> {
  const leased = await connections.lease();
  try {
    await leased.run(beginSnapshot);
    const [[version], [sum], stored, based] = await Promise.all([
      leased.run<{ seq: number }>(lastAppNumber),
      leased.run<{ events: number }>(events),
      leased.run<StoredApp>(apps),
      leased.run<{ app: number; seq: number }>(bases),
    ]);
    const totals = { lastAppNumber: version?.seq ?? 0, events: sum?.events ?? 0 };
    const numbers = new Set(stored.map(({ number }) => number));
    const existing = based.filter(({ app }) => numbers.has(app)).map(({ app, seq }) => [app, seq] as const);
    return new PostgresTransferSource(leased, stored.map(appRow), totals, new Map(existing));
  } catch (error) {
    leased.release(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

export class PostgresTransferSource implements TransferSource {
  readonly lastAppNumber: number;
  readonly events: number;
  readonly #leased: Leased;
  readonly #apps: readonly AppRow[];
  /** By app: the event that its base reaches. */
  readonly #bases: ReadonlyMap<number, number>;

  constructor(
    leased: Leased,
    apps: readonly AppRow[],
    totals: Pick<TransferSource, 'lastAppNumber' | 'events'>,
    bases: ReadonlyMap<number, number>,
  ) {
    this.#bases = bases;
    this.lastAppNumber = totals.lastAppNumber;
    this.events = totals.events;
    this.#leased = leased;
    this.#apps = apps;
  }

  get hasBase(): boolean {
    return this.#bases.size > 0;
  }

  async *rows(): AsyncGenerator<readonly TransferRow[]> {
    const { run } = this.#leased;
    const found = await run<StoredSecret>(secrets);
    yield found.map(secretRow);
    for (const app of this.#apps) {
      yield [app];
      yield* this.#rowsOf(app.app);
    }
  }

  close(): void {
    this.#leased.release(new Error('The snapshot is not used any more.'));
  }

  async *#rowsOf(app: number): AsyncGenerator<readonly TransferRow[]> {
    const { run } = this.#leased;
    yield* pages<StoredToken>(run, app, tokens, (row) => tokenRow(app, row));
    yield* pages<StoredCredential>(run, app, credentials, (row) => credentialRow(app, row));
    yield* pages<StoredRecord>(run, app, records, ({ collection, id, owner, value, expires_at }, number) => ({
      type: 'record',
      app,
      number,
      collection,
      id,
      owner,
      value,
      expiresAt: expires_at,
    }));
    yield* pages<StoredDevice>(run, app, devices, (row) => ({
      type: 'device',
      app,
      ...parseDevice(row),
    }));
    yield* pages<StoredAlert>(run, app, alerts, (row, number) => ({
      type: 'alert',
      app,
      number,
      requestId: row.request_id,
      audience: JSON.parse(row.audience),
      notification: row.notification,
      expiresAt: row.expires_at,
      settled: row.settled,
    }));
    const seq = this.#bases.get(app);
    if (seq !== undefined)
      for await (const page of readPages(run, baseNumber(app))) yield baseRows(app, seq, page);
    yield* pages<StoredEvent>(run, app, log, ({ seq, event }) => ({ type: 'event', app, seq, event }));
  }
}

/** `parse` gets each row with its number: 1, 2, 3 … */
async function* pages<R extends object>(
  run: Run,
  app: number,
  sql: string,
  parse: (row: R, number: number) => TransferRow,
): AsyncGenerator<readonly TransferRow[]> {
  let number = 0;
  const fetch = () => run<R>(`fetch ${rowsPerPage} from page`);
  await run(`declare page no scroll cursor for ${sql}`, [app]);
  for (let next = fetch(); ; ) {
    const rows = await next;
    const isLast = rows.length < rowsPerPage;
    // While these rows are used, the database makes the next ones ready.
    if (!isLast) next = fetch();
    next.catch(() => {});
    yield rows.map((row) => {
      number += 1;
      return parse(row, number);
    });
    if (isLast) break;
  }
  await run('close page');
}

interface StoredApp {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly mode: string;
  readonly include_announcements: boolean;
  readonly jabber_domain: string;
  readonly created_at: number;
}

interface StoredRecord {
  readonly collection: string;
  readonly id: string;
  readonly owner: string;
  readonly value: string;
  readonly expires_at: number | null;
}

interface StoredAlert {
  readonly request_id: string | null;
  readonly audience: string;
  readonly notification: string | null;
  readonly expires_at: number;
  readonly settled: readonly string[];
}

interface StoredEvent {
  readonly seq: number;
  readonly event: string;
}

function appRow(row: StoredApp): AppRow {
  return {
    type: 'app',
    app: row.number,
    id: row.id,
    name: row.name,
    mode: badgeModes.find((mode) => mode === row.mode) ?? 'disabled',
    includeAnnouncements: row.include_announcements,
    jabberDomain: row.jabber_domain,
    createdAt: row.created_at,
  };
}
