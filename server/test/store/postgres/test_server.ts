/**
 * A real PostgreSQL for all tests of this process: the database that DATABASE_URL_TEST names, or a server in a temporary
 * directory, on a Unix socket, with the programs that binaries.ts finds. It ends with the process that started it, however that
 * ends, and leaves nothing behind. Where there is neither, the tests that need one are skipped, and the reason is printed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries, runnable } from './binaries.js';

export interface TestServer {
  /** The URL of a schema with this name. */
  url(schema: string): string;
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

let started: Promise<TestServer> | undefined;

/** Starts the server at the first call in this process. */
export function testServer(): Promise<TestServer> {
  started ??= start();
  return started;
}

async function start(): Promise<TestServer> {
  const given = process.env.DATABASE_URL_TEST;
  if (given !== undefined) return { url: (schema) => withSchema(given, schema) };
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
  shell.unref();
  unreference(shell.stdin);
  const url = `postgres://badged@localhost/postgres?host=${encodeURIComponent(directory)}`;
  await accepting(url);
  return { url: (schema) => withSchema(url, schema) };
}

/** This process may end while the pipe is open. */
function unreference(pipe: Writable): void {
  if (pipe instanceof Socket) pipe.unref();
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
