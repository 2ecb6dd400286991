/**
 * A real PostgreSQL for the tests of one file: the database that DATABASE_URL_TEST names, or a server of its own in a temporary
 * directory, on a Unix socket, with the programs that binaries.ts finds. It ends with the process that started it, however that ends, and leaves nothing behind. Where there
 * is neither, the tests that need one are skipped, and the reason is printed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll } from 'vitest';
import { findBinaries, runnable } from './binaries.js';

export interface TestServer {
  /** The URL of a schema with this name. */
  url(schema: string): string;
  stop(): Promise<void>;
}

/** Why tests with PostgreSQL cannot run here; undefined if they can. Throws where they must (BADGED_TESTS_SKIP_NOTHING). */
export function whyNoPostgres(): string | undefined {
  if (process.env.DATABASE_URL_TEST !== undefined || findBinaries() !== undefined) return undefined;
  return orThrow(
    'PostgreSQL is not installed, and npm has no package of it for this platform. Install it, or set DATABASE_URL_TEST to a database that tests may use.',
  );
}

/** Where no test may be skipped, the reason is an error. */
export function orThrow(reason: string): string {
  if (process.env.BADGED_TESTS_SKIP_NOTHING !== undefined) throw new Error(reason);
  return reason;
}

/** Starts the server at the first call in a file, and stops it after the file's last test. */
export function testServer(): () => Promise<TestServer> {
  let started: Promise<TestServer> | undefined;
  afterAll(async () => (await started)?.stop());
  return () => {
    started ??= start();
    return started;
  };
}

async function start(): Promise<TestServer> {
  const given = process.env.DATABASE_URL_TEST;
  if (given !== undefined) return { url: (schema) => withSchema(given, schema), stop: async () => {} };
  const binaries = findBinaries();
  if (binaries === undefined) throw new Error(whyNoPostgres());
  const directory = mkdtempSync(join(tmpdir(), 'badged-pg-'));
  const path = runnable(binaries, directory);
  const data = join(directory, 'data');
  const user = unprivileged(directory);
  const stay = { ...user, cwd: directory, env: { ...process.env, LC_ALL: 'C' } };
  const setup = ['-D', data, '-U', 'badged', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(path, 'initdb'), setup, { ...stay, stdio: 'ignore' });
  const options = `-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c listen_addresses= -c unix_socket_directories=${directory}`;
  // The shell outlives this process: when its input ends, it ends the server and removes its files.
  const script = `"$0" -D "$1" ${options} </dev/null & server=$!; read _; kill -QUIT $server; wait $server; rm -rf "$2"`;
  const shell = spawn('/bin/sh', ['-c', script, join(path, 'postgres'), data, directory], {
    ...stay,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => shell.once('close', () => resolve()));
  const url = `postgres://badged@localhost/postgres?host=${encodeURIComponent(directory)}`;
  await accepting(url);
  return {
    url: (schema) => withSchema(url, schema),
    async stop() {
      shell.stdin?.end();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root: then it gets another user, who owns the directory. */
export function unprivileged(directory: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const ids = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })));
  const [uid = 65_534, gid = 65_534] = ids;
  chownSync(directory, uid, gid);
  return { uid, gid };
}

async function accepting(url: string): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(20);
    }
  }
}

function withSchema(url: string, schema: string): string {
  const options = encodeURIComponent(`-c search_path=${schema}`);
  return `${url}${url.includes('?') ? '&' : '?'}options=${options}`;
}
