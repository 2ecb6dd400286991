/** What push delivery stores: each method finds the app, and reads or changes its devices, its outbox or its credentials. */
import type { Audience } from '@badged/core';
import { SlicedWork, sliceMs } from '../../slices.js';
import {
  type Badges,
  BadgesOfStep,
  confirmClaim,
  decideClaim,
  stateOf,
  withBadge,
} from '../device_claims.js';
import type { Candidates, HostedApp } from '../hosted_app.js';
import type {
  Claim,
  ClaimTime,
  Device,
  DeviceState,
  DeviceWithBadge,
  DueApp,
  DueOptions,
  NewDevice,
  OutboxAlert,
  PushStore,
  RegisterOptions,
  ServerEvent,
  Settlement,
  WantedPush,
} from '../push_port.js';
import type { SharedEngineHost } from '../shared_engine.js';
import type { Connections } from './connections.js';
import type { Devices } from './devices.js';
import type { Outbox } from './outbox.js';
import type { Walks } from './walks.js';

export interface PushDeps {
  readonly connections: Connections;
  readonly devices: Devices;
  readonly outbox: Outbox;
  readonly walks: Walks;
  readonly host: SharedEngineHost;
}

/** An audience that is larger is not looked up by name: all users with devices are read instead. */
const namesAtOnce = 10_000;

/** Some hundred microseconds. */
const stepsPerCheck = 100;

const getCredentials = `
  select sealed from credential where app = $1 and platform = $2`;

const deleteCredentials = `
  delete from credential where app = $1 and platform = $2`;

const insertCredentials = `
  insert into credential (app, platform, sealed) values ($1, $2, $3)`;

export class PostgresPushStore implements PushStore {
  readonly #deps: PushDeps;

  constructor(deps: PushDeps) {
    this.#deps = deps;
  }

  async register(app: string, device: NewDevice, options: RegisterOptions): Promise<readonly Device[]> {
    const number = await this.#deps.host.number(app);
    return number === undefined ? [] : this.#deps.devices.register(number, device, options);
  }

  async unregister(app: string, user: string, device: string): Promise<Device | undefined> {
    const number = await this.#deps.host.number(app);
    return number === undefined ? undefined : this.#deps.devices.unregister(number, user, device);
  }

  async device(app: string, device: string): Promise<Device | undefined> {
    const number = await this.#deps.host.number(app);
    if (number === undefined) return undefined;
    const [found] = await this.#deps.devices.byIds(number, [device]);
    return found;
  }

  async devices(app: string, users: readonly string[], now: number): Promise<readonly DeviceWithBadge[]> {
    const number = await this.#deps.host.number(app);
    if (number === undefined) return [];
    return this.#withBadges(app, await this.#deps.devices.ofUsers(number, users), now);
  }

  async devicesAfter(
    app: string,
    device: string,
    limit: number,
    now: number,
  ): Promise<readonly DeviceWithBadge[]> {
    const number = await this.#deps.host.number(app);
    if (number === undefined) return [];
    return this.#withBadges(app, await this.#deps.devices.after(number, device, limit), now);
  }

  async recipients(app: string, audience: Audience, now: number): Promise<readonly string[]> {
    const { host, devices } = this.#deps;
    const number = await host.number(app);
    if (number === undefined) return [];
    const names = await host.read(app, (loaded) => loaded && namesOf(loaded, audience, now));
    return this.#among(app, await devices.users(number, names), audience, now);
  }

