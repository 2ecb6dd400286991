/** The table of running servers. Which of them are taken for dead is decided in host/servers.ts. */
import type { ServerRow, ServerTable } from '../shared_engine.js';
import { registryApp } from '../shared_engine.js';
import type { Connections } from './connections.js';

const join = `
  insert into server (id, beat, report) values ($1, 0, $2)
  on conflict (id) do nothing`;

const beat = `
  update server set beat = beat + 1, report = $2 where id = $1 returning id`;

const list = `
  select id, beat, report from server order by id`;

const remove = `
  delete from server where id = $1 and beat = coalesce($2, beat)`;

/** An SQL condition: the row of `table` is claimed by a server that is no longer in the table of servers. */
export function isOrphaned(table: string): string {
  return `(${table}.claimed_by is not null and not exists (select 1 from server where server.id = ${table}.claimed_by))`;
}

export class PostgresServers implements ServerTable {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async join(id: string, report: string): Promise<void> {
    await this.#connections.write(registryApp, join, [id, report]);
  }

  async beat(id: string, report: string): Promise<boolean> {
    return (await this.#connections.write(registryApp, beat, [id, report])).length > 0;
  }

  list(): Promise<readonly ServerRow[]> {
    return this.#connections.read<ServerRow>(registryApp, list);
  }

  async remove(id: string, last?: number): Promise<void> {
    await this.#connections.write(registryApp, remove, [id, last ?? null]);
  }
}
