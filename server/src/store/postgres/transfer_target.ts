/** Takes in the rows of a transfer file. Each write is a transaction, with the position that it ends at. */
import { randomUUID } from 'node:crypto';
import { targetKey } from '../device_registrations.js';
import { baseNumber } from '../retention_engine.js';
import { registryApp } from '../shared_engine.js';
import {
  type AlertRow,
  type BaseRow,
  checkpointRows,
  type DeviceRow,
  type EventRow,
  ImportOvertaken,
  type ImportPosition,
  rowsOf,
  type TransferRow,
  type TransferTarget,
} from '../transfer_port.js';
import { writeRows } from './checkpoint_tables.js';
import type { Connections } from './connections.js';
import { importPosition } from './import_progress.js';
import type { Run, Value } from './run.js';

const isUsed = `
  select exists (select 1 from app) or exists (select 1 from secret) or exists (select 1 from event) as used`;

const begin = `
  insert into import_progress (id, lines, sha256) values (1, $1, $2)`;

const move = `
  update import_progress set lines = $1, sha256 = $2 where lines = $3 returning lines`;

const complete = `
  delete from import_progress`;

/** The version of the registry numbers apps. The registry has no alerts: the column is the stamp of its version. */
const setLastNumber = `
  update log_head set seq = $1, alert = floor(random() * 9007199254740992)::bigint where app = ${registryApp}`;

const insertSecrets = `
  insert into secret (name, value) select line.name, decode(line.value, 'base64')
  from unnest($1::text[], $2::text[]) as line (name, value)`;

const insertApps = `
  insert into app (number, id, name, mode, include_announcements, jabber_domain, created_at)
  select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::bigint[])`;

const insertHeads = `
  insert into log_head (app, seq, alert) select app, 0, 0 from unnest($1::bigint[]) as line (app)`;

const insertCheckpoints = `
  insert into checkpoint (app, seq) select app, 0 from unnest($1::bigint[]) as line (app)`;

const setBase = `
  insert into checkpoint (app, seq) values ($1, $2) on conflict (app) do update set seq = excluded.seq`;

const insertTokens = `
  insert into token (app, id, label, hash, created_at)
  select line.app, line.id, line.label, decode(line.hash, 'base64'), line.created_at
  from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[])
    as line (app, id, label, hash, created_at)`;

const insertCredentials = `
  insert into credential (app, platform, sealed) select line.app, line.platform, decode(line.sealed, 'base64')
  from unnest($1::bigint[], $2::text[], $3::text[]) as line (app, platform, sealed)`;

/** A record's number becomes its time, so that later ones come after it. */
const insertRecords = `
  insert into record (app, inserted_at, collection, id, owner, value, expires_at)
  select line.app, to_timestamp(0) + line.number * interval '1 microsecond', line.collection, line.id, line.owner,
    line.value, line.expires_at
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
    as line (app, number, collection, id, owner, value, expires_at)`;

const insertDevices = `
  insert into device (app, id, user_id, target, target_key, registered_at, used_at, accepted, accepted_at, is_unregistering)
  select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::boolean[])`;

const insertAlerts = `
  insert into outbox (app, id, request_id, audience, notification, expires_at)
  select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[])`;

const insertSettled = `
  insert into outbox_settled (app, alert, device) select * from unnest($1::bigint[], $2::bigint[], $3::text[])`;

/** The last number of each app. */
const setLastAlerts = `
  update log_head set alert = last.number
  from (select app, max(number) as number from unnest($1::bigint[], $2::bigint[]) as line (app, number) group by app) as last
  where log_head.app = last.app`;

/** As append.ts does: events are JSON without raw line breaks, and the first of each app carries the batch's id. */
const insertEvents = `
  insert into event (app, seq, batch, event)
  select * from unnest($1::bigint[], $2::bigint[], $3::uuid[], string_to_array($4, e'\\n'))`;

const setHeads = `
  update log_head set seq = last.seq
  from (select app, max(seq) as seq from unnest($1::bigint[], $2::bigint[]) as line (app, seq) group by app) as last
  where log_head.app = last.app`;

export class PostgresTransferTarget implements TransferTarget {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async state(): Promise<'empty' | 'in use' | ImportPosition> {
    const read: Run = (sql, values) => this.#connections.read(registryApp, sql, values);
    const position = await importPosition(read);
    if (position !== undefined) return position;
    const [row] = await read<{ used: boolean }>(isUsed);
    return row?.used === true ? 'in use' : 'empty';
  }

  async begin({ lines, sha256 }: ImportPosition): Promise<void> {
    await this.#connections.write(registryApp, begin, [lines, sha256]);
  }

