/** A schema that one test after another uses, with engines that stay open. It is emptied in between. */
import pg from 'pg';
import { openPostgresEngine, type PostgresEngine } from '../../../src/store/postgres/engine.js';
import type { SharedEngine } from '../../../src/store/shared_engine.js';

export class ReusedSchema {
  readonly url: string;
  readonly #engines: PostgresEngine[];
  /** The one that was closed first is opened first: a node that restarts gets another one than it had. */
  readonly #free: PostgresEngine[];
  #client: Promise<pg.Client> | undefined;
  #tables: readonly string[] | undefined;

  /** In a schema that has nothing in it. */
  static async open(url: string): Promise<ReusedSchema> {
    return new ReusedSchema(url, await openPostgresEngine(url));
  }

  private constructor(url: string, engine: PostgresEngine) {
    this.url = url;
    this.#engines = [engine];
    this.#free = [engine];
  }

  async openEngine(): Promise<SharedEngine> {
    const engine = this.#free.shift() ?? (await this.#connect());
    return staysOpen(engine, () => this.#free.push(engine));
  }

  /** As after the migrations. */
  async empty(): Promise<void> {
    this.#client ??= this.#openClient();
    const client = await this.#client;
    this.#tables ??= await tablesOf(client);
    for (const table of this.#tables) {
      const name = `empty_${table}`;
      await client.query({ name, text: `delete from ${pg.escapeIdentifier(table)}` });
    }
    await client.query({ name: 'registry', text: 'insert into log_head (app, seq, alert) values (0, 0, 0)' });
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
    await (await this.#client)?.end();
  }

  async #connect(): Promise<PostgresEngine> {
    const engine = await openPostgresEngine(this.url);
    this.#engines.push(engine);
    return engine;
  }

  async #openClient(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url });
    // A test may end every connection.
    client.on('error', () => {
      this.#client = undefined;
    });
    await client.connect();
    return client;
  }
}

async function tablesOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables
     where schemaname = current_schema() and tablename <> 'badged_schema'`,
  );
  return rows.map(({ name }) => name);
}

function staysOpen(engine: PostgresEngine, onClose: () => void): SharedEngine {
  return {
    capabilities: engine.capabilities,
    registry: engine.registry,
    servers: engine.servers,
    access: engine.access,
    get commits() {
      return engine.commits;
    },
    heads: (apps) => engine.heads(apps),
    eventsAfter: (app, end) => engine.eventsAfter(app, end),
    lastCommon: (app, points) => engine.lastCommon(app, points),
    pointAt: (app, seq) => engine.pointAt(app, seq),
    onHint: (listener) => engine.onHint(listener),
    readRegistry: () => engine.readRegistry(),
    inSnapshot: (work) => engine.inSnapshot(work),
    apps: () => engine.apps(),
    lastSeq: (app) => engine.lastSeq(app),
    firstSeq: (app) => engine.firstSeq(app),
    takeBase: (app) => engine.takeBase(app),
    writeBase: (app, rows, upTo) => engine.writeBase(app, rows, upTo),
    dropEvents: (app, from, to) => engine.dropEvents(app, from, to),
    logAfter: (app, seq) => engine.logAfter(app, seq),
    messagesBack: (app, from, to, limit) => engine.messagesBack(app, from, to, limit),
    chosenId: (app, id) => engine.chosenId(app, id),
    checkpointSeq: (app) => engine.checkpointSeq(app),
    checkpoint: (app) => engine.checkpoint(app),
    append: (app, after, decide) => engine.append(app, after, decide),
    leaseCheckpoint: (app, upTo) => engine.leaseCheckpoint(app, upTo),
    writeCheckpoint: (app, rows, options) => engine.writeCheckpoint(app, rows, options),
    pushStore: (host) => engine.pushStore(host),
    recordStore: (host) => engine.recordStore(host),
    close: async () => onClose(),
  };
}
