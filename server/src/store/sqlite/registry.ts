/** The tables of apps, tokens and secrets. */
import { badgeModes } from '@badged/core';
import type { RegistryTables, StoredApp } from '../engine.js';
import type { App, AppToken } from '../port.js';
import type { Connection } from './connection.js';
import type { GroupCommit } from './group_commit.js';

export class SqliteRegistry implements RegistryTables {
  readonly #connection: Connection;
  readonly #commits: GroupCommit;

  constructor(connection: Connection, commits: GroupCommit) {
    this.#connection = connection;
    this.#commits = commits;
  }

  insertApp({ id, name, settings, jabberDomain, createdAt }: App): Promise<number> {
    const insert = this.#connection.prepare(
      'insert into apps (id, name, mode, include_announcements, jabber_domain, created_at) values (?, ?, ?, ?, ?, ?)',
    );
    const { mode, includeAnnouncements } = settings;
    return this.#commits.run(() =>
      Number(
        insert.run(id, name, mode, Number(includeAnnouncements), jabberDomain, createdAt).lastInsertRowid,
      ),
    );
  }

  updateApp(number: number, { name, settings, jabberDomain }: App): Promise<void> {
    const update = this.#connection.prepare(
      'update apps set name = ?, mode = ?, include_announcements = ?, jabber_domain = ? where number = ?',
    );
    const { mode, includeAnnouncements } = settings;
    return this.#commits.run(() => {
      update.run(name, mode, Number(includeAnnouncements), jabberDomain, number);
    });
  }

  /** Its other rows are removed at the next start, when no request waits for it. */
  deleteApp(number: number, now: number): Promise<void> {
    const mark = this.#connection.prepare(
      "update apps set deleted_at = ?, id = 'deleted ' || number || ' ' || id where number = ?",
    );
    const tokens = this.#connection.prepare('delete from tokens where app = ?');
    return this.#commits.run(() => {
      mark.run(now, number);
      tokens.run(number);
    });
  }

  tokens(): AppToken[] {
    return this.#connection
      .prepare<[], StoredToken>(
        `select tokens.id, apps.id as app, label, hash, tokens.created_at
         from tokens join apps on apps.number = tokens.app where apps.deleted_at is null
         order by tokens.created_at, tokens.id`,
      )
      .all()
      .map(({ created_at: createdAt, ...token }) => ({ ...token, createdAt }));
  }

  insertToken(app: number, { id, label, hash, createdAt }: AppToken): Promise<void> {
    const insert = this.#connection.prepare(
      'insert into tokens (id, app, label, hash, created_at) values (?, ?, ?, ?, ?)',
    );
    return this.#commits.run(() => {
      insert.run(id, app, label, hash, createdAt);
    });
  }

  deleteToken(id: string): Promise<void> {
    const remove = this.#connection.prepare('delete from tokens where id = ?');
    return this.#commits.run(() => {
      remove.run(id);
    });
  }

  secret(name: string, initial: Uint8Array): Promise<Uint8Array> {
    const insert = this.#connection.prepare('insert or ignore into secrets (name, value) values (?, ?)');
    const select = this.#connection
      .prepare<[string], Uint8Array>('select value from secrets where name = ?')
      .pluck();
    return this.#commits.run(() => {
      insert.run(name, initial);
      return select.get(name) ?? initial;
    });
  }

  replaceSecret(name: string, value: Uint8Array): Promise<void> {
    const replace = this.#connection.prepare('insert or replace into secrets (name, value) values (?, ?)');
    return this.#commits.run(() => {
      replace.run(name, value);
    });
  }
}

/** Those that are not deleted, in the order in which they were created. */
export function storedApps(connection: Connection): StoredApp[] {
  const rows = connection
    .prepare<[], StoredAppRow>('select * from apps where deleted_at is null order by number')
    .all();
  return rows.map((row) => ({
    number: row.number,
    app: {
      id: row.id,
      name: row.name,
      settings: {
        mode: badgeModes.find((mode) => mode === row.mode) ?? 'disabled',
        includeAnnouncements: row.include_announcements === 1,
      },
      jabberDomain: row.jabber_domain,
      createdAt: row.created_at,
    },
  }));
}

interface StoredToken {
  id: string;
  app: string;
  label: string;
  hash: Uint8Array;
  created_at: number;
}

interface StoredAppRow {
  number: number;
  id: string;
  name: string;
  mode: string;
  include_announcements: number;
  jabber_domain: string;
  created_at: number;
}
