/** Records: one table. */
import type { RecordStore, StoredRecord } from '../record_port.js';
import type { SharedEngineHost } from '../shared_engine.js';
import type { Connections } from './connections.js';

/** A record that has expired is no record, also for a new one with its id. */
const insert = `
  insert into record (app, collection, id, owner, value, expires_at) values ($1, $2, $3, $4, $5, $6)
  on conflict (app, collection, id) do update
  set owner = excluded.owner, value = excluded.value, expires_at = excluded.expires_at, inserted_at = clock_timestamp()
  where record.expires_at <= $7
  returning id`;

/** Adding a record removes expired ones, so that no background job is needed. */
const forgetExpired = `
  delete from record where app = $1 and expires_at <= $2`;

const update = `
  update record set owner = $4, value = $5, expires_at = $6
  where app = $1 and collection = $2 and id = $3 and (expires_at is null or expires_at > $7)
  returning id`;

const columns = 'id, owner, value, expires_at as "expiresAt"';

const get = `
  select ${columns} from record
  where app = $1 and collection = $2 and id = $3 and (expires_at is null or expires_at > $4)`;

const take = `
  delete from record
  where app = $1 and collection = $2 and id = $3 and (expires_at is null or expires_at > $4)
  returning ${columns}`;

const list = `
  select ${columns} from record
  where app = $1 and collection = $2 and owner = $3 and (expires_at is null or expires_at > $4)
  order by inserted_at, id`;

export class PostgresRecords implements RecordStore {
  readonly #connections: Connections;
  readonly #host: SharedEngineHost;

  constructor(connections: Connections, host: SharedEngineHost) {
    this.#connections = connections;
    this.#host = host;
  }

  async insert(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean> {
    const number = await this.#host.number(app);
    if (number === undefined) return false;
    const { id, owner, value, expiresAt } = record;
    const [inserted] = await Promise.all([
      this.#connections.write(number, insert, [number, kind, id, owner, value, expiresAt, now]),
      this.#connections.write(number, forgetExpired, [number, now]),
    ]);
    return inserted.length > 0;
  }

  async update(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean> {
    const number = await this.#host.number(app);
    if (number === undefined) return false;
    const { id, owner, value, expiresAt } = record;
    const values = [number, kind, id, owner, value, expiresAt, now];
    return (await this.#connections.write(number, update, values)).length > 0;
  }

  async get(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined> {
    const number = await this.#host.number(app);
    if (number === undefined) return undefined;
    const [record] = await this.#connections.read<StoredRecord>(number, get, [number, kind, id, now]);
    return record;
  }

  async take(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined> {
    const number = await this.#host.number(app);
    if (number === undefined) return undefined;
    const [record] = await this.#connections.write<StoredRecord>(number, take, [number, kind, id, now]);
    return record;
  }

  async list(app: string, kind: string, owner: string, now: number): Promise<readonly StoredRecord[]> {
    const number = await this.#host.number(app);
    if (number === undefined) return [];
    return this.#connections.read<StoredRecord>(number, list, [number, kind, owner, now]);
  }
}
