/**
 * A PostgreSQL that a test stops, restarts, copies and promotes, on a Unix socket of its own. Commits are as durable as the
 * machine: only power cuts are left out (fsync is off). It ends with the process that started it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../push/delivery_world.js';
import { findBinaries, runnable } from '../store/postgres/binaries.js';
import { withClient } from '../store/postgres/schemas.js';

const options = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  listen_addresses: '',
  wal_keep_size: '256MB',
};

export class Database {
  readonly url: string;
  readonly #programs: string;
  readonly #directory: string;
  #ended: Promise<void> | undefined;
  #end = () => {};

  /** An empty one, running. */
  static async create(): Promise<Database> {
    const database = new Database();
    const setup = ['-U', 'badged', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    database.#run('initdb', ['-D', database.#data, ...setup]);
    await database.start();
    return database;
  }

  /** A standby that streams from `primary`, which calls it by this name in synchronous_standby_names. */
  static async standby(primary: Database, name: string): Promise<Database> {
    const standby = new Database();
    const source = `host=${primary.#directory} user=badged application_name=${name}`;
    standby.#run('pg_basebackup', ['-D', standby.#data, '-d', source, '-R', '-X', 'stream', '--no-sync']);
    await standby.start();
    return standby;
  }

  private constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), 'badged-db-'));
    const { uid, gid } = unprivileged();
    if (uid !== undefined && gid !== undefined) chownSync(this.#directory, uid, gid);
    const binaries = findBinaries();
    if (binaries === undefined) throw new Error('PostgreSQL is not installed.');
    this.#programs = runnable(binaries, this.#directory);
    this.url = `postgres://badged@localhost/postgres?host=${encodeURIComponent(this.#directory)}`;
  }

  get #data(): string {
    return join(this.#directory, 'data');
  }

  async start(): Promise<void> {
    const settings = { ...options, unix_socket_directories: this.#directory };
    const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
    // The shell outlives this process: when its input ends, it ends the server, without a checkpoint.
    const script = `"$0" -D "$1" ${flags.join(' ')} </dev/null & server=$!; read _; kill -QUIT $server; wait $server`;
    const shell = spawn('/bin/sh', ['-c', script, join(this.#programs, 'postgres'), this.#data], {
      ...this.#stay,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#ended = new Promise((resolve) => shell.once('close', () => resolve()));
    this.#end = () => shell.stdin?.end();
    await eventually(() => this.query('select 1').then(() => undefined), 60_000);
  }

  /** As after a crash: connections break, and the next start recovers. */
  async stop(): Promise<void> {
    this.#end();
    await this.#ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async promote(): Promise<void> {
    await this.query('select pg_promote(true, 60)');
  }

  query<R extends object>(sql: string): Promise<readonly R[]> {
    return withClient(this.url, async (client) => (await client.query<R>(sql)).rows);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #run(program: string, args: readonly string[]): void {
    execFileSync(join(this.#programs, program), args, { ...this.#stay, stdio: 'ignore' });
  }

  get #stay() {
    return { ...unprivileged(), cwd: this.#directory, env: { ...process.env, LC_ALL: 'C' } };
  }
}

/** The server refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })),
  );
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}
