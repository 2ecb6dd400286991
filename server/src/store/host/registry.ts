/** Apps and tokens, held in memory as well because every request reads them. */
import type { Capacity } from '@badged/core';
import type { RegistryTables } from '../engine.js';
import type { App, AppChange, AppRegistry, AppToken } from '../port.js';
import type { Change } from '../push_port.js';
import { LoadedApp, type LoadedApps } from './apps.js';

export interface RegistryDeps {
  readonly tables: RegistryTables;
  readonly apps: LoadedApps;
  readonly tokens: readonly AppToken[];
  readonly idKey: Uint8Array;
  readonly capacity: Partial<Capacity>;
  /** Throws while the store cannot serve. */
  readonly whenOpen: () => void;
  readonly onChange: (change: Change) => void;
}

export class Registry implements AppRegistry {
  readonly #deps: RegistryDeps;
  readonly #tokens: Map<string, AppToken>;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    this.#tokens = new Map(deps.tokens.map((token) => [token.id, token]));
  }

  async create(app: App): Promise<void> {
    this.#deps.whenOpen();
    const number = await this.#deps.tables.insertApp(app);
    this.#deps.apps.add(new LoadedApp({ number, app }, this.#deps.idKey, this.#deps.capacity));
  }

  async get(id: string): Promise<App | undefined> {
    this.#deps.whenOpen();
    return this.#deps.apps.get(id)?.app;
  }

  async list(): Promise<readonly App[]> {
    this.#deps.whenOpen();
    return [...this.#deps.apps.all()].map(({ app }) => app);
  }

  async update(id: string, change: AppChange): Promise<App | undefined> {
    this.#deps.whenOpen();
    const loaded = this.#deps.apps.get(id);
    if (loaded === undefined) return undefined;
    await this.#deps.tables.updateApp(loaded.number, change);
    // As it is now: another change may have come in between.
    const app = { ...loaded.app, ...change, settings: { ...loaded.app.settings, ...change.settings } };
    loaded.app = app;
    if (change.settings !== undefined)
      this.#deps.onChange({ app: id, audience: { kind: 'everyone' }, hasAlert: false });
    return app;
  }

  async delete(id: string): Promise<boolean> {
    this.#deps.whenOpen();
    const loaded = this.#deps.apps.get(id);
    if (loaded === undefined) return false;
    await this.#deps.tables.deleteApp(loaded.number, Date.now());
    for (const token of [...this.#tokens.values()]) if (token.app === id) this.#tokens.delete(token.id);
    this.#deps.apps.remove(loaded);
    return true;
  }

  async addToken(token: AppToken): Promise<void> {
    this.#deps.whenOpen();
    const number = this.#deps.apps.get(token.app)?.number;
    if (number === undefined) throw new Error(`no app ${token.app}`);
    await this.#deps.tables.insertToken(number, token);
    this.#tokens.set(token.id, token);
  }

  async token(id: string): Promise<AppToken | undefined> {
    this.#deps.whenOpen();
    return this.#tokens.get(id);
  }

  async tokens(app: string): Promise<readonly AppToken[]> {
    this.#deps.whenOpen();
    return [...this.#tokens.values()].filter((token) => token.app === app);
  }

  async revokeToken(app: string, id: string): Promise<boolean> {
    this.#deps.whenOpen();
    if (this.#tokens.get(id)?.app !== app) return false;
    await this.#deps.tables.deleteToken(id);
    return this.#tokens.delete(id);
  }

  async secret(name: string, initial: Uint8Array): Promise<Uint8Array> {
    this.#deps.whenOpen();
    return this.#deps.tables.secret(name, initial);
  }

  async replaceSecret(name: string, value: Uint8Array): Promise<void> {
    this.#deps.whenOpen();
    await this.#deps.tables.replaceSecret(name, value);
  }

  async endSession(id: string, expiresAt: number, now: number): Promise<void> {
    this.#deps.whenOpen();
    await this.#deps.tables.endSession(id, expiresAt, now);
  }

  async hasEnded(id: string): Promise<boolean> {
    this.#deps.whenOpen();
    return this.#deps.tables.hasEnded(id);
  }
}
