/** PgBouncer in front of a schema of the test database, in transaction mode, with fewer connections than a node opens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { URL } from 'node:url';
import pg from 'pg';
import { orThrow, unprivileged } from './test_server.js';

export interface PgBouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** How many connections to the database all clients share. */
export const poolSize = 4;

function program(): string | undefined {
  const paths = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return paths.map((path) => join(path, 'pgbouncer')).find((path) => existsSync(path));
}

export function whyNoPgBouncer(): string | undefined {
  if (program() !== undefined) return undefined;
  return orThrow('PgBouncer is not installed (on Debian: apt-get install pgbouncer).');
}

export async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-bouncer-'));
  const config = join(directory, 'pgbouncer.ini');
  writeFileSync(config, configuration(databaseUrl, directory));
  // The shell outlives this process: when its input ends, it ends PgBouncer.
  const script = '"$0" "$1" </dev/null & bouncer=$!; read _; kill $bouncer; wait $bouncer';
  const child = spawn('/bin/sh', ['-c', script, program() ?? 'pgbouncer', config], {
    ...unprivileged(directory),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(child, 'close');
  const url = `postgres://badged@localhost:6432/test?host=${encodeURIComponent(directory)}`;
  while (!(await accepts(url))) await delay(20);
  return {
    url,
    async stop() {
      child.stdin.end();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function accepts(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The search path is that of the schema: PgBouncer does not pass on what a client's URL sets. */
function configuration(databaseUrl: string, directory: string): string {
  const { hostname, port, username, password, pathname, searchParams } = new URL(databaseUrl);
  const schema = /search_path=(\w+)/.exec(searchParams.get('options') ?? '')?.[1] ?? 'public';
  const target = [
    `host=${searchParams.get('host') ?? hostname}`,
    `port=${port === '' ? 5432 : port}`,
    `dbname=${pathname.slice(1)}`,
    `user=${username}`,
    ...(password === '' ? [] : [`password=${decodeURIComponent(password)}`]),
    `connect_query='set search_path to ${schema}'`,
  ];
  return `[databases]
test = ${target.join(' ')}
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = ${directory}
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
`;
}
