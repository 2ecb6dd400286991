/** The whole program over one of the two engines, under load over HTTP. */
import { runWireLoad } from '../load/wire.js';
import type { Database } from '../rivals/databases.js';
import { badgesOverFew, messagesTo, rooms } from '../rivals/scene.js';
import { cpuMs, type Side, startBadged } from '../rivals/sides.js';
import { databaseCpuMs } from './database.js';

export interface HttpSample {
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** For each response: of the server, and of the database. */
  readonly cpuMicroseconds: number;
  readonly databaseMicroseconds: number;
  /** In cores. */
  readonly clientCpu: number;
}

/** Messages to ten participants, or badges over ten conversations. */
const requests = {
  messages: (base: string) => messagesTo(base, rooms(10)),
  reads: badgesOverFew,
};

export class HttpSide {
  readonly #side: Side;
  readonly #database: Database | undefined;

  private constructor(side: Side, database: Database | undefined) {
    this.#side = side;
    this.#database = database;
  }

  /** Without a database, the embedded store. */
  static async start(name: string, directory: string, database?: Database): Promise<HttpSide> {
    const where = database === undefined ? { directory } : { directory, database: database.location };
    return new HttpSide(await startBadged(name, where), database);
  }

  async run(what: keyof typeof requests, clients: number, seconds: number): Promise<HttpSample> {
    const { url, token, base } = this.#side;
    const before = [cpuMs(this.#side), this.#databaseCpuMs()] as const;
    const load = { url, token, seconds, groups: [{ clients, requests: requests[what](base) }] };
    const { groups, clientCpu } = await runWireLoad(load);
    const [group] = groups;
    if (group === undefined) throw new Error('no clients');
    const each = (spentMs: number) => (spentMs * 1000) / group.responses;
    return {
      ...group,
      clientCpu,
      cpuMicroseconds: each(cpuMs(this.#side) - before[0]),
      databaseMicroseconds: each(this.#databaseCpuMs() - before[1]),
    };
  }

  stop(): Promise<void> {
    return this.#side.stop();
  }

  #databaseCpuMs(): number {
    return this.#database === undefined ? 0 : databaseCpuMs(this.#database);
  }
}
