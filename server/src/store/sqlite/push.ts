/** What push delivery keeps, on the embedded store. Writes share the transactions of group commit. */
import type { Device, NewDevice, OutboxAlert, PushStore, Settlement } from '../push_port.js';
import type { LoadedApp } from './apps.js';
import type { Connection } from './database.js';
import type { Devices } from './devices.js';
import type { GroupCommit } from './group_commit.js';
import type { Outbox } from './outbox.js';

export interface PushParts {
  readonly connection: Connection;
  readonly commits: GroupCommit;
  readonly devices: Devices;
  readonly outbox: Outbox;
  /** Throws while the store cannot serve; undefined for an app that does not exist. */
  readonly app: (id: string) => LoadedApp | undefined;
  /** Told that an alert was put into the outbox that goes with no command. */
  readonly onAlert: (app: string) => void;
}

export class SqlitePushStore implements PushStore {
  readonly #parts: PushParts;

  constructor(parts: PushParts) {
    this.#parts = parts;
  }

  async register(
    app: string,
    device: NewDevice,
    limits: { readonly devicesPerUser: number; readonly now: number },
  ): Promise<void> {
    await this.#write(app, ({ number }) => this.#parts.devices.register(number, device, limits), undefined);
  }

  unregister(app: string, user: string, device: string): Promise<boolean> {
    return this.#write(app, ({ number }) => this.#parts.devices.unregister(number, user, device), false);
  }

  async devices(app: string, user: string): Promise<readonly Device[]> {
    const loaded = this.#parts.app(app);
    return loaded === undefined ? [] : this.#parts.devices.ofUser(loaded.number, user);
  }

  async devicesAfter(app: string, device: string, limit: number): Promise<readonly Device[]> {
    const loaded = this.#parts.app(app);
    return loaded === undefined ? [] : this.#parts.devices.after(loaded.number, device, limit);
  }

  async device(app: string, device: string): Promise<Device | undefined> {
    const loaded = this.#parts.app(app);
    return loaded && this.#parts.devices.device(loaded.number, device);
  }

  async audience(
    app: string,
    audience: Parameters<PushStore['audience']>[1],
    now: number,
  ): Promise<readonly string[]> {
    const loaded = this.#parts.app(app);
    if (loaded === undefined) return [];
    return loaded.machine.recipients(audience, this.#parts.devices.users(loaded.number), now);
  }

  begin(
    app: string,
    devices: readonly string[],
    { now, until }: { readonly now: number; readonly until: number },
  ): Promise<ReadonlySet<string>> {
    const claim = ({ number }: LoadedApp) =>
      new Set(devices.filter((device) => this.#parts.devices.begin(number, device, until, now)));
    return this.#write<ReadonlySet<string>>(app, claim, new Set());
  }

  async end(app: string, settlements: readonly Settlement[], now: number): Promise<void> {
    const settle = ({ number }: LoadedApp) => {
      for (const settlement of settlements) {
        this.#parts.devices.end(number, settlement, now);
        if (settlement.alert !== undefined)
          this.#parts.outbox.settle(number, settlement.alert, settlement.device);
      }
    };
    await this.#write(app, settle, undefined);
  }

  forget(app: string, device: string, since: number): Promise<boolean> {
    return this.#write(app, ({ number }) => this.#parts.devices.forget(number, device, since), false);
  }

  async enqueue(app: string, alert: Parameters<PushStore['enqueue']>[1]): Promise<boolean> {
    const { id, users, content } = alert;
    const add = ({ number }: LoadedApp) =>
      this.#parts.outbox.add(number, id, { kind: 'users', users }, content);
    const isNew = await this.#write(app, add, false);
    if (isNew) this.#parts.onAlert(app);
    return isNew;
  }

  claim(
    app: string,
    limit: number,
    { now, until }: { readonly now: number; readonly until: number },
  ): Promise<readonly OutboxAlert[]> {
    const claim = (loaded: LoadedApp) =>
      this.#parts.outbox.claim({ number: loaded.number, id: app }, limit, until, now);
    return this.#write<readonly OutboxAlert[]>(app, claim, []);
  }

  async complete(app: string, alert: number, now: number): Promise<void> {
    await this.#write(app, ({ number }) => this.#parts.outbox.complete(number, alert, now), undefined);
  }

  async depth(app: string): Promise<number> {
    const loaded = this.#parts.app(app);
    return loaded === undefined ? 0 : this.#parts.outbox.depth(loaded.number);
  }

  async credentials(app: string, platform: string): Promise<Uint8Array | undefined> {
    const loaded = this.#parts.app(app);
    if (loaded === undefined) return undefined;
    const sql = 'select sealed from credentials where app = ? and platform = ?';
    return this.#parts.connection
      .prepare<[number, string], { sealed: Uint8Array }>(sql)
      .get(loaded.number, platform)?.sealed;
  }

  async setCredentials(app: string, platform: string, sealed: Uint8Array | undefined): Promise<void> {
    const { connection } = this.#parts;
    const set = ({ number }: LoadedApp) => {
      connection.prepare('delete from credentials where app = ? and platform = ?').run(number, platform);
      this.#parts.devices.doubt(number, platform);
      if (sealed === undefined) return;
      connection
        .prepare('insert into credentials (app, platform, sealed) values (?, ?, ?)')
        .run(number, platform, sealed);
    };
    await this.#write(app, set, undefined);
  }

  /** In one transaction, whole or not at all; `otherwise` for an app that does not exist. */
  async #write<V>(app: string, work: (loaded: LoadedApp) => V, otherwise: V): Promise<V> {
    const loaded = this.#parts.app(app);
    return loaded === undefined ? otherwise : this.#parts.commits.run(() => work(loaded));
  }
}
