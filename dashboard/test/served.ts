/** The real program in a process of its own, with the dashboard as it was built, and what it printed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** `npm test` names a bundle of the program, which starts sooner. */
const main =
  process.env.BADGED_PROGRAM ?? fileURLToPath(new URL('../../server/dist/cli/main.js', import.meta.url));
export const adminToken = 'the-admin-token-of-the-tests';

export interface Served {
  readonly url: string;
  /** Signs a browser in, once. */
  readonly signInUrl: string;
  /** The demo app's. */
  readonly app: string;
  readonly token: string;
  stop(): Promise<void>;
}

export async function serve(): Promise<Served> {
  const directory = await mkdtemp(join(tmpdir(), 'badged-dashboard-'));
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--data-dir', directory], {
    env: { ...withoutSettings(), BADGED_ADMIN_TOKEN: adminToken, BADGED_DEMO: 'on' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const found = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    for (const [name, pattern] of Object.entries(patterns)) {
      const [, value] = pattern.exec(line) ?? [];
      if (value !== undefined && !found.has(name)) found.set(name, value);
    }
    if (found.size === Object.keys(patterns).length) break;
  }
  child.stdout.resume();
  const get = (name: keyof typeof patterns) => {
    const value = found.get(name);
    if (value === undefined) throw new Error(`The server did not print its ${name}.`);
    return value;
  };
  return {
    url: get('url'),
    signInUrl: get('signInUrl'),
    app: get('app'),
    token: get('token'),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** In what a first start prints. */
const patterns = {
  url: /^listening on (http:\S+)$/,
  signInUrl: /(http:\S+\/#code=\S+)/,
  app: /^Demo app: +(\S+)$/,
  token: /^Demo app's token .*: +(\S+)$/,
};

/** The environment without the settings that whoever runs the tests has for a server of their own. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BADGED_')));
}
