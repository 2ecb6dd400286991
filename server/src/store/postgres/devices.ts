/** The table of devices. */
import { isAnothers, isSameRegistration, targetKey } from '../device_registrations.js';
import {
  type ClaimTime,
  type Device,
  latestEnd,
  type NewDevice,
  type RegisterOptions,
  type Settlement,
  strayMs,
} from '../push_port.js';
import type { Connections } from './connections.js';
import type { Run } from './run.js';
import { isOrphaned } from './servers.js';

const columns = `id, user_id, target, registered_at, used_at, accepted, accepted_at, is_unregistering`;

const byIds = `
  select ${columns} from device where app = $1 and id = any($2::text[])`;

const ofUsers = `
  select ${columns} from device where app = $1 and user_id = any($2::text[]) and not is_unregistering
  order by used_at desc, id`;

const after = `
  select ${columns} from device where app = $1 and id > $2 order by id limit $3`;

const allUsers = `
  select distinct user_id from device where app = $1 and not is_unregistering`;

const usersAmong = `
  select distinct user_id from device where app = $1 and user_id = any($2::text[]) and not is_unregistering`;

/** By id or by target. */
const former = `
  select ${columns}, claimed_until, doubt_until
  from device where app = $1 and (id = $2 or target_key = $3) for update`;

const use = `
  update device set used_at = $3, registered_at = $3 where app = $1 and id = $2`;

const removeFormer = `
  delete from device where app = $1 and (id = $2 or target_key = $3)`;

const insert = `
  insert into device (app, id, user_id, target, target_key, registered_at, used_at, doubt_until)
  values ($1, $2, $3, $4, $5, $6, $6, $7)`;

/** All but this device and the most recently used others begin to unregister. */
const displace = `
  update device set is_unregistering = true where app = $1 and id in (
    select id from device where app = $1 and user_id = $2 and id <> $3 and not is_unregistering
    order by used_at desc, id offset $4
  ) returning id`;

const unregister = `
  update device set is_unregistering = true where app = $1 and id = $2 and user_id = $3 and not is_unregistering
  returning ${columns}`;

const forget = `
  delete from device where app = $1 and id = $2 and registered_at <= $3 returning id`;

/** Only devices that are as they were when the claim was decided. What they accepted is unknown from here on. */
const claim = `
  update device set claimed_until = $2, accepted = null, claimed_by = $9, is_claim_doubted = false,
    doubt_until = case
      when device.claimed_until > 0 and device.claimed_by <> $9 then greatest(device.doubt_until, $10)
      else device.doubt_until
    end
  from unnest($4::text[], $5::text[], $6::bigint[], $7::boolean[])
    as seen (id, user_id, registered_at, is_unregistering)
  where device.app = $1 and device.id = seen.id
    and (device.claimed_until <= $3 or device.claimed_until > $8 or ${isOrphaned('device')})
    and exists (select 1 from server where id = $9)
    and device.user_id = seen.user_id and device.registered_at = seen.registered_at
    and device.is_unregistering = seen.is_unregistering
  returning device.id, device.doubt_until`;

/**
 * Gives the claims back. Of the results, only those of the stored registration count. If another server has claimed the device
 * since, this one was taken for dead, and what it sent may arrive after the other one's push: then both results are unknown.
 */
const settle = `
  update device set
    claimed_until = case when push.is_own then 0 else device.claimed_until end,
    is_claim_doubted = not push.is_own and device.claimed_until > 0,
    doubt_until = greatest(device.doubt_until, push.doubt_until),
    accepted = case when not push.is_own then null when push.is_accepted then push.accepted else device.accepted end,
    accepted_at = case when push.is_accepted then $2 else device.accepted_at end,
    used_at = case when push.is_accepted then $2 else device.used_at end,
    target = case when push.is_current and push.is_free then push.target else device.target end,
    target_key = case when push.is_current and push.is_free then push.target_key else device.target_key end
  from (
    select line.id, line.accepted, line.target, line.target_key, line.doubt_until,
      line.registered_at is null or line.registered_at = stored.registered_at as is_current,
      coalesce(line.claimed_by = stored.claimed_by, true) as is_own,
      line.accepted is not null and not stored.is_claim_doubted
        and (line.registered_at is null or line.registered_at = stored.registered_at)
        and (coalesce(line.claimed_by = stored.claimed_by, true)) as is_accepted,
      line.target is not null and not exists (
        select 1 from device other where other.app = $1 and other.target_key = line.target_key and other.id <> line.id
      ) as is_free
    from unnest($3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bigint[])
      as line (id, registered_at, accepted, target, target_key, claimed_by, doubt_until)
    join device stored on stored.app = $1 and stored.id = line.id
  ) as push
  where device.app = $1 and device.id = push.id`;

const doubt = `
  update device set accepted = null where app = $1 and target_key like $2 || ' %'`;

