/** The table of devices, and in memory how many each user has: so that a user who has none costs nothing. */
import { isAnothers, isSameRegistration, targetKey } from '../device_registrations.js';
import {
  type ClaimTime,
  type Device,
  latestEnd,
  type NewDevice,
  type RegisterOptions,
  type Settlement,
} from '../push_port.js';
import type { Connection, SqliteValue } from './connection.js';

export class Devices {
  readonly #sql: Statements;
  readonly #counts = new Map<number, Map<string, number>>();
  #registrations = 0;

  constructor(connection: Connection) {
    this.#sql = statements(connection);
    const rows = connection.prepare<[], { app: number; user: string; count: number }>(
      'select app, user, count(*) as count from devices where is_leaving = 0 group by app, user',
    );
    for (const { app, user, count } of rows.all()) this.#countsOf(app).set(user, count);
  }

  /** Counts whatever may change to whom a device belongs: registering, unregistering and forgetting. */
  get registrations(): number {
    return this.#registrations;
  }

  /** The users who have devices that are not unregistering. */
  users(app: number): ReadonlyMap<string, number> {
    return this.#countsOf(app);
  }

  /** Returns the devices that changed: this one first. None if it may not move. */
  register(app: number, device: NewDevice, options: RegisterOptions): Device[] {
    const { now, devicesPerUser, movesByTargetOnly = false } = options;
    this.#registrations += 1;
    const before = this.device(app, device.id);
    if (before !== undefined && !before.isUnregistering && isSameRegistration(before, device)) {
      this.#sql.use.run(now, now, app, device.id);
      return this.#devices(app, [device.id]);
    }
    if (movesByTargetOnly && before !== undefined && isAnothers(before, device)) return [];
    this.#replace(app, device, now);
    const others = this.ofUser(app, device.user).filter(({ id }) => id !== device.id);
    const displaced = others.slice(devicesPerUser - 1).map(({ id }) => id);
    for (const id of displaced) this.unregister(app, device.user, id);
    return this.#devices(app, [device.id, ...displaced]);
  }

  /** Undefined if the user has no such device. */
  unregister(app: number, user: string, device: string): Device | undefined {
    this.#registrations += 1;
    if (this.#sql.unregister.run(app, device, user).changes === 0) return undefined;
    this.#count(app, user, -1);
    return this.device(app, device);
  }

  /** Drops it, unless it registered after this time. */
  forget(app: number, device: string, since: number): boolean {
    this.#registrations += 1;
    const found = this.device(app, device);
    if (found === undefined || found.registeredAt > since) return false;
    this.#remove(app, found);
    return true;
  }

  device(app: number, device: string): Device | undefined {
    const row = this.#sql.byId.get(app, device);
    return row && parseDevice(row);
  }

  /** Most recently used first. */
  ofUser(app: number, user: string): Device[] {
    return this.#sql.byUser.all(app, user).map(parseDevice);
  }

  after(app: number, device: string, limit: number): Device[] {
    return this.#sql.after.all(app, device, limit).map(parseDevice);
  }

  /** False while another claim holds. What it accepted is unknown from here on. */
  claim(app: number, device: string, time: ClaimTime): boolean {
    return this.#sql.claim.run(time.until, app, device, time.now, latestEnd(time)).changes > 0;
  }

  /** Gives the claim back, and returns the device as it is then. */
  settle(app: number, settlement: Settlement, now: number): Device | undefined {
    const { device: id, registeredAt, target, accepted } = settlement;
    const device = this.device(app, id);
    if (device === undefined) return undefined;
    if ((registeredAt !== undefined && device.registeredAt !== registeredAt) || accepted === null)
      this.#sql.release.run(app, id);
    else this.#sql.accept.run(accepted, now, now, app, id);
    if (registeredAt !== undefined && device.registeredAt !== registeredAt) return device;
    if (target !== undefined) this.#sql.move.run(JSON.stringify(target), targetKey(target), app, id);
    return accepted === null ? device : { ...device, accepted, acceptedAt: now, usedAt: now };
  }

  /** What the devices of the platform accepted is unknown from here on. */
  doubt(app: number, platform: string): void {
    this.#sql.doubt.run(app, platform);
  }

  /** The device that had the id, or the target, before is removed. */
  #replace(app: number, { id, user, target }: NewDevice, now: number): void {
    const [text, key] = [JSON.stringify(target), targetKey(target)];
    for (const former of this.#sql.former.all(app, id, key)) this.#remove(app, parseDevice(former));
    this.#sql.insert.run(app, id, user, text, key, now, now);
    this.#count(app, user, 1);
  }

  #remove(app: number, { id, user, isUnregistering }: Device): void {
    this.#sql.remove.run(app, id);
    if (!isUnregistering) this.#count(app, user, -1);
  }

