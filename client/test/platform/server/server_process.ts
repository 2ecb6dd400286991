// A badge server in a process of its own, as `badged serve` starts it from what is built, on a data directory of its
// own: how to start and stop it, to let its time pass, and to send it a request.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** `npm test` names a bundle of the program, which starts sooner. */
const main =
  process.env.BADGED_PROGRAM ??
  fileURLToPath(new URL('../../../../server/dist/cli/main.js', import.meta.url));
const clock = new URL('turned_clock.mjs', import.meta.url);

export interface ServerProcess {
  /** Such as http://127.0.0.1:8080. */
  readonly origin: string;
  readonly port: number;
  readonly adminToken: string;
  /** What clients have to trust, where it speaks TLS. */
  readonly certFile: string;
  request(method: string, path: string, sent?: Sent): Promise<Answer>;
  pass(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export async function startServerProcess(...flags: readonly string[]): Promise<ServerProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-client-server-'));
  const adminToken = 'the-admin-token-of-the-tests';
  const argv = ['--import', clock.href, main, 'serve', '--port', '0', '--data-dir', dataDir];
  const child = spawn(process.execPath, [...argv, ...flags], {
    env: { ...withoutSettings(), BADGED_ADMIN_TOKEN: adminToken },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const origin = await listening(child);
  const port = Number(new URL(origin).port);
  const certFile = join(dataDir, 'tls.crt');
  const ca = origin.startsWith('https:') ? readFileSync(certFile, 'utf8') : undefined;
  return {
    origin,
    port,
    adminToken,
    certFile,
    request: (method, path, sent = {}) => exchange({ port, ca, method, path }, sent),
    async pass(passMs) {
      const done = once(child, 'message');
      child.send({ passMs });
      await done;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function listening(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no standard output');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const origin = /^listening on (https?:\S+)$/.exec(line)?.[1];
    if (origin !== undefined) {
      child.stdout.resume();
      return origin;
    }
    lines.push(line);
  }
  throw new Error(`The server ended before it listened:\n${lines.join('\n')}`);
}

interface Address {
  readonly port: number;
  readonly ca: string | undefined;
  readonly method: string;
  readonly path: string;
}

async function exchange({ port, ca, method, path }: Address, { headers, body }: Sent): Promise<Answer> {
  const options = { host: '127.0.0.1', port, method, path, headers };
  const sent =
    ca === undefined ? requestHttp(options) : requestHttps({ ...options, ca, servername: 'localhost' });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return { status: answer.statusCode, headers: answer.headers, text };
}

/** The environment without the settings that whoever runs the tests has for a server of their own. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BADGED_')));
}