  async write(
    rows: readonly TransferRow[],
    after: ImportPosition,
    { lines, sha256 }: ImportPosition,
  ): Promise<void> {
    await this.#connections.transaction(async (run) => {
      const moved = run(move, [lines, sha256, after.lines]);
      const [position] = await Promise.all([moved, ...inserts(run, rows)]);
      if (position.length === 0) throw new ImportOvertaken();
    });
  }

  async complete(lastAppNumber: number): Promise<void> {
    await this.#connections.transaction(async (run) => {
      await Promise.all([run(setLastNumber, [lastAppNumber]), run(complete)]);
    });
  }
}

/** One statement or two for each type that has rows, handed in at once. */
function inserts(run: Run, rows: readonly TransferRow[]): Promise<unknown>[] {
  const apps = rowsOf(rows, 'app');
  const numbers = [apps.map(({ app }) => app)];
  return [
    insert(run, insertSecrets, rowsOf(rows, 'secret'), ({ name, value }) => [name, value]),
    insert(
      run,
      insertApps,
      apps,
      ({ app, id, name, mode, includeAnnouncements, jabberDomain, createdAt }) => [
        app,
        id,
        name,
        mode,
        includeAnnouncements,
        jabberDomain,
        createdAt,
      ],
    ),
    ...(apps.length > 0 ? [run(insertHeads, numbers), run(insertCheckpoints, numbers)] : []),
    insert(run, insertTokens, rowsOf(rows, 'token'), ({ app, id, label, hash, createdAt }) => [
      app,
      id,
      label,
      hash,
      createdAt,
    ]),
    insert(run, insertCredentials, rowsOf(rows, 'credential'), ({ app, platform, sealed }) => [
      app,
      platform,
      sealed,
    ]),
    insert(
      run,
      insertRecords,
      rowsOf(rows, 'record'),
      ({ app, number, collection, id, owner, value, expiresAt }) => [
        app,
        number,
        collection,
        id,
        owner,
        value,
        expiresAt,
      ],
    ),
    insert(run, insertDevices, rowsOf(rows, 'device'), deviceCells),
    ...insertOutbox(run, rowsOf(rows, 'alert')),
    ...insertBases(run, rowsOf(rows, 'base')),
    ...insertLog(run, rowsOf(rows, 'event')),
  ];
}

function deviceCells(row: DeviceRow): readonly Cell[] {
  const { app, id, user, target, registeredAt, usedAt, accepted, acceptedAt, isUnregistering } = row;
  const addressed = [JSON.stringify(target), targetKey(target)];
  return [app, id, user, ...addressed, registeredAt, usedAt, accepted, acceptedAt, isUnregistering];
}

function insertOutbox(run: Run, alerts: readonly AlertRow[]): Promise<unknown>[] {
  if (alerts.length === 0) return [];
  const settled = alerts.flatMap(({ app, number, settled }) =>
    settled.map((device) => ({ app, number, device })),
  );
  return [
    insert(run, insertAlerts, alerts, ({ app, number, requestId, audience, notification, expiresAt }) => [
      app,
      number,
      requestId,
      JSON.stringify(audience),
      notification,
      expiresAt,
    ]),
    insert(run, insertSettled, settled, ({ app, number, device }) => [app, number, device]),
    run(setLastAlerts, [alerts.map(({ app }) => app), alerts.map(({ number }) => number)]),
  ];
}

function insertBases(run: Run, rows: readonly BaseRow[]): Promise<unknown>[] {
  return [...new Set(rows.map(({ app }) => app))].map(async (app) => {
    const ofApp = rows.filter((row) => row.app === app);
    const number = baseNumber(app);
    const base = run(setBase, [number, ofApp[0]?.seq ?? 0]);
    await Promise.all([base, writeRows(run, number, checkpointRows(ofApp))]);
  });
}

function insertLog(run: Run, events: readonly EventRow[]): Promise<unknown>[] {
  if (events.length === 0) return [];
  const [apps, seqs] = [events.map(({ app }) => app), events.map(({ seq }) => seq)];
  const batches = apps.map((app, index) => (app === apps[index - 1] ? null : randomUUID()));
  const texts = events.map(({ event }) => event).join('\n');
  return [run(insertEvents, [apps, seqs, batches, texts]), run(setHeads, [apps, seqs])];
}

type Cell = string | number | boolean | null;

/** The rows as one list for each column. */
async function insert<R>(
  run: Run,
  sql: string,
  rows: readonly R[],
  cells: (row: R) => readonly Cell[],
): Promise<void> {
  if (rows.length === 0) return;
  const lines = rows.map(cells);
  const columns: Value[] = (lines[0] ?? []).map((_, index) => lines.map((line) => line[index] ?? null));
  await run(sql, columns);
}