  #devices(app: number, ids: readonly string[]): Device[] {
    return ids.flatMap((id) => this.device(app, id) ?? []);
  }

  #countsOf(app: number): Map<string, number> {
    const counts = this.#counts.get(app) ?? new Map();
    this.#counts.set(app, counts);
    return counts;
  }

  #count(app: number, user: string, change: number): void {
    const counts = this.#countsOf(app);
    const count = (counts.get(user) ?? 0) + change;
    if (count > 0) counts.set(user, count);
    else counts.delete(user);
  }
}

type Statements = ReturnType<typeof statements>;

function statements(connection: Connection) {
  const rows = <P extends SqliteValue[]>(sql: string) => connection.prepare<P, StoredDevice>(sql);
  const write = <P extends SqliteValue[]>(sql: string) => connection.prepare<P>(sql);
  return {
    byId: rows<[number, string]>('select * from devices where app = ? and id = ?'),
    byUser: rows<[number, string]>(
      'select * from devices where app = ? and user = ? and is_leaving = 0 order by used_at desc, id',
    ),
    after: rows<[number, string, number]>(
      'select * from devices where app = ? and id > ? order by id limit ?',
    ),
    former: rows<[number, string, string]>(
      'select * from devices where app = ? and (id = ? or address_key = ?)',
    ),
    insert: write<[number, string, string, string, string, number, number]>(
      `insert into devices (app, id, user, address, address_key, registered_at, used_at)
       values (?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: write<[number, string]>('delete from devices where app = ? and id = ?'),
    use: write<[number, number, number, string]>(
      'update devices set used_at = ?, registered_at = ? where app = ? and id = ?',
    ),
    unregister: write<[number, string, string]>(
      'update devices set is_leaving = 1 where app = ? and id = ? and user = ? and is_leaving = 0',
    ),
    claim: write<[number, number, string, number, number]>(
      `update devices set claimed_until = ?, accepted = null
       where app = ? and id = ? and (claimed_until <= ? or claimed_until > ?)`,
    ),
    release: write<[number, string]>('update devices set claimed_until = 0 where app = ? and id = ?'),
    move: write<[string, string, number, string]>(
      'update or ignore devices set address = ?, address_key = ? where app = ? and id = ?',
    ),
    accept: write<[number, number, number, number, string]>(
      `update devices set claimed_until = 0, accepted = ?, accepted_at = ?, used_at = ?
       where app = ? and id = ?`,
    ),
    doubt: write<[number, string]>(
      "update devices set accepted = null where app = ? and address_key like ? || ' %'",
    ),
  };
}

export interface StoredDevice {
  id: string;
  user: string;
  address: string;
  registered_at: number;
  used_at: number;
  accepted: number | null;
  accepted_at: number | null;
  is_leaving: number;
}

export function parseDevice(row: StoredDevice): Device {
  return {
    id: row.id,
    user: row.user,
    target: JSON.parse(row.address),
    registeredAt: row.registered_at,
    usedAt: row.used_at,
    accepted: row.accepted,
    acceptedAt: row.accepted_at,
    isUnregistering: row.is_leaving === 1,
  };
}
