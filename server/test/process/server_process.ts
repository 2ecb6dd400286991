/** The real program in a process of its own, as built in dist: for what only a real process can show. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** BADGED_PROGRAM names the cli/main.js of another build: an older version to compare with, or the bundle of `npm test`. */
export const main =
  process.env.BADGED_PROGRAM ?? fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface ServerProcess {
  readonly url: string;
  /** What it printed before it listened. */
  readonly printed: string;
  /** All that it wrote to standard error until now. */
  logged(): string;
  /** Paused, its log is not read. */
  readonly stderr: Readable;
  /** Such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

/**
 * The environment of the program: without the settings that whoever runs the tests has for a server of their own, and
 * with `own`.
 */
export function programEnvironment(own: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('BADGED_') && name !== 'DATABASE_URL',
  );
  return { ...Object.fromEntries(inherited), ...own };
}

/** Node's arguments for a server on a free port and the given data directory. */
export function programArguments(dataDir: string): string[] {
  return [main, 'serve', '--port', '0', '--data-dir', dataDir];
}

/** Runs a command of the program to its end. It is not run here, where its defaults would name the data of a developer. */
export function badged(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: tmpdir(), env: programEnvironment(env) };
    const child = execFile(process.execPath, [main, ...args], options, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? Number.NaN, stdout, stderr }),
    );
  });
}

/**
 * Starts a server on a free port and the given data directory. Resolves once it says that it listens; rejects with what
 * it printed if it ends before.
 */
export async function startServer(
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...programArguments(dataDir), ...flags], {
    env: programEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const { stderr } = child;
  stderr.on('data', (chunk) => log.push(String(chunk)));
  const { url, printed } = await listening(child);
  const exited = once(child, 'exit');
  return {
    url,
    printed,
    stderr,
    logged: () => log.join(''),
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

export async function listening(child: ChildProcess): Promise<{ url: string; printed: string }> {
  const lines: string[] = [];
  child.stderr?.on('data', (chunk) => lines.push(String(chunk)));
  if (child.stdout === null) throw new Error('no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^listening on (http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) {
      child.stdout.resume();
      return { url, printed: lines.join('\n') };
    }
    lines.push(line);
  }
  throw new Error(lines.join('\n'));
}

/** One request with a token; the answer's status and JSON. */
export async function call(
  server: { readonly url: string },
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await fetch(new URL(path, server.url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? {} : JSON.parse(text) };
}
