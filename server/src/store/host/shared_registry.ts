/** Apps and tokens of all nodes, in memory by version: every request asks whether there is a newer one before it reads them. */

import type { StoredApp } from '../engine.js';
import type { App, AppChange, AppRegistry, AppToken } from '../port.js';
import type { Change } from '../push_port.js';
import type { RegistryContent, RegistryVersion, SharedEngine } from '../shared_engine.js';
import type { Heads } from './heads.js';

/** A token that was revoked, or an app that was deleted, on any node. */
export interface Removal {
  readonly app: string;
  readonly token?: string;
}

export interface SharedRegistryDeps {
  readonly engine: Pick<SharedEngine, 'registry' | 'readRegistry'>;
  readonly heads: Heads;
  /** Throws while the store cannot serve. */
  readonly whenOpen: () => void;
  readonly onChange: (change: Change) => void;
  /** What is stored of an app changed, on any node; undefined if it was deleted. */
  readonly onApp: (number: number, app: App | undefined) => void;
  readonly onRemoval: (removal: Removal) => void;
}

export class SharedRegistry implements AppRegistry {
  readonly #deps: SharedRegistryDeps;
  #version: RegistryVersion = { number: 0, stamp: 0 };
  #apps = new Map<string, StoredApp>();
  #tokens = new Map<string, AppToken>();
  /** Apps whose settings this server changed, until it has them in memory. */
  readonly #changedHere = new Set<string>();
  #reloading: Promise<void> | undefined;

  constructor(deps: SharedRegistryDeps) {
    this.#deps = deps;
  }

  /** As of the last refresh. */
  find(id: string): StoredApp | undefined {
    return this.#apps.get(id);
  }

  /** Everything that was changed before the call is in memory once it resolves. */
  async refresh(): Promise<void> {
    this.#deps.whenOpen();
    const before = this.#version;
    const { registry } = await this.#deps.heads.of([]);
    // A database that lost its last changes: memory follows it.
    if (registry.number < before.number) await this.#reload();
    else await this.refreshTo(registry);
  }

  /** A reload that was in flight may have read before the version: then a second one is needed, and no third. */
  async refreshTo(version: RegistryVersion): Promise<void> {
    for (let reloads = 0; !this.#hasReached(version) && reloads < 2; reloads += 1) {
      this.#reloading ??= this.#reload().finally(() => {
        this.#reloading = undefined;
      });
      await this.#reloading;
    }
  }

  async create(app: App): Promise<void> {
    this.#deps.whenOpen();
    await this.#deps.engine.registry.insertApp(app);
    await this.refresh();
  }

  async get(id: string): Promise<App | undefined> {
    await this.refresh();
    return this.#apps.get(id)?.app;
  }

  async list(): Promise<readonly App[]> {
    await this.refresh();
    return [...this.#apps.values()].map(({ app }) => app);
  }

  async update(id: string, change: AppChange): Promise<App | undefined> {
    await this.refresh();
    const stored = this.#apps.get(id);
    if (stored === undefined) return undefined;
    this.#changedHere.add(id);
    try {
      await this.#deps.engine.registry.updateApp(stored.number, change);
      await this.refresh();
    } finally {
      this.#changedHere.delete(id);
    }
    return this.#apps.get(id)?.app;
  }

  async delete(id: string): Promise<boolean> {
    await this.refresh();
    const stored = this.#apps.get(id);
    if (stored === undefined) return false;
    await this.#deps.engine.registry.deleteApp(stored.number, Date.now());
    await this.refresh();
    return true;
  }

  async addToken(token: AppToken): Promise<void> {
    await this.refresh();
    const number = this.#apps.get(token.app)?.number;
    if (number === undefined) throw new Error(`no app ${token.app}`);
    await this.#deps.engine.registry.insertToken(number, token);
    await this.refresh();
  }

  async token(id: string): Promise<AppToken | undefined> {
    await this.refresh();
    return this.#tokens.get(id);
  }

  async tokens(app: string): Promise<readonly AppToken[]> {
    await this.refresh();
    return [...this.#tokens.values()].filter((token) => token.app === app);
  }

  async revokeToken(app: string, id: string): Promise<boolean> {
    await this.refresh();
    if (this.#tokens.get(id)?.app !== app) return false;
    await this.#deps.engine.registry.deleteToken(id);
    await this.refresh();
    return true;
  }

  async secret(name: string, initial: Uint8Array): Promise<Uint8Array> {
    this.#deps.whenOpen();
    return this.#deps.engine.registry.secret(name, initial);
  }

  async replaceSecret(name: string, value: Uint8Array): Promise<void> {
    this.#deps.whenOpen();
    await this.#deps.engine.registry.replaceSecret(name, value);
  }

  async endSession(id: string, expiresAt: number, now: number): Promise<void> {
    this.#deps.whenOpen();
    await this.#deps.engine.registry.endSession(id, expiresAt, now);
  }

  async hasEnded(id: string): Promise<boolean> {
    this.#deps.whenOpen();
    return this.#deps.engine.registry.hasEnded(id);
  }

  /** Not if the version was lost, and another one has its number. */
  #hasReached({ number, stamp }: RegistryVersion): boolean {
    return (
      this.#version.number > number || (this.#version.number === number && this.#version.stamp === stamp)
    );
  }

  async #reload(): Promise<void> {
    const { version, apps, tokens } = await this.#deps.engine.readRegistry();
    const [before, tokensBefore] = [this.#apps, this.#tokens];
    this.#version = version;
    this.#apps = new Map(apps.map((stored) => [stored.app.id, stored]));
    this.#tokens = new Map(tokens.map((token) => [token.id, token]));
    this.#notify(before, apps);
    for (const { id, app } of tokensBefore.values())
      if (!this.#tokens.has(id)) this.#deps.onRemoval({ app, token: id });
  }

  #notify(before: ReadonlyMap<string, StoredApp>, apps: RegistryContent['apps']): void {
    const numbers = new Set(apps.map(({ number }) => number));
    for (const { number, app } of before.values()) {
      if (numbers.has(number)) continue;
      this.#deps.onApp(number, undefined);
      this.#deps.onRemoval({ app: app.id });
    }
    for (const { number, app } of apps) {
      const known = before.get(app.id);
      this.#deps.onApp(number, app);
      if (known?.number === number && isOtherSettings(known.app, app))
        this.#deps.onChange({
          app: app.id,
          audience: { kind: 'everyone' },
          hasAlert: false,
          ...(!this.#changedHere.has(app.id) && { isElsewhere: true }),
        });
    }
  }
}

function isOtherSettings({ settings: before }: App, { settings: now }: App): boolean {
  return before.mode !== now.mode || before.includeAnnouncements !== now.includeAnnouncements;
}
