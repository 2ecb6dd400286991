/**
 * Records, on the embedded store: one table. Writes share the transactions of group commit; what is read may be committed and
 * not durable yet, so its reader waits until it is.
 */
import type { EngineHost, HostedApp } from '../hosted_app.js';
import type { RecordStore, StoredRecord } from '../record_port.js';
import type { Connection } from './connection.js';
import type { GroupCommit } from './group_commit.js';

export interface RecordDeps {
  readonly connection: Connection;
  readonly commits: GroupCommit;
  readonly host: EngineHost;
}

export class SqliteRecords implements RecordStore {
  readonly #deps: RecordDeps;
  readonly #insert;
  readonly #update;
  readonly #get;
  readonly #take;
  readonly #list;
  readonly #forgetExpired;

  constructor(deps: RecordDeps) {
    this.#deps = deps;
    const { connection } = deps;
    const columns = 'id, owner, value, expires_at as expiresAt';
    const alive = '(expires_at is null or expires_at > ?)';
    this.#insert = connection.prepare<[number, string, string, string, string, number | null]>(
      'insert or ignore into records (app, kind, id, owner, value, expires_at) values (?, ?, ?, ?, ?, ?)',
    );
    this.#update = connection.prepare<[string, string, number | null, number, string, string, number]>(
      `update records set owner = ?, value = ?, expires_at = ? where app = ? and kind = ? and id = ? and ${alive}`,
    );
    this.#get = connection.prepare<[number, string, string, number], StoredRecord>(
      `select ${columns} from records where app = ? and kind = ? and id = ? and ${alive}`,
    );
    this.#take = connection.prepare<[number, string, string, number], StoredRecord>(
      `delete from records where app = ? and kind = ? and id = ? and ${alive} returning ${columns}`,
    );
    this.#list = connection.prepare<[number, string, string, number], StoredRecord>(
      `select ${columns} from records where app = ? and kind = ? and owner = ? and ${alive} order by seq`,
    );
    this.#forgetExpired = connection.prepare<[number, number]>(
      'delete from records where app = ? and expires_at is not null and expires_at <= ?',
    );
  }

  insert(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean> {
    const { id, owner, value, expiresAt } = record;
    const insert = ({ number }: HostedApp) => {
      // Adding a record removes expired ones, so that no background job is needed.
      this.#forgetExpired.run(number, now);
      return this.#insert.run(number, kind, id, owner, value, expiresAt).changes > 0;
    };
    return this.#write(app, insert, false);
  }

  update(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean> {
    const { id, owner, value, expiresAt } = record;
    const update = ({ number }: HostedApp) =>
      this.#update.run(owner, value, expiresAt, number, kind, id, now).changes > 0;
    return this.#write(app, update, false);
  }

  async get(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined> {
    const loaded = this.#deps.host.app(app);
    const found = loaded && this.#get.get(loaded.number, kind, id, now);
    await this.#deps.commits.durable();
    return found;
  }

  take(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined> {
    return this.#write(app, ({ number }) => this.#take.get(number, kind, id, now), undefined);
  }

  async list(app: string, kind: string, owner: string, now: number): Promise<readonly StoredRecord[]> {
    const loaded = this.#deps.host.app(app);
    const found = loaded === undefined ? [] : this.#list.all(loaded.number, kind, owner, now);
    await this.#deps.commits.durable();
    return found;
  }

  /** `otherwise` for an app that does not exist. */
  async #write<V>(app: string, work: (loaded: HostedApp) => V, otherwise: V): Promise<V> {
    const loaded = this.#deps.host.app(app);
    return loaded === undefined ? otherwise : this.#deps.commits.run(() => work(loaded));
  }
}
