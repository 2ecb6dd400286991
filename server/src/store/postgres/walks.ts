/**
 * Which server looks after an app's devices and alerts, and when there is something to do. A walk that found every number right
 * need not be repeated until the log grows or a mute ends, so an idle app is not even loaded.
 */
import { type DueApp, type DueOptions, latestEnd } from '../push_port.js';
import { registryApp } from '../shared_engine.js';
import type { Connections } from './connections.js';
import { isOrphaned } from './servers.js';

const isFree = `(walk.server is null or walk.server = $1
  or not exists (select 1 from server where server.id = walk.server))`;

/** The condition on devices is that of their index device_unsure. */
const due = `
  select * from (
    select app.number, app.id as app, log_head.seq as mark, coalesce(walk.server = $1, false) as "isOwn",
      exists (
        select 1 from outbox where outbox.app = app.number and outbox.notification is not null
          and (outbox.claimed_until <= $2 or outbox.claimed_until > $3 or ${isOrphaned('outbox')})
      ) as "hasAlerts",
      (
        (log_head.seq <> coalesce(walk.clean_seq, -1) or walk.next_mute_end <= $2)
        and exists (select 1 from device where device.app = app.number)
      ) or exists (
        select 1 from device where device.app = app.number
          and (device.is_unregistering or (device.accepted is null and device.target_key not like 'webpush %'))
          and (device.is_unregistering or app.mode <> 'disabled')
      ) as "hasDevices"
    from app join log_head on log_head.app = app.number left join walk on walk.app = app.number
    where app.deleted_at is null and ${isFree}
  ) as candidate
  where "hasAlerts" or "hasDevices"
  order by number`;

const take = `
  insert into walk (app, server, clean_seq)
  select wanted.app, $1, -1 from unnest($2::bigint[]) as wanted (app)
  where exists (select 1 from server where server.id = $1)
  on conflict (app) do update set server = excluded.server where ${isFree}
  returning app`;

/** Those that were dropped from memory: another server that has one in memory may look after it. */
const release = `
  update walk set server = null where server = $1 and not app = any($2::bigint[])`;

const walked = `
  update walk set clean_seq = $3, next_mute_end = $4 where app = $1 and server = $2`;

interface Candidate extends DueApp {
  readonly number: number;
  readonly isOwn: boolean;
}

export class Walks {
  readonly #connections: Connections;
  /** Free apps that were due at the last call, and were left to servers that have them in memory. */
  #left: ReadonlySet<number> = new Set();

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Takes the right to look after apps with something to do, and returns them. */
  async take(
    server: string,
    loaded: readonly number[],
    { time, takesOver }: DueOptions,
  ): Promise<readonly DueApp[]> {
    const values = [server, time.now, latestEnd(time)];
    const candidates = await this.#connections.read<Candidate>(registryApp, due, values);
    const inMemory = new Set(loaded);
    const isWanted = ({ number, isOwn }: Candidate) =>
      takesOver || isOwn || inMemory.has(number) || this.#left.has(number);
    const wanted = candidates.filter(isWanted);
    this.#left = new Set(candidates.flatMap((each) => (isWanted(each) ? [] : [each.number])));
    const numbers = wanted.map(({ number }) => number);
    const rows = await this.#connections.write<{ app: number }>(registryApp, take, [server, numbers]);
    await this.#connections.write(registryApp, release, [server, [...loaded, ...numbers]]);
    const taken = new Set(rows.map(({ app }) => app));
    return wanted.filter(({ number }) => taken.has(number));
  }

  /** All devices of the app had the right number as of the mark. Without effect for a server that does not look after it. */
  async clean(app: number, server: string, mark: number, nextMuteEnd: number | null): Promise<void> {
    await this.#connections.write(app, walked, [app, server, mark, nextMuteEnd]);
  }
}
