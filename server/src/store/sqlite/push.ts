/**
 * What push delivery stores, on the embedded store. Writes share the transactions of group commit. What is read, from the tables
 * or from memory, may be committed and not durable yet, so it is returned once it is durable.
 */
import type { Audience } from '@badged/core';
import { mapInSlices, SlicedWork } from '../../slices.js';
import { BadgesOfStep, confirmClaim, decideClaim, stateOf, withBadge } from '../device_claims.js';
import type { EngineHost, HostedApp } from '../hosted_app.js';
import type {
  Claim,
  ClaimTime,
  Device,
  DeviceState,
  DeviceWithBadge,
  DueApp,
  NewDevice,
  OutboxAlert,
  PushStore,
  RegisterOptions,
  Settlement,
  WantedPush,
} from '../push_port.js';
import type { Connection } from './connection.js';
import type { Devices } from './devices.js';
import type { GroupCommit } from './group_commit.js';
import type { Outbox } from './outbox.js';

export interface PushDeps {
  readonly connection: Connection;
  readonly commits: GroupCommit;
  readonly devices: Devices;
  readonly outbox: Outbox;
  readonly host: EngineHost;
}

interface ClaimedChunk {
  readonly claims: readonly Claim[];
  /** How many registrations there had been by then. */
  readonly registrations: number;
}

export class SqlitePushStore implements PushStore {
  readonly #deps: PushDeps;
  readonly #credentials: CredentialStatements;

  constructor(deps: PushDeps) {
    this.#deps = deps;
    this.#credentials = credentialStatements(deps.connection);
  }

  register(app: string, device: NewDevice, options: RegisterOptions): Promise<readonly Device[]> {
    const register = ({ number }: HostedApp) => this.#deps.devices.register(number, device, options);
    return this.#write<readonly Device[]>(app, register, []);
  }

  unregister(app: string, user: string, device: string): Promise<Device | undefined> {
    const unregister = ({ number }: HostedApp) => this.#deps.devices.unregister(number, user, device);
    return this.#write(app, unregister, undefined);
  }

  async device(app: string, device: string): Promise<Device | undefined> {
    const loaded = this.#deps.host.app(app);
    return this.#durable(loaded && this.#deps.devices.device(loaded.number, device));
  }

  async devices(app: string, users: readonly string[], now: number): Promise<readonly DeviceWithBadge[]> {
    const loaded = this.#deps.host.app(app);
    if (loaded === undefined) return [];
    const devices = users.flatMap((user) => this.#deps.devices.ofUser(loaded.number, user));
    return this.#durable(await this.#withBadges(loaded, app, devices, now));
  }

  async devicesAfter(
    app: string,
    device: string,
    limit: number,
    now: number,
  ): Promise<readonly DeviceWithBadge[]> {
    const loaded = this.#deps.host.app(app);
    if (loaded === undefined) return [];
    const page = this.#deps.devices.after(loaded.number, device, limit);
    return this.#durable(await this.#withBadges(loaded, app, page, now));
  }

  async recipients(app: string, audience: Audience, now: number): Promise<readonly string[]> {
    const loaded = this.#deps.host.app(app);
    if (loaded === undefined) return [];
    const devices = this.#deps.devices.users(loaded.number);
    return this.#durable(await loaded.recipientsInSlices(audience, devices, now));
  }

  async claimDevices(app: string, wanted: readonly WantedPush[], time: ClaimTime): Promise<readonly Claim[]> {
    const loaded = this.#deps.host.app(app);
    if (loaded === undefined) return wanted.map(() => ({ kind: 'gone' }));
    const chunks = chunksOf(wanted);
    const claimed = await Promise.all(chunks.map((chunk) => this.#claimChunk(loaded, chunk, time)));
    const claims = claimed.flatMap((chunk) => chunk.claims);
    const work = new SlicedWork(app);
    const confirmed: Claim[] = [];
    for (const chunk of claimed) {
      const pause = work.pause();
      if (pause !== undefined) await pause;
      const badges = new BadgesOfStep(loaded);
      // Nearly always nothing was registered meanwhile, and the devices need not be read again.
      const isSame = this.#deps.devices.registrations === chunk.registrations;
      for (const each of chunk.claims) {
        if (each.kind !== 'claimed') confirmed.push(each);
        else {
          const stored = isSame ? each.device : this.#stored(loaded, each.device.id);
          confirmed.push(confirmClaim(badges, each, stored, time.now));
        }
      }
    }
    const unused = claims.flatMap((each, index) =>
      each.kind === 'claimed' && confirmed[index]?.kind !== 'claimed' ? [each.device] : [],
    );
    if (unused.length > 0) await this.settle(app, unused.map(withoutPush), time.now);
    return this.#durable(confirmed);
  }

  async settle(
    app: string,
    settlements: readonly Settlement[],
    now: number,
  ): Promise<readonly DeviceState[]> {
    const loaded = this.#deps.host.app(app);
    if (loaded === undefined) return settlements.map(() => 'gone');
    const settled = new Map<string, Device | undefined>();
    await this.#deps.commits.run(() => {
      for (const settlement of settlements) {
        const { alert, device } = settlement;
        settled.set(device, this.#deps.devices.settle(loaded.number, settlement, now));
        if (alert !== undefined) this.#deps.outbox.settle(loaded.number, alert, device);
      }
    });
    const badges = new BadgesOfStep(loaded);
    return this.#durable(settlements.map(({ device }) => stateOf(badges, settled.get(device), now)));
  }

  /** Waits until everything that was committed before the call is durable. */
  async #durable<V>(value: V): Promise<V> {
    await this.#deps.commits.durable();
    return value;
  }

  /** In slices: a user may have very many conversations. */
  #withBadges(
    loaded: HostedApp,
    app: string,
    devices: readonly Device[],
    now: number,
  ): Promise<DeviceWithBadge[]> {
    return mapInSlices(app, devices, (device) => withBadge(loaded, device, now));
  }