  /** In slices, each of which is a read of its own, so that none sees what is not durable. */
  async #among(app: string, users: Candidates, audience: Audience, now: number): Promise<string[]> {
    const work = new SlicedWork(app);
    let pass: { readonly loaded: HostedApp; readonly each: Iterator<string | undefined> } | undefined;
    let found: string[] = [];
    const slice = (loaded: HostedApp | undefined): boolean => {
      if (pass?.loaded !== loaded) found = [];
      if (loaded === undefined) return true;
      // An app that was loaded again is another one: the pass begins anew.
      if (pass?.loaded !== loaded) pass = { loaded, each: loaded.eachRecipient(audience, users, now) };
      const end = performance.now() + sliceMs;
      for (let steps = 1; ; steps += 1) {
        const { done, value } = pass.each.next();
        if (done === true) return true;
        if (value !== undefined) found.push(value);
        if (steps % stepsPerCheck === 0 && performance.now() > end) return false;
      }
    };
    while (!(await this.#deps.host.read(app, slice))) await work.pause();
    return found;
  }

  async claimDevices(app: string, wanted: readonly WantedPush[], time: ClaimTime): Promise<readonly Claim[]> {
    const { host, devices } = this.#deps;
    const number = await host.number(app);
    if (number === undefined) return wanted.map(() => ({ kind: 'gone' }));
    const ids = wanted.map(({ device }) => device);
    const before = byId(await devices.byIds(number, [...new Set(ids)]));
    const decided = await this.#read(app, (badges) => decideClaims(badges, wanted, before, time.now));
    const claimed = await this.#claim(number, decided, time);
    const stored = byId(await devices.byIds(number, ids));
    const confirmed = await this.#read(app, (badges) =>
      claimed.map((each) => (badges ? confirmClaim(badges, each, stored.get(idOf(each)), time.now) : each)),
    );
    const unused = claimed.flatMap((each, index) =>
      each.kind === 'claimed' && confirmed[index]?.kind !== 'claimed' ? [each] : [],
    );
    if (unused.length > 0) await this.settle(app, unused.map(withoutPush), time.now);
    return confirmed;
  }

  async settle(
    app: string,
    settlements: readonly Settlement[],
    now: number,
  ): Promise<readonly DeviceState[]> {
    const { connections, devices, outbox, host } = this.#deps;
    const number = await host.number(app);
    if (number === undefined) return settlements.map(() => 'gone');
    const done = settlements.flatMap(({ alert, device }) => (alert === undefined ? [] : [{ alert, device }]));
    await connections.transaction(async (run) => {
      const rounds = inRounds(settlements).map((round) => devices.settle(run, number, round, now));
      await Promise.all([...rounds, outbox.settle(run, number, done)]);
    });
    const ids = settlements.map(({ device }) => device);
    const stored = byId(await devices.byIds(number, [...new Set(ids)]));
    return this.#read(app, (badges) =>
      ids.map((id): DeviceState => (badges === undefined ? 'gone' : stateOf(badges, stored.get(id), now))),
    );
  }

  async forget(app: string, device: string, since: number): Promise<boolean> {
    const number = await this.#deps.host.number(app);
    return number !== undefined && this.#deps.devices.forget(number, device, since);
  }

  async enqueue(app: string, alert: Parameters<PushStore['enqueue']>[1]): Promise<boolean> {
    const { id, users, content } = alert;
    const number = await this.#deps.host.number(app);
    if (number === undefined) return false;
    const isNew = await this.#deps.outbox.add(number, id, { kind: 'users', users }, content);
    if (isNew) this.#deps.host.onAlert(app);
    return isNew;
  }

  async claimAlerts(app: string, limit: number, time: ClaimTime): Promise<readonly OutboxAlert[]> {
    const number = await this.#deps.host.number(app);
    if (number === undefined) return [];
    return this.#deps.outbox.claim({ number, id: app }, limit, time, this.#deps.host.serverId());
  }

  async renewAlerts(
    app: string,
    alerts: readonly number[],
    { until }: ClaimTime,
  ): Promise<readonly number[]> {
    const number = await this.#deps.host.number(app);
    if (number === undefined || alerts.length === 0) return [];
    return this.#deps.outbox.renew(number, alerts, until, this.#deps.host.serverId());
  }

  dueApps(options: DueOptions): Promise<readonly DueApp[]> {
    const { host, walks } = this.#deps;
    return walks.take(host.serverId(), host.loaded(), options);
  }

  async walked({ app, mark }: DueApp, now: number): Promise<void> {
    const { host, walks } = this.#deps;
    const number = await host.number(app);
    const nextMuteEnd = await host.read(app, (loaded) => loaded?.nextMuteEnd(now) ?? null);
    if (number !== undefined) await walks.clean(number, host.serverId(), mark, await nextMuteEnd);
  }

  onServers(listener: (event: ServerEvent) => void): () => void {
    return this.#deps.host.onServers(listener);
  }

  async completeAlert(app: string, alert: number, now: number): Promise<void> {
    const number = await this.#deps.host.number(app);
    if (number !== undefined) await this.#deps.outbox.complete(number, alert, now);
  }

  async depth(app: string): Promise<number> {
    const number = await this.#deps.host.number(app);
    return number === undefined ? 0 : this.#deps.outbox.depth(number);
  }

  async credentials(app: string, platform: string): Promise<Uint8Array | undefined> {
    const { host, connections } = this.#deps;
    const number = await host.number(app);
    if (number === undefined) return undefined;
    const values = [number, platform];
    const [row] = await connections.read<{ sealed: Uint8Array }>(number, getCredentials, values);
    return row?.sealed;
  }

  async setCredentials(app: string, platform: string, sealed: Uint8Array | undefined): Promise<void> {
    const { host, connections, devices } = this.#deps;
    const number = await host.number(app);
    if (number === undefined) return;
    await connections.transaction(async (run) => {
      await Promise.all([
        run(deleteCredentials, [number, platform]),
        devices.doubt(run, number, platform),
        sealed === undefined ? undefined : run(insertCredentials, [number, platform, sealed]),
      ]);
    });
  }

  #withBadges(app: string, devices: readonly Device[], now: number): Promise<readonly DeviceWithBadge[]> {
    return this.#read(app, (badges) =>
      badges ? devices.map((device) => withBadge(badges, device, now)) : [],
    );
  }

  /** Calls `read` with the app's badges, each of which is computed once; undefined if there is no such app. */
  #read<V>(app: string, read: (badges: Badges | undefined) => V): Promise<V> {
    return this.#deps.host.read(app, (loaded) => read(loaded && new BadgesOfStep(loaded)));
  }

  /** Of a device that is named twice, the first claim counts. */
  async #claim(number: number, decided: readonly Claim[], time: ClaimTime): Promise<readonly Claim[]> {
    const first = new Map<string, Claim>();
    for (const each of decided)
      if (each.kind === 'claimed' && !first.has(each.device.id)) first.set(each.device.id, each);
    const devices = [...first.values()].flatMap((each) => (each.kind === 'claimed' ? [each.device] : []));
    const server = this.#deps.host.serverId();
    const got = await this.#deps.devices.claim(number, devices, time, server);
    return decided.map((each) => {
      if (each.kind !== 'claimed') return each;
      const doubtUntil = got.get(each.device.id);
      if (doubtUntil === undefined || first.get(each.device.id) !== each) return { kind: 'busy' };
      return { ...each, claimedBy: server, ...(doubtUntil > time.now && { doubtUntil }) };
    });
  }
}