export class Devices {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Returns the devices that changed: this one first. None if it may not move. */
  register(app: number, device: NewDevice, options: RegisterOptions): Promise<Device[]> {
    const { id, user, target } = device;
    const { devicesPerUser, now, movesByTargetOnly = false } = options;
    const key = targetKey(target);
    return this.#connections.transaction(async (run) => {
      const rows = await run<FormerDevice>(former, [app, id, key]);
      const stored = rows.map(parseDevice);
      const before = stored.find((one) => one.id === id);
      if (before !== undefined && !before.isUnregistering && isSameRegistration(before, device)) {
        const [, found] = await Promise.all([run(use, [app, id, now]), devicesOf(run, app, [id])]);
        return found;
      }
      if (movesByTargetOnly && before !== undefined && isAnothers(before, device)) return [];
      const [, , displaced] = await Promise.all([
        run(removeFormer, [app, id, key]),
        run(insert, [app, id, user, JSON.stringify(target), key, now, strayUntil(rows, now)]),
        run<{ id: string }>(displace, [app, user, id, devicesPerUser - 1]),
      ]);
      return devicesOf(run, app, [id, ...displaced.map((one) => one.id)]);
    });
  }

  /** Undefined if the user has no such device. */
  async unregister(app: number, user: string, device: string): Promise<Device | undefined> {
    const [row] = await this.#connections.write<StoredDevice>(app, unregister, [app, device, user]);
    return row && parseDevice(row);
  }

  /** Drops it, unless it registered after this time. */
  async forget(app: number, device: string, since: number): Promise<boolean> {
    return (await this.#connections.write(app, forget, [app, device, since])).length > 0;
  }

  /** Those that exist, in the order of the ids. */
  byIds(app: number, ids: readonly string[]): Promise<Device[]> {
    return devicesOf((sql, values) => this.#connections.read(app, sql, values), app, ids);
  }

  /** User by user, each user's most recently used first. */
  async ofUsers(app: number, users: readonly string[]): Promise<Device[]> {
    const rows = await this.#connections.read<StoredDevice>(app, ofUsers, [app, users]);
    const devices = rows.map(parseDevice);
    const byUser = new Map<string, Device[]>(users.map((user) => [user, []]));
    for (const device of devices) byUser.get(device.user)?.push(device);
    return users.flatMap((user) => byUser.get(user) ?? []);
  }

  async after(app: number, device: string, limit: number): Promise<Device[]> {
    const rows = await this.#connections.read<StoredDevice>(app, after, [app, device, limit]);
    return rows.map(parseDevice);
  }

  /** The users who have devices that are not unregistering; of these users, if they are given. */
  async users(app: number, among?: readonly string[]): Promise<Set<string>> {
    const rows = await (among === undefined
      ? this.#connections.read<{ user_id: string }>(app, allUsers, [app])
      : this.#connections.read<{ user_id: string }>(app, usersAmong, [app, among]));
    return new Set(rows.map(({ user_id }) => user_id));
  }

  /**
   * Returns those it got, each with the time until which an earlier push may still arrive. A device that changed meanwhile, or
   * that is claimed, is left out; all are if the server was taken for dead.
   */
  async claim(
    app: number,
    devices: readonly Device[],
    time: ClaimTime,
    server: string,
  ): Promise<ReadonlyMap<string, number>> {
    if (devices.length === 0) return new Map();
    const rows = await this.#connections.write<{ id: string; doubt_until: number }>(app, claim, [
      app,
      time.until,
      time.now,
      devices.map(({ id }) => id),
      devices.map(({ user }) => user),
      devices.map(({ registeredAt }) => registeredAt),
      devices.map(({ isUnregistering }) => isUnregistering),
      latestEnd(time),
      server,
      time.now + strayMs,
    ]);
    return new Map(rows.map(({ id, doubt_until }) => [id, doubt_until]));
  }

  /** Gives claims back, in a transaction. No device may be named twice. */
  async settle(run: Run, app: number, settlements: readonly Settlement[], now: number): Promise<void> {
    await run(settle, [
      app,
      now,
      settlements.map(({ device }) => device),
      settlements.map(({ registeredAt }) => registeredAt ?? null),
      settlements.map(({ accepted }) => accepted),
      settlements.map(({ target }) => (target === undefined ? null : JSON.stringify(target))),
      settlements.map(({ target }) => (target === undefined ? null : targetKey(target))),
      settlements.map(({ claimedBy }) => claimedBy ?? null),
      settlements.map(({ doubtUntil }) => doubtUntil ?? 0),
    ]);
  }

  /** What the devices of the platform accepted is unknown from here on. */
  async doubt(run: Run, app: number, platform: string): Promise<void> {
    await run(doubt, [app, platform]);
  }
}

async function devicesOf(run: Run, app: number, ids: readonly string[]): Promise<Device[]> {
  const rows = await run<StoredDevice>(byIds, [app, ids]);
  const found = new Map(rows.map((row) => [row.id, parseDevice(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

export interface StoredDevice {
  readonly id: string;
  readonly user_id: string;
  readonly target: string;
  readonly registered_at: number;
  readonly used_at: number;
  readonly accepted: number | null;
  readonly accepted_at: number | null;
  readonly is_unregistering: boolean;
}

interface FormerDevice extends StoredDevice {
  readonly claimed_until: number;
  readonly doubt_until: number;
}

/** A push to the former registration may arrive at the new one. */
function strayUntil(former: readonly FormerDevice[], now: number): number {
  const ends = former.map((row) => (row.claimed_until > 0 ? now + strayMs : row.doubt_until));
  return Math.max(0, ...ends);
}

export function parseDevice(row: StoredDevice): Device {
  return {
    id: row.id,
    user: row.user_id,
    target: JSON.parse(row.target),
    registeredAt: row.registered_at,
    usedAt: row.used_at,
    accepted: row.accepted,
    acceptedAt: row.accepted_at,
    isUnregistering: row.is_unregistering,
  };
}
