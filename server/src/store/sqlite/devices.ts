/** The table of devices, and in memory how many each user has: so that whoever has none costs nothing. */
import { isDeepStrictEqual } from 'node:util';
import type { PushTarget } from '../../push_target.js';
import type { Device, NewDevice, Settlement } from '../push_port.js';
import type { Connection } from './database.js';

export class Devices {
  readonly #connection: Connection;
  readonly #counts = new Map<number, Map<string, number>>();

  constructor(connection: Connection) {
    this.#connection = connection;
    const rows = connection.prepare<[], { app: number; user: string; count: number }>(
      'select app, user, count(*) as count from devices where is_leaving = 0 group by app, user',
    );
    for (const { app, user, count } of rows.all()) this.#countsOf(app).set(user, count);
  }

  /** The users who have devices that are not leaving. */
  users(app: number): ReadonlyMap<string, number> {
    return this.#countsOf(app);
  }

  register(
    app: number,
    device: NewDevice,
    limits: { readonly devicesPerUser: number; readonly now: number },
  ): void {
    const { now, devicesPerUser } = limits;
    const before = this.device(app, device.id);
    if (before !== undefined && !before.isUnregistering && isSameRegistration(before, device)) {
      this.#run(
        'update devices set used_at = ?, registered_at = ? where app = ? and id = ?',
        now,
        now,
        app,
        device.id,
      );
      return;
    }
    this.#replace(app, device, now);
    const others = this.ofUser(app, device.user).filter(({ id }) => id !== device.id);
    for (const { id } of others.slice(devicesPerUser - 1)) this.unregister(app, device.user, id);
  }

  unregister(app: number, user: string, device: string): boolean {
    const left = this.#run(
      'update devices set is_leaving = 1 where app = ? and id = ? and user = ? and is_leaving = 0',
      app,
      device,
      user,
    );
    if (left > 0) this.#count(app, user, -1);
    return left > 0;
  }

  /** Drops it, unless it registered after this time. */
  forget(app: number, device: string, since: number): boolean {
    return this.#remove(app, 'id = ? and registered_at <= ?', device, since) > 0;
  }

  device(app: number, device: string): Device | undefined {
    return this.#select('app = ? and id = ?', app, device)[0];
  }

  /** Most recently used first. */
  ofUser(app: number, user: string): Device[] {
    return this.#select('app = ? and user = ? and is_leaving = 0 order by used_at desc, id', app, user);
  }

  after(app: number, device: string, limit: number): Device[] {
    return this.#select('app = ? and id > ? order by id limit ?', app, device, limit);
  }

  /** Whether it is ours until then; what it accepted is unknown from here on. */
  begin(app: number, device: string, until: number, now: number): boolean {
    const claim =
      'update devices set claimed_until = ?, accepted = null where app = ? and id = ? and claimed_until <= ?';
    return this.#run(claim, until, app, device, now) > 0;
  }

  end(app: number, { device, registeredAt, target, accepted }: Settlement, now: number): void {
    this.#run('update devices set claimed_until = 0 where app = ? and id = ?', app, device);
    if (registeredAt !== undefined && this.device(app, device)?.registeredAt !== registeredAt) return;
    if (target !== undefined) {
      const [text, key] = [JSON.stringify(target), addressKey(target)];
      this.#run(
        'update or ignore devices set address = ?, address_key = ? where app = ? and id = ?',
        text,
        key,
        app,
        device,
      );
    }
    if (accepted === null) return;
    const accept = 'update devices set accepted = ?, accepted_at = ?, used_at = ? where app = ? and id = ?';
    this.#run(accept, accepted, now, now, app, device);
  }

  /** What the devices of the platform accepted is unknown from here on. */
  doubt(app: number, platform: string): void {
    this.#run(
      "update devices set accepted = null where app = ? and address_key like ? || ' %'",
      app,
      platform,
    );
  }

  /** Whoever had the id or the target before has it no more. */
  #replace(app: number, { id, user, target }: NewDevice, now: number): void {
    const [text, key] = [JSON.stringify(target), addressKey(target)];
    this.#remove(app, 'id = ? or address_key = ?', id, key);
    const columns = 'app, id, user, address, address_key, registered_at, used_at';
    this.#run(
      `insert into devices (${columns}) values (?, ?, ?, ?, ?, ?, ?)`,
      app,
      id,
      user,
      text,
      key,
      now,
      now,
    );
    this.#count(app, user, 1);
  }

  #remove(app: number, which: string, ...values: (string | number)[]): number {
    const leaving = this.#connection.prepare<unknown[], { user: string; is_leaving: number }>(
      `select user, is_leaving from devices where app = ? and (${which})`,
    );
    for (const row of leaving.all(app, ...values)) if (row.is_leaving === 0) this.#count(app, row.user, -1);
    return this.#run(`delete from devices where app = ? and (${which})`, app, ...values);
  }

  #run(sql: string, ...values: (string | number)[]): number {
    return this.#connection.prepare<unknown[]>(sql).run(...values).changes;
  }

  #select(where: string, ...values: (string | number)[]): Device[] {
    const statement = this.#connection.prepare<unknown[], StoredDevice>(
      `select * from devices where ${where}`,
    );
    return statement.all(...values).map(parseDevice);
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

/** What makes two targets the same. An APNs token stays itself in whichever environment it is known. */
function addressKey(target: PushTarget): string {
  return target.platform === 'webpush' ? `webpush ${target.endpoint}` : `${target.platform} ${target.token}`;
}

/** An APNs token is kept in the environment that is known to take it, whatever the device says again. */
function isSameRegistration(before: Device, now: NewDevice): boolean {
  const lasting = (target: PushTarget) => ({
    ...target,
    ...(target.platform === 'apns' && { environment: null }),
  });
  return before.user === now.user && isDeepStrictEqual(lasting(before.target), lasting(now.target));
}

interface StoredDevice {
  id: string;
  user: string;
  address: string;
  registered_at: number;
  used_at: number;
  accepted: number | null;
  accepted_at: number | null;
  is_leaving: number;
}

function parseDevice(row: StoredDevice): Device {
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
