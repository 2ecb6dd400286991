/** The tables of apps, tokens and secrets. Every change increments the registry's version, and is alone while it does. */
import { badgeModes } from '@badged/core';
import type { RegistryTables, StoredApp } from '../engine.js';
import type { App, AppChange, AppToken } from '../port.js';
import { type RegistryContent, type RegistryVersion, registryApp } from '../shared_engine.js';
import type { Connections } from './connections.js';
import type { Run } from './run.js';

/** The registry has no alerts: the column is the stamp of its version. */
const next = `
  update log_head set seq = seq + 1, alert = floor(random() * 9007199254740992)::bigint
  where app = ${registryApp} returning seq as version`;

const version = `
  select seq as number, alert as stamp from log_head where app = ${registryApp}`;

const insertApp = `
  insert into app (number, id, name, mode, include_announcements, jabber_domain, created_at)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing returning number`;

const numberOf = `
  select number from app where id = $1`;

const insertHead = `
  insert into log_head (app, seq, alert) values ($1, 0, 0)`;

const insertCheckpoint = `
  insert into checkpoint (app, seq) values ($1, 0)`;

const updateApp = `
  update app set name = coalesce($2, name), mode = coalesce($3, mode),
    include_announcements = coalesce($4, include_announcements), jabber_domain = coalesce($5, jabber_domain)
  where number = $1`;

/** Every number may be another one. */
const forgetWalk = `
  update walk set clean_seq = -1 where app = $1`;

const markDeleted = `
  update app set deleted_at = $2, id = 'deleted ' || number || ' ' || id where number = $1 and deleted_at is null`;

const apps = `
  select number, id, name, mode, include_announcements, jabber_domain, created_at
  from app where deleted_at is null order by number`;

const tokens = `
  select token.id, app.id as app, label, hash, token.created_at as "createdAt"
  from token join app on app.number = token.app where app.deleted_at is null
  order by token.created_at, token.id`;

const insertToken = `
  insert into token (id, app, label, hash, created_at) values ($1, $2, $3, $4, $5) on conflict (id) do nothing`;

const insertSecret = `
  insert into secret (name, value) values ($1, $2) on conflict (name) do nothing`;

const replaceSecret = `
  insert into secret (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`;

const getSecret = `
  select value from secret where name = $1`;

const endSession = `
  insert into ended_session (id, expires_at) values ($1, $2) on conflict (id) do nothing`;

const forgetSessions = `
  delete from ended_session where expires_at <= $1`;

const endedSession = `
  select id from ended_session where id = $1`;

export class PostgresRegistry implements RegistryTables {
  readonly #connections: Connections;
  readonly #onChange: () => void;

  /** `onChange` is called after each change of apps or tokens. */
  constructor(connections: Connections, onChange: () => void = () => {}) {
    this.#connections = connections;
    this.#onChange = onChange;
  }

  /** Nodes that start at the same moment make the same first app: it is made once. */
  insertApp({ id, name, settings, jabberDomain, createdAt }: App): Promise<number> {
    const { mode, includeAnnouncements } = settings;
    return this.#change(async (run, version) => {
      const values = [version, id, name, mode, includeAnnouncements, jabberDomain, createdAt];
      const [inserted] = await run<{ number: number }>(insertApp, values);
      if (inserted !== undefined) {
        await Promise.all([run(insertHead, [version]), run(insertCheckpoint, [version])]);
        return version;
      }
      const [existing] = await run<{ number: number }>(numberOf, [id]);
      if (existing === undefined) throw new Error(`app ${id} is neither new nor there`);
      return existing.number;
    });
  }

  async updateApp(number: number, { name, settings, jabberDomain }: AppChange): Promise<void> {
    const { mode, includeAnnouncements } = settings ?? {};
    const values = [name, mode, includeAnnouncements, jabberDomain].map((value) => value ?? null);
    await this.#change((run) =>
      Promise.all([run(updateApp, [number, ...values]), run(forgetWalk, [number])]),
    );
  }

  /** Without its head and its checkpoint, nothing appends to it or writes its rows. These are removed at a later start. */
  async deleteApp(number: number, now: number): Promise<void> {
    await this.#change((run) =>
      Promise.all([
        run(markDeleted, [number, now]),
        run('delete from token where app = $1', [number]),
        run('delete from log_head where app = $1', [number]),
        run('delete from checkpoint where app = $1', [number]),
      ]),
    );
  }

  tokens(): Promise<readonly AppToken[]> {
    return this.#connections.read<AppToken>(registryApp, tokens);
  }

  async insertToken(app: number, { id, label, hash, createdAt }: AppToken): Promise<void> {
    await this.#change((run) => run(insertToken, [id, app, label, hash, createdAt]));
  }

  async deleteToken(id: string): Promise<void> {
    await this.#change((run) => run('delete from token where id = $1', [id]));
  }

  async secret(name: string, initial: Uint8Array): Promise<Uint8Array> {
    await this.#connections.write(registryApp, insertSecret, [name, initial]);
    const [row] = await this.#connections.read<{ value: Uint8Array }>(registryApp, getSecret, [name]);
    return row?.value ?? initial;
  }

  async replaceSecret(name: string, value: Uint8Array): Promise<void> {
    await this.#connections.write(registryApp, replaceSecret, [name, value]);
  }

  async endSession(id: string, expiresAt: number, now: number): Promise<void> {
    await this.#connections.write(registryApp, forgetSessions, [now]);
    await this.#connections.write(registryApp, endSession, [id, expiresAt]);
  }

  async hasEnded(id: string): Promise<boolean> {
    return (await this.#connections.read(registryApp, endedSession, [id])).length > 0;
  }

  /** The version is read first, so that what is read after it is at least as new. */
  async read(): Promise<RegistryContent> {
    const read = <R extends object>(sql: string) => this.#connections.read<R>(registryApp, sql);
    const [row] = await read<RegistryVersion>(version);
    const [stored, allTokens] = await Promise.all([storedApps(read), this.tokens()]);
    return { version: row ?? { number: 0, stamp: 0 }, apps: stored, tokens: allTokens };
  }

  /** The new version is the number of the app, if this creates one. */
  async #change<V>(change: (run: Run, version: number) => Promise<V>): Promise<V> {
    const changed = await this.#connections.transaction(async (run) => {
      const [row] = await run<{ version: number }>(next);
      if (row === undefined) throw new Error('the registry has no version');
      return change(run, row.version);
    });
    this.#onChange();
    return changed;
  }
}

/** Those that are not deleted, in the order in which they were created. */
export async function storedApps(read: Run): Promise<readonly StoredApp[]> {
  const rows = await read<StoredAppRow>(apps);
  return rows.map((row) => ({
    number: row.number,
    app: {
      id: row.id,
      name: row.name,
      settings: {
        mode: badgeModes.find((mode) => mode === row.mode) ?? 'disabled',
        includeAnnouncements: row.include_announcements,
      },
      jabberDomain: row.jabber_domain,
      createdAt: row.created_at,
    },
  }));
}

interface StoredAppRow {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly mode: string;
  readonly include_announcements: boolean;
  readonly jabber_domain: string;
  readonly created_at: number;
}
