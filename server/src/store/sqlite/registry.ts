/** The tables of apps, tokens and secrets. */
import { badgeModes } from '@badged/core';
import type { RegistryTables, StoredApp } from '../engine.js';
import type { App, AppChange, AppToken } from '../port.js';
import type { Connection, SqliteValue } from './connection.js';
import type { GroupCommit } from './group_commit.js';

export class SqliteRegistry implements RegistryTables {
  readonly #sql: Statements;
  readonly #commits: GroupCommit;

  constructor(connection: Connection, commits: GroupCommit) {
    this.#sql = statements(connection);
    this.#commits = commits;
  }

  insertApp({ id, name, settings, jabberDomain, createdAt }: App): Promise<number> {
    const { mode, includeAnnouncements } = settings;
    return this.#commits.run(() => {
      const includes = Number(includeAnnouncements);
      return Number(
        this.#sql.insertApp.run(id, name, mode, includes, jabberDomain, createdAt).lastInsertRowid,
      );
    });
  }

  updateApp(number: number, { name, settings, jabberDomain }: AppChange): Promise<void> {
    const { mode, includeAnnouncements } = settings ?? {};
    const includes = includeAnnouncements === undefined ? null : Number(includeAnnouncements);
    return this.#commits.run(() => {
      this.#sql.updateApp.run(name ?? null, mode ?? null, includes, jabberDomain ?? null, number);
    });
  }

  /** Its other rows are removed at the next start, when no request waits for it. */
  deleteApp(number: number, now: number): Promise<void> {
    return this.#commits.run(() => {
      this.#sql.markDeleted.run(now, number);
      this.#sql.deleteTokens.run(number);
    });
  }

  tokens(): AppToken[] {
    const rows = this.#sql.tokens.all();
    return rows.map(({ created_at: createdAt, ...token }) => ({ ...token, createdAt }));
  }

  insertToken(app: number, { id, label, hash, createdAt }: AppToken): Promise<void> {
    return this.#commits.run(() => {
      this.#sql.insertToken.run(id, app, label, hash, createdAt);
    });
  }

  deleteToken(id: string): Promise<void> {
    return this.#commits.run(() => {
      this.#sql.deleteToken.run(id);
    });
  }

  secret(name: string, initial: Uint8Array): Promise<Uint8Array> {
    return this.#commits.run(() => {
      this.#sql.insertSecret.run(name, initial);
      return this.#sql.secret.get(name)?.value ?? initial;
    });
  }

  replaceSecret(name: string, value: Uint8Array): Promise<void> {
    return this.#commits.run(() => {
      this.#sql.replaceSecret.run(name, value);
    });
  }

  endSession(id: string, expiresAt: number, now: number): Promise<void> {
    return this.#commits.run(() => {
      this.#sql.forgetSessions.run(now);
      this.#sql.endSession.run(id, expiresAt);
    });
  }

  async hasEnded(id: string): Promise<boolean> {
    const hasEnded = this.#sql.endedSession.get(id) !== undefined;
    await this.#commits.durable();
    return hasEnded;
  }
}

type Statements = ReturnType<typeof statements>;

function statements(connection: Connection) {
  const write = <P extends SqliteValue[]>(sql: string) => connection.prepare<P>(sql);
  return {
    insertApp: write<[string, string, string, number, string, number]>(
      'insert into apps (id, name, mode, include_announcements, jabber_domain, created_at) values (?, ?, ?, ?, ?, ?)',
    ),
    updateApp: write<[string | null, string | null, number | null, string | null, number]>(
      `update apps set name = coalesce(?, name), mode = coalesce(?, mode),
         include_announcements = coalesce(?, include_announcements), jabber_domain = coalesce(?, jabber_domain)
       where number = ?`,
    ),
    markDeleted: write<[number, number]>(
      "update apps set deleted_at = ?, id = 'deleted ' || number || ' ' || id where number = ?",
    ),
    deleteTokens: write<[number]>('delete from tokens where app = ?'),
    tokens: connection.prepare<[], StoredToken>(
      `select tokens.id, apps.id as app, label, hash, tokens.created_at
       from tokens join apps on apps.number = tokens.app where apps.deleted_at is null
       order by tokens.created_at, tokens.id`,
    ),
    insertToken: write<[string, number, string, Uint8Array, number]>(
      'insert into tokens (id, app, label, hash, created_at) values (?, ?, ?, ?, ?)',
    ),
    deleteToken: write<[string]>('delete from tokens where id = ?'),
    insertSecret: write<[string, Uint8Array]>('insert or ignore into secrets (name, value) values (?, ?)'),
    replaceSecret: write<[string, Uint8Array]>('insert or replace into secrets (name, value) values (?, ?)'),
    endSession: write<[string, number]>(
      'insert or ignore into ended_sessions (id, expires_at) values (?, ?)',
    ),
    forgetSessions: write<[number]>('delete from ended_sessions where expires_at <= ?'),
    endedSession: connection.prepare<[string], { id: string }>('select id from ended_sessions where id = ?'),
    secret: connection.prepare<[string], { value: Uint8Array }>('select value from secrets where name = ?'),
  };
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
