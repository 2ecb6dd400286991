/** Apps, tokens and secrets: ordinary tables, kept in memory as well because every request asks for them. */
import { badgeModes } from '@badged/core';
import type { App, AppChange, AppRegistry, AppToken } from '../port.js';
import type { Change } from '../push_port.js';
import type { LoadedApps } from './apps.js';
import type { Connection } from './database.js';

export interface StoredApp {
  readonly number: number;
  readonly app: App;
}

export class Registry implements AppRegistry {
  readonly #connection: Connection;
  readonly #apps: LoadedApps;
  readonly #tokens = new Map<string, AppToken>();
  readonly #whenOpen: () => void;
  readonly #onChange: (change: Change) => void;

  /** `whenOpen` throws while the store cannot serve. */
  constructor(
    connection: Connection,
    apps: LoadedApps,
    { whenOpen, onChange }: { readonly whenOpen: () => void; readonly onChange: (change: Change) => void },
  ) {
    this.#connection = connection;
    this.#apps = apps;
    this.#whenOpen = whenOpen;
    this.#onChange = onChange;
    const tokens = connection.prepare<[], StoredToken>(
      `select tokens.id, apps.id as app, label, hash, tokens.created_at
       from tokens join apps on apps.number = tokens.app where apps.deleted_at is null
       order by tokens.created_at, tokens.id`,
    );
    for (const { created_at: createdAt, ...token } of tokens.all())
      this.#tokens.set(token.id, { ...token, createdAt });
  }

  async create(app: App): Promise<void> {
    this.#whenOpen();
    const { id, name, settings, jabberDomain, createdAt } = app;
    const { lastInsertRowid } = this.#connection
      .prepare(
        'insert into apps (id, name, mode, include_announcements, jabber_domain, created_at) values (?, ?, ?, ?, ?, ?)',
      )
      .run(id, name, settings.mode, Number(settings.includeAnnouncements), jabberDomain, createdAt);
    this.#apps.add(Number(lastInsertRowid), app);
  }

  async get(id: string): Promise<App | undefined> {
    this.#whenOpen();
    return this.#apps.get(id)?.app;
  }

  async list(): Promise<readonly App[]> {
    this.#whenOpen();
    return [...this.#apps.all()].map(({ app }) => app);
  }

  async update(id: string, change: AppChange): Promise<App | undefined> {
    this.#whenOpen();
    const loaded = this.#apps.get(id);
    if (loaded === undefined) return undefined;
    const app = { ...loaded.app, ...change, settings: { ...loaded.app.settings, ...change.settings } };
    const { name, settings, jabberDomain } = app;
    this.#connection
      .prepare(
        'update apps set name = ?, mode = ?, include_announcements = ?, jabber_domain = ? where number = ?',
      )
      .run(name, settings.mode, Number(settings.includeAnnouncements), jabberDomain, loaded.number);
    loaded.app = app;
    if (change.settings !== undefined)
      this.#onChange({ app: id, audience: { kind: 'everyone' }, hasAlert: false });
    return app;
  }

  /** It is gone at once for everybody; its rows are removed at the next start, when nobody waits for it. */
  async delete(id: string): Promise<boolean> {
    this.#whenOpen();
    const loaded = this.#apps.get(id);
    if (loaded === undefined) return false;
    this.#connection.transaction(() => {
      this.#connection
        .prepare('update apps set deleted_at = ?, id = ? where number = ?')
        .run(Date.now(), `deleted ${loaded.number} ${id}`, loaded.number);
      this.#connection.prepare('delete from tokens where app = ?').run(loaded.number);
    })();
    for (const token of [...this.#tokens.values()]) if (token.app === id) this.#tokens.delete(token.id);
    this.#apps.remove(loaded);
    return true;
  }

  async addToken(token: AppToken): Promise<void> {
    this.#whenOpen();
    const number = this.#apps.get(token.app)?.number;
    if (number === undefined) throw new Error(`no app ${token.app}`);
    this.#connection
      .prepare('insert into tokens (id, app, label, hash, created_at) values (?, ?, ?, ?, ?)')
      .run(token.id, number, token.label, token.hash, token.createdAt);
    this.#tokens.set(token.id, token);
  }

  async token(id: string): Promise<AppToken | undefined> {
    this.#whenOpen();
    return this.#tokens.get(id);
  }

  async tokens(app: string): Promise<readonly AppToken[]> {
    this.#whenOpen();
    return [...this.#tokens.values()].filter((token) => token.app === app);
  }

  async revokeToken(app: string, id: string): Promise<boolean> {
    this.#whenOpen();
    if (this.#tokens.get(id)?.app !== app) return false;
    this.#connection.prepare('delete from tokens where id = ?').run(id);
    return this.#tokens.delete(id);
  }

  async secret(name: string, initial: Uint8Array): Promise<Uint8Array> {
    this.#whenOpen();
    return storedSecret(this.#connection, name, initial);
  }
}

export function storedSecret(connection: Connection, name: string, initial: Uint8Array): Uint8Array {
  connection.prepare('insert or ignore into secrets (name, value) values (?, ?)').run(name, initial);
  const row = connection
    .prepare<[string], { value: Uint8Array }>('select value from secrets where name = ?')
    .get(name);
  return row?.value ?? initial;
}

/** In the order in which they were created. */
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

const tablesByApp = [
  'journal',
  'users',
  'conversations',
  'participations',
  'announcements',
  'message_ids',
  'devices',
  'outbox',
  'credentials',
  'records',
];

/** Removes what deleted apps left behind. */
export function purgeDeletedApps(connection: Connection): void {
  const deleted = connection
    .prepare<[], { number: number }>('select number from apps where deleted_at is not null')
    .all();
  for (const { number } of deleted) {
    connection.transaction(() => {
      connection
        .prepare('delete from outbox_settled where alert in (select id from outbox where app = ?)')
        .run(number);
      for (const table of tablesByApp) connection.prepare(`delete from ${table} where app = ?`).run(number);
      connection.prepare('delete from apps where number = ?').run(number);
    })();
  }
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
