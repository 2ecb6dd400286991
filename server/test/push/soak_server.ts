/** The real program in a process of its own, with everything that takes a while made quick, to be killed. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../src/compose.js';
import { quick } from './delivery_world.js';
import type { Providers } from './providers.js';

export const adminToken = 'an-admin-token-for-tests';

const main = fileURLToPath(new URL('./soak_main.mjs', import.meta.url));

export class SoakServer {
  readonly #config: Config;
  #child: ChildProcess;
  #url: string;
  #aheadMs = 0;

  constructor(config: Config, child: ChildProcess, url: string) {
    this.#config = config;
    this.#child = child;
    this.#url = url;
  }

  get url(): string {
    return this.#url;
  }

  /** kill -9, and a new process on the same data. */
  async killAndRestart(): Promise<void> {
    await this.kill();
    const { child, url } = await spawn(this.#config, this.#aheadMs);
    this.#child = child;
    this.#url = url;
  }

  /** Sets the server's time of day, as an administrator does: to so much after the real one, or before it. */
  setClock(aheadMs: number): void {
    this.#aheadMs = aheadMs;
    // Without effect where it was killed at this moment; the next process is started with it.
    if (this.#child.connected) this.#child.send({ aheadMs }, () => {});
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

export async function startSoakServer(
  dataDir: string,
  { apns, sandbox, fcm }: Providers,
): Promise<SoakServer> {
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    dataDir,
    adminToken,
    logLevel: 'fatal',
    push: {
      apnsOrigins: { production: apns.origin, development: sandbox.origin },
      fcmOrigin: fcm.origin,
      fcmTokenUrl: fcm.tokenUrl,
      requestTimeoutMs: 400,
      dispatcher: quick,
    },
  };
  const { child, url } = await spawn(config, 0);
  return new SoakServer(config, child, url);
}

async function spawn(config: Config, aheadMs: number): Promise<{ child: ChildProcess; url: string }> {
  // Not the test runner's own flags, which point at the sources.
  const child = fork(main, [JSON.stringify(config), String(aheadMs)], { execArgv: [] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { child, url };
}
