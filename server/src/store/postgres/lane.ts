/** One connection that is opened when it is needed, and again after it broke. Its statements run in the order of the calls. */
import pg from 'pg';
import { StoreUnavailable } from '../port.js';
import { asError, isCollision, isConnectionLoss, withPatience } from './errors.js';
import { runner, type Value } from './run.js';

export class Lane {
  readonly #config: pg.ClientConfig;
  #client: Promise<pg.Client> | undefined;
  #isClosed = false;

  constructor(config: pg.ClientConfig) {
    this.#config = config;
  }

  read<R extends object>(sql: string, values?: readonly Value[]): Promise<R[]> {
    return withPatience(async () => runner(await this.#open())<R>(sql, values));
  }

  /** A statement that met another transaction did nothing, and is tried again. */
  async write<R extends object>(sql: string, values?: readonly Value[]): Promise<R[]> {
    const client = await withPatience(() => this.#open());
    for (;;) {
      try {
        return await runner(client)<R>(sql, values);
      } catch (error) {
        if (isCollision(error)) continue;
        throw isConnectionLoss(error) ? new StoreUnavailable(asError(error).message) : error;
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.end().catch(() => {});
  }

  #open(): Promise<pg.Client> {
    if (this.#isClosed) return Promise.reject(new StoreUnavailable('The store is closing.'));
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#config);
    const forget = () => {
      this.#client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    try {
      await client.connect();
    } catch (error) {
      forget();
      throw error;
    }
    return client;
  }
}
