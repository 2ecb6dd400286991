/** Takes in the rows of a transfer file. Each write is a transaction, with the position that it ends at. */
import { targetKey } from '../device_registrations.js';
import { baseNumber } from '../retention_engine.js';
import {
  type AlertRow,
  checkpointRows,
  ImportOvertaken,
  type ImportPosition,
  type TransferRow,
  type TransferTarget,
} from '../transfer_port.js';
import { CheckpointTables } from './checkpoint_tables.js';
import type { Connection } from './connection.js';
import { setSynchronous } from './database.js';
import { importPosition } from './import_progress.js';
import { Log } from './log.js';

/** The key of the log has no room for more (log.ts). */
const largestAppNumber = 2 ** 23 - 1;

export class SqliteTransferTarget implements TransferTarget {
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #tables: CheckpointTables;
  readonly #sql: Statements;

  /** The connection's process owns the data directory. */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#log = new Log(connection);
    this.#tables = new CheckpointTables(connection);
    this.#sql = statements(connection);
  }

  state(): 'empty' | 'in use' | ImportPosition {
    return importPosition(this.#connection) ?? (this.#sql.isUsed.get() === 1 ? 'in use' : 'empty');
  }

  begin({ lines, sha256 }: ImportPosition): void {
    this.#sql.begin.run(lines, sha256);
  }

  /** Synced with the last one: after a power cut, an import goes on from what reached the disk. */
  write(rows: readonly TransferRow[], after: ImportPosition, { lines, sha256 }: ImportPosition): void {
    setSynchronous(this.#connection, 'NORMAL');
    this.#connection.transaction(() => {
      if (this.#sql.move.run(lines, sha256, after.lines).changes === 0) throw new ImportOvertaken();
      for (const row of rows) this.#insert(row);
    })();
  }

  complete(lastAppNumber: number): void {
    setSynchronous(this.#connection, 'FULL');
    this.#connection.transaction(() => {
      this.#sql.forgetLastNumber.run();
      this.#sql.setLastNumber.run(lastAppNumber);
      this.#sql.complete.run();
    })();
  }

  #insert(row: TransferRow): void {
    const sql = this.#sql;
    switch (row.type) {
      case 'secret':
        sql.secret.run(row.name, bytes(row.value));
        return;
      case 'app': {
        if (row.app > largestAppNumber) throw new Error(`app ${row.id} has the number ${row.app}`);
        const includes = Number(row.includeAnnouncements);
        sql.app.run(row.app, row.id, row.name, row.mode, includes, row.jabberDomain, row.createdAt);
        return;
      }
      case 'token':
        sql.token.run(row.id, row.app, row.label, bytes(row.hash), row.createdAt);
        return;
      case 'credential':
        sql.credential.run(row.app, row.platform, bytes(row.sealed));
        return;
      case 'record':
        sql.record.run(row.app, row.collection, row.id, row.owner, row.value, row.expiresAt);
        return;
      case 'device': {
        const { app, id, user, target, registeredAt, usedAt, accepted, acceptedAt } = row;
        const addressed = [JSON.stringify(target), targetKey(target)];
        const times = [registeredAt, usedAt, accepted, acceptedAt];
        sql.device.run(app, id, user, ...addressed, ...times, Number(row.isUnregistering));
        return;
      }
      case 'alert':
        this.#insertAlert(row);
        return;
      case 'base':
        this.#tables.write(baseNumber(row.app), checkpointRows([row]));
        this.#tables.complete(baseNumber(row.app), row.seq);
        return;
      case 'event':
        this.#log.appendText(row.app, row.seq, row.event);
    }
  }

  #insertAlert({ app, requestId, audience, notification, expiresAt, settled }: AlertRow): void {
    const { lastInsertRowid: alert } = this.#sql.alert.run(
      app,
      requestId,
      JSON.stringify(audience),
      notification,
      expiresAt,
    );
    for (const device of settled) this.#sql.settled.run(Number(alert), device);
  }
}

function bytes(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}

type Value = string | number | null | Uint8Array;
type Statements = ReturnType<typeof statements>;

function statements(connection: Connection) {
  const write = (sql: string) => connection.prepare<Value[]>(sql);
  return {
    isUsed: connection
      .prepare<[], number>(
        'select exists (select 1 from apps) or exists (select 1 from secrets) or exists (select 1 from log)',
      )
      .pluck(),
    begin: write('insert into import_progress (id, lines, sha256) values (1, ?, ?)'),
    move: write('update import_progress set lines = ?, sha256 = ? where lines = ?'),
    complete: write('delete from import_progress'),
    forgetLastNumber: write(`delete from sqlite_sequence where name = 'apps'`),
    setLastNumber: write(`insert into sqlite_sequence (name, seq) values ('apps', ?)`),
    secret: write('insert into secrets (name, value) values (?, ?)'),
    app: write(
      `insert into apps (number, id, name, mode, include_announcements, jabber_domain, created_at)
       values (?, ?, ?, ?, ?, ?, ?)`,
    ),
    token: write('insert into tokens (id, app, label, hash, created_at) values (?, ?, ?, ?, ?)'),
    credential: write('insert into credentials (app, platform, sealed) values (?, ?, ?)'),
    record: write('insert into records (app, kind, id, owner, value, expires_at) values (?, ?, ?, ?, ?, ?)'),
    device: write(
      `insert into devices (app, id, user, address, address_key, registered_at, used_at, accepted, accepted_at, is_leaving)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    alert: write(
      'insert into outbox (app, request_id, audience, notification, expires_at) values (?, ?, ?, ?, ?)',
    ),
    settled: write('insert into outbox_settled (alert, device) values (?, ?)'),
  };
}