  #stored(loaded: HostedApp, device: string): Device | undefined {
    return this.#deps.devices.device(loaded.number, device);
  }

  /** In one write. `confirmClaim` computes the final number. */
  #claimChunk(loaded: HostedApp, wanted: readonly WantedPush[], time: ClaimTime): Promise<ClaimedChunk> {
    return this.#deps.commits.run(() => {
      const badges = new BadgesOfStep(loaded);
      const claims = wanted.map((each): Claim => {
        const claim = decideClaim(badges, this.#stored(loaded, each.device), each, time.now);
        if (claim.kind !== 'claimed') return claim;
        return this.#deps.devices.claim(loaded.number, claim.device.id, time) ? claim : { kind: 'busy' };
      });
      return { claims, registrations: this.#deps.devices.registrations };
    });
  }

  forget(app: string, device: string, since: number): Promise<boolean> {
    return this.#write(app, ({ number }) => this.#deps.devices.forget(number, device, since), false);
  }

  async enqueue(app: string, alert: Parameters<PushStore['enqueue']>[1]): Promise<boolean> {
    const { id, users, content } = alert;
    const add = ({ number }: HostedApp) =>
      this.#deps.outbox.add(number, id, { kind: 'users', users }, content);
    const isNew = await this.#write(app, add, false);
    if (isNew) this.#deps.host.onAlert(app);
    return isNew;
  }

  claimAlerts(app: string, limit: number, time: ClaimTime): Promise<readonly OutboxAlert[]> {
    const claim = ({ number }: HostedApp) => this.#deps.outbox.claim({ number, id: app }, limit, time);
    return this.#write<readonly OutboxAlert[]>(app, claim, []);
  }

  /** No other process has claims. */
  async renewAlerts(_app: string, alerts: readonly number[]): Promise<readonly number[]> {
    return alerts;
  }

  /** Every app is in memory, where a walk costs little. */
  async dueApps(): Promise<readonly DueApp[]> {
    return this.#deps.host.apps().map((app) => ({ app, hasAlerts: true, hasDevices: true, mark: 0 }));
  }

  async walked(): Promise<void> {}

  onServers(): () => void {
    return () => {};
  }

  async completeAlert(app: string, alert: number, now: number): Promise<void> {
    await this.#write(app, ({ number }) => this.#deps.outbox.complete(number, alert, now), undefined);
  }

  async depth(app: string): Promise<number> {
    const loaded = this.#deps.host.app(app);
    return this.#durable(loaded === undefined ? 0 : this.#deps.outbox.depth(loaded.number));
  }

  async credentials(app: string, platform: string): Promise<Uint8Array | undefined> {
    const loaded = this.#deps.host.app(app);
    return this.#durable(loaded && this.#credentials.get.get(loaded.number, platform)?.sealed);
  }

  async setCredentials(app: string, platform: string, sealed: Uint8Array | undefined): Promise<void> {
    const set = ({ number }: HostedApp) => {
      this.#credentials.delete.run(number, platform);
      this.#deps.devices.doubt(number, platform);
      if (sealed !== undefined) this.#credentials.insert.run(number, platform, sealed);
    };
    await this.#write(app, set, undefined);
  }

  /** In one transaction, whole or not at all; `otherwise` for an app that does not exist. */
  async #write<V>(app: string, work: (loaded: HostedApp) => V, otherwise: V): Promise<V> {
    const loaded = this.#deps.host.app(app);
    return loaded === undefined ? otherwise : this.#deps.commits.run(() => work(loaded));
  }
}

/** What the device accepted stays unknown. */
function withoutPush({ id, registeredAt }: Device): Settlement {
  return { device: id, registeredAt, accepted: null };
}

type CredentialStatements = ReturnType<typeof credentialStatements>;

/** Devices that are claimed in one step: a user with tens of thousands of conversations takes a millisecond or two. */
const devicesPerChunk = 10;

function chunksOf(wanted: readonly WantedPush[]): (readonly WantedPush[])[] {
  const chunks: (readonly WantedPush[])[] = [];
  for (let from = 0; from < wanted.length; from += devicesPerChunk)
    chunks.push(wanted.slice(from, from + devicesPerChunk));
  return chunks;
}

function credentialStatements(connection: Connection) {
  return {
    get: connection.prepare<[number, string], { sealed: Uint8Array }>(
      'select sealed from credentials where app = ? and platform = ?',
    ),
    delete: connection.prepare<[number, string]>('delete from credentials where app = ? and platform = ?'),
    insert: connection.prepare<[number, string, Uint8Array]>(
      'insert into credentials (app, platform, sealed) values (?, ?, ?)',
    ),
  };
}
