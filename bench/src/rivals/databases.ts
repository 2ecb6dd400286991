/**
 * A Redis and a PostgreSQL of the benchmark's own, each on a Unix socket in a new directory, with the durability that its
 * users run it with: an append-only file synced every second, and a sync for each commit.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { scratchDirectory } from '../measure/scratch.js';

export interface Database {
  /** The path of Redis's socket, or the URL of a database of PostgreSQL. */
  readonly location: string;
  stop(): Promise<void>;
}

/** Undefined if it is not installed. */
export async function startRedis(): Promise<Database | undefined> {
  const path = binariesIn(searchPath(), ['redis-server']);
  if (path === undefined) return undefined;
  const directory = scratchDirectory();
  const location = join(directory, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', location, '--dir', directory, '--save', ''];
  args.push('--appendonly', 'yes', '--appendfsync', 'everysec');
  const child = spawn(join(path, 'redis-server'), args, { stdio: 'ignore' });
  await accepting('Redis', child, async () => {
    const redis = new Redis({ path: location, retryStrategy: () => null, lazyConnect: true });
    redis.on('error', () => {});
    await redis.connect();
    redis.disconnect();
  });
  return { location, stop: () => stopped(child, 'SIGTERM', directory) };
}

/** Undefined if it is not installed. */
export async function startPostgres(): Promise<Database | undefined> {
  const path = binariesIn([...packagedPostgres(), ...searchPath()], ['initdb', 'postgres']);
  if (path === undefined) return undefined;
  const directory = scratchDirectory();
  const data = join(directory, 'data');
  const options = { ...unprivileged(directory), cwd: directory, env: { ...process.env, LC_ALL: 'C' } };
  const setup = ['-D', data, '-U', 'badged', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(path, 'initdb'), setup, { ...options, stdio: 'ignore' });
  const settings = ['listen_addresses=', `unix_socket_directories=${directory}`, 'shared_buffers=512MB'];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(join(path, 'postgres'), args, { ...options, stdio: 'ignore' });
  const url = (database: string) =>
    `postgres://badged@localhost/${database}?host=${encodeURIComponent(directory)}`;
  await accepting('PostgreSQL', child, async () => {
    const client = new pg.Client({ connectionString: url('postgres') });
    await client.connect();
    await client.end();
  });
  return { location: url('postgres'), stop: () => stopped(child, 'SIGQUIT', directory) };
}

function searchPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter);
}

function packagedPostgres(): string[] {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(packaged, version, 'bin'));
}

function binariesIn(directories: readonly string[], names: readonly string[]): string | undefined {
  return directories.find((path) => names.every((name) => existsSync(join(path, name))));
}

/** PostgreSQL refuses to run as root. */
function unprivileged(directory: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const ids = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })));
  const [uid = 65_534, gid = 65_534] = ids;
  chownSync(directory, uid, gid);
  return { uid, gid };
}

async function accepting(name: string, child: ChildProcess, attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    try {
      return await attempt();
    } catch {
      await delay(20);
    }
  }
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals, directory: string): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
  rmSync(directory, { recursive: true, force: true });
}
