/**
 * The built server of a checkout, started as its users start it, so that two versions of the program can be
 * measured in turns. It is reached by its public interface only: that is what both versions have in common.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuMsOf } from '../measure/process_cpu.js';

/** Two versions may print other sentences around it. */
const listening = /listening on (http:\/\/\S+)/;

export class CheckoutServer {
  readonly url: string;
  /** From starting the process until it could serve. */
  readonly startMs: number;
  readonly process: ChildProcess;
  readonly adminToken: string;

  private constructor(process: ChildProcess, url: string, startMs: number, adminToken: string) {
    this.process = process;
    this.url = url;
    this.startMs = startMs;
    this.adminToken = adminToken;
  }

  /**
   * `checkout` is the root of a built clone; `nodeArgs` are for Node itself, `env` is added to this
   * process's environment; `launcher` starts Node, such as strace. Throws if the process ends before it
   * listens.
   */
  static async start(
    checkout: string,
    dataDir: string,
    nodeArgs: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    launcher: readonly string[] = [],
  ): Promise<CheckoutServer> {
    const adminToken = 'benchmark-'.padEnd(40, 'x');
    const program = join(checkout, 'server', 'dist', 'cli', 'main.js');
    const args = ['serve', '--port', '0', '--data-dir', dataDir, '--admin-token', adminToken];
    const startedAt = performance.now();
    const [command = process.execPath, ...rest] = [
      ...launcher,
      process.execPath,
      ...nodeArgs,
      program,
      ...args,
    ];
    const child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    });
    const url = await listeningUrl(child);
    return new CheckoutServer(child, url, performance.now() - startedAt, adminToken);
  }

  /** A new app and its token. */
  async createApp(): Promise<{ readonly id: string; readonly token: string }> {
    const response = await fetch(`${this.url}/admin/apps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'benchmark' }),
    });
    const app: unknown = await response.json();
    if (typeof app !== 'object' || app === null || !('id' in app) || !('token' in app))
      throw new Error(`creating an app failed with ${response.status}`);
    return { id: String(app.id), token: String(app.token) };
  }

  /** CPU time of the process so far; NaN where there is no /proc. */
  cpuMs(): number {
    return cpuMsOf(this.process.pid);
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = listening.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error('the server ended before it listened');
}