/** In order: what a claimed device accepted is unknown to those after it. */
function decideClaims(
  badges: Badges | undefined,
  wanted: readonly WantedPush[],
  before: ReadonlyMap<string, Device>,
  now: number,
): readonly Claim[] {
  const devices = new Map(before);
  return wanted.map((each) => {
    if (badges === undefined) return { kind: 'gone' };
    const claim = decideClaim(badges, devices.get(each.device), each, now);
    if (claim.kind === 'claimed') devices.set(each.device, { ...claim.device, accepted: null });
    return claim;
  });
}

/** What the device accepted stays unknown. */
function withoutPush({ device, claimedBy }: Extract<Claim, { kind: 'claimed' }>): Settlement {
  const { id, registeredAt } = device;
  return { device: id, registeredAt, accepted: null, ...(claimedBy !== undefined && { claimedBy }) };
}

function byId(devices: readonly Device[]): ReadonlyMap<string, Device> {
  return new Map(devices.map((device) => [device.id, device]));
}

function idOf(claim: Claim): string {
  return claim.kind === 'claimed' ? claim.device.id : '';
}

/** One statement changes a row once: settlements of the same device take turns. */
function inRounds(settlements: readonly Settlement[]): readonly (readonly Settlement[])[] {
  const rounds: Settlement[][] = [];
  const counts = new Map<string, number>();
  for (const settlement of settlements) {
    const count = counts.get(settlement.device) ?? 0;
    counts.set(settlement.device, count + 1);
    const round = rounds[count];
    if (round === undefined) rounds[count] = [settlement];
    else round.push(settlement);
  }
  return rounds;
}

/** The users whom the audience may include, if they are few and can be named. */
function namesOf(loaded: HostedApp, audience: Audience, now: number): readonly string[] | undefined {
  if (audience.kind === 'everyone' || audience.kind === 'announcement') return undefined;
  const names = new Set<string>();
  const collect = (user: string) => {
    names.add(user);
    if (names.size > namesAtOnce) throw new TooManyNames();
    return true;
  };
  try {
    const all = { size: Number.POSITIVE_INFINITY, has: collect, keys: () => [] };
    const each = loaded.eachRecipient(audience, all, now);
    while (each.next().done !== true);
    return [...names];
  } catch (error) {
    if (error instanceof TooManyNames) return undefined;
    throw error;
  }
}

class TooManyNames extends Error {
  override name = 'TooManyNames';
}
