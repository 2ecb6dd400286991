/**
 * Connections to the database: lanes for single statements, and a pool for transactions. All of them pipeline: statements
 * that are handed in together share a round trip. While the database is away, callers wait for some seconds.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StoreUnavailable } from '../port.js';
import { asError, isCollision, isConnectionLoss, withPatience } from './errors.js';
import { Lane } from './lane.js';
import { preparedRunner } from './prepared.js';
import { type Run, runner, type Value } from './run.js';
import type { SchemaWatch } from './schema_watch.js';

/** Single statements of an app go through one lane, in the order of the calls. */
const laneCount = 4;

/** How many transactions run at once; the others wait. */
const transactionsAtOnce = 8;

/** How often a transaction is tried that meets others. */
const attempts = 20;

/** A transaction of a node that stopped in the middle of it is ended by the database, so that it holds no lock. */
const idleMs = 10_000;

const begin = `begin isolation level read committed; set local idle_in_transaction_session_timeout = ${idleMs}`;
const beginSnapshot = 'begin isolation level repeatable read read only';

/** A connection for one transaction. `release` with an error closes it, and so undoes what was not committed. */
export interface Leased {
  readonly run: Run;
  /** For statements that every batch runs. */
  readonly runPrepared: Run;
  begin(): Promise<unknown>;
  /** Resolves once it is durable. */
  commit(): Promise<void>;
  release(error?: Error): void;
}

export class Connections {
  readonly #lanes: Lane[];
  /** What all readers wait for has a lane of its own. */
  readonly #heads: Lane;
  readonly #pool: pg.Pool;
  /** For a connection of its own. */
  readonly config: pg.ClientConfig;
  #closed: Promise<void> | undefined;
  #watch: SchemaWatch | undefined;

  constructor(url: string) {
    const config: pg.ClientConfig = {
      connectionString: url,
      application_name: 'badged',
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      types: { getTypeParser },
    };
    this.config = config;
    this.#lanes = Array.from({ length: laneCount }, () => new Lane(config));
    this.#heads = new Lane(config);
    this.#pool = new pg.Pool({ ...config, max: transactionsAtOnce, idleTimeoutMillis: 60_000 });
    // A connection that breaks while it is idle is replaced by the next use.
    this.#pool.on('error', () => {});
  }

  /** Of the schema's version: also while nothing else is allowed. */
  readSchema<R extends object>(sql: string): Promise<R[]> {
    return this.#lane(0).read<R>(sql);
  }

  /** From now on, nothing else is sent that `watch` does not allow. It is stopped with the connections. */
  watch(watch: SchemaWatch): void {
    this.#watch = watch;
  }

  /** A statement that only reads: it is tried again if the connection breaks. */
  read<R extends object>(app: number, sql: string, values?: readonly Value[]): Promise<R[]> {
    return this.#watch?.mayRead() ?? this.#lane(app).read<R>(sql, values);
  }

  /** The same, on a lane where nothing else is waited for. */
  readHeads<R extends object>(sql: string, values?: readonly Value[]): Promise<R[]> {
    return this.#watch?.mayRead() ?? this.#heads.read<R>(sql, values);
  }

  /** A statement that is a transaction by itself. If the connection breaks, its outcome is not known. */
  write<R extends object>(app: number, sql: string, values?: readonly Value[]): Promise<R[]> {
    const write = () => this.#lane(app).write<R>(sql, values);
    return this.#watch?.mayWrite()?.then(write) ?? write();
  }

  /**
   * Runs `work` in a transaction; again if it met another one (serialization failure, deadlock, a key that another one
   * took). It must hand in its statements before it awaits anything else, so that they share a round trip with the begin.
   */
  async transaction<V>(work: (run: Run) => Promise<V>): Promise<V> {
    for (let attempt = 1; ; attempt += 1) {
      const leased = await this.lease();
      try {
        const [, value] = await Promise.all([leased.begin(), work(leased.run)]);
        await leased.commit();
        leased.release();
        return value;
      } catch (error) {
        leased.release(asError(error));
        if (attempt === attempts || !isCollision(error)) throw unavailable(error);
        await delay(Math.random() * 2 ** Math.min(attempt, 7));
      }
    }
  }

  /** A transaction that sees the database as it is at one moment, and writes nothing: it is tried again if it breaks. */
  snapshot<V>(work: (run: Run) => Promise<V>): Promise<V> {
    return withPatience(async () => {
      const leased = await this.lease();
      try {
        await leased.run(beginSnapshot);
        const value = await work(leased.run);
        await leased.commit();
        leased.release();
        return value;
      } catch (error) {
        leased.release(asError(error));
        throw error;
      }
    });
  }

  /** Waits some seconds for the database if it is away. */
  async lease(): Promise<Leased> {
    await this.#watch?.mayWrite();
    const client = await withPatience(() => {
      if (this.#closed !== undefined) throw new StoreUnavailable('The store is closing.');
      return this.#pool.connect();
    });
    const ignore = () => {};
    // What breaks while no statement is in flight is seen by the next one.
    client.on('error', ignore);
    return {
      run: runner(client),
      runPrepared: preparedRunner(client),
      begin: () => client.query(begin),
      commit: async () => {
        const { command } = await client.query('commit');
        if (command !== 'COMMIT') throw new Error('The transaction was rolled back.');
      },
      release: (error) => {
        client.off('error', ignore);
        client.release(error ?? false);
      },
    };
  }

  close(): Promise<void> {
    this.#watch?.stop();
    this.#closed ??= Promise.all([
      this.#pool.end(),
      ...[...this.#lanes, this.#heads].map((lane) => lane.close()),
    ]).then(() => undefined);
    return this.#closed;
  }

  #lane(app: number): Lane {
    const lane = this.#lanes[Math.abs(app) % laneCount];
    if (lane === undefined) throw new Error(`no lane for app ${app}`);
    return lane;
  }
}

/** What broke the connection, for a caller who may try again. */
function unavailable(error: unknown): Error {
  return isConnectionLoss(error) ? new StoreUnavailable(asError(error).message) : asError(error);
}

/** Numbers of 64 bits are read as numbers: none of ours is beyond 2 ** 53. */
const int8 = 20;

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text');
