/**
 * A first start that fails, or is killed, loses neither the admin token nor the demo: the next one shows them, and none
 * after that. Real processes; `npm run soak -- first-start` kills one every 5 ms through the first second.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { start } from '../../src/compose.js';
import type { FirstStart } from '../../src/first_start.js';
import { readTls } from '../../src/tls/certificate.js';
import { selfSigned } from '../../src/tls/self_signed.js';
import { eventually } from '../push/delivery_world.js';
import { badged, call, programArguments, programEnvironment, startServer } from './server_process.js';

/** Kills spread over the first second, and half as many over the moments in which tokens are made and shown. */
const points = Number(process.env.BADGED_FIRST_START_KILLS ?? 2);
const kills: readonly Kill[] = [
  ...spread(points, 1_000).map((afterMs) => ({ since: 'start', afterMs }) as const),
  ...spread(points / 2, 100).map((afterMs) => ({ since: 'secret key', afterMs }) as const),
];

interface Kill {
  readonly since: 'start' | 'secret key';
  readonly afterMs: number;
}

function spread(count: number, overMs: number): number[] {
  return Array.from({ length: count }, (_, point) => ((point + 1) * overMs) / count);
}

/** Starts at a time: more would only slow each other down. */
const concurrency = 3;

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-first-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Tokens {
  readonly admin: string | undefined;
  readonly app: string | undefined;
  readonly token: string | undefined;
}

/** What a start showed, complete lines only. */
function tokensIn(printed: string): Tokens {
  return {
    admin: /^Admin token .*(badged_admin_\S{43})$/m.exec(printed)?.[1],
    app: /^Demo app: +(\S{36})$/m.exec(printed)?.[1],
    token: /^Demo app's token .*(badged_\S{80})$/m.exec(printed)?.[1],
  };
}

const nothing: Tokens = { admin: undefined, app: undefined, token: undefined };

/** All that a start printed until it was killed. */
async function printedUntilKilled(dataDir: string, { since, afterMs }: Kill): Promise<string> {
  const child = spawn(process.execPath, programArguments(dataDir), {
    env: programEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
  const closed = once(child, 'close');
  if (since === 'secret key')
    await eventually(() => expect(existsSync(join(dataDir, 'secret.key'))).toBe(true));
  await delay(afterMs);
  child.kill('SIGKILL');
  await closed;
  return chunks.join('');
}

/** A whole start: what it showed, after its tokens were tried. */
async function shownByStart(dataDir: string, earlier: Tokens = nothing): Promise<Tokens> {
  const server = await startServer(dataDir);
  onTestFinished(server.kill);
  const shown = tokensIn(server.printed);
  const { admin = earlier.admin ?? '', app = earlier.app, token = earlier.token ?? '' } = shown;
  const apps = await call(server, admin, 'GET', '/admin/apps');
  expect(apps.json).toMatchObject([{ id: app, name: 'demo' }]);
  const conversations = await call(server, token, 'GET', `/apps/${app}/users/bob/conversations`);
  expect(JSON.stringify(conversations.json)).toContain('Alice and Bob');
  await server.kill();
  return shown;
}

/** Asserts that the start after a killed one shows what that one did not, and that the one after shows nothing. */
async function expectShownOnce(dataDir: string, killed: string): Promise<void> {
  const before = tokensIn(killed);
  const shown = await shownByStart(dataDir, before);
  // Killed after it had printed the tokens and before it could note that: they are shown twice, and are the same.
  for (const name of ['admin', 'app', 'token'] as const)
    expect(shown[name] ?? before[name]).toBe(before[name] ?? shown[name]);
  if (/^listening on/m.test(killed)) expect(shown).toEqual(nothing);
  const all = { ...before, ...(shown.admin !== undefined && shown) };
  expect(Object.values(all)).not.toContain(undefined);
  await expectNothingToShow(dataDir);
}

/** In this process, which is quicker. */
async function expectNothingToShow(dataDir: string): Promise<void> {
  const running = await start({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'error' });
  onTestFinished(() => running.close());
  expect(running.firstStart).toBeUndefined();
  await running.close();
}

describe('the tokens of a first start are shown in the end, and by no start after that', () => {
  test(
    `killed at ${kills.length} moments of its first second`,
    async () => {
      const waiting = [...kills];
      const work = async () => {
        for (let kill = waiting.shift(); kill !== undefined; kill = waiting.shift()) {
          const dataDir = join(newDirectory(), 'data');
          const killed = await printedUntilKilled(dataDir, kill);
          await expectShownOnce(dataDir, killed).catch((error: Error) => {
            error.message = `killed ${kill.afterMs} ms after the ${kill.since}: ${error.message}`;
            throw error;
          });
        }
      };
      await Promise.all(Array.from({ length: concurrency }, work));
    },
    60_000 + 10_000 * points,
  );

  test('after every error in the configuration, each of which is found before anything is made', async () => {
    const directory = newDirectory();
    const dataDir = join(directory, 'data');
    const { files, processes: wrong } = await wrongConfigurations(directory);
    for (const { cert, key, sentence } of files) expect(() => readTls(cert, key)).toThrow(sentence);
    const work = async () => {
      for (let next = wrong.shift(); next !== undefined; next = wrong.shift()) {
        const { flags, env, sentence } = next;
        const failed = await badged(['serve', '--port', '0', '--data-dir', dataDir, ...flags], env);
        expect(failed).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(sentence) });
        expect(failed.stderr.trimEnd(), 'one sentence, no stack').not.toMatch(/\n/);
      }
    };
    await Promise.all([work(), work()]);
    expect(existsSync(dataDir)).toBe(false);
    await expectShownOnce(dataDir, '');
  });

  test('after a start whose output was closed', async () => {
    const dataDir = join(newDirectory(), 'data');
    await startWithClosedOutput(dataDir);
    await expectShownOnce(dataDir, '');
  });

  test('a configured admin token makes no demo, then or later; without it, the admin token is shown', async () => {
    const dataDir = join(newDirectory(), 'data');
    const adminToken = 'an-admin-token-for-tests';
    expect(await shownInProcess(dataDir, { adminToken })).toEqual([undefined, []]);
    expect(await shownInProcess(dataDir)).toEqual([{ adminToken: expect.any(String) }, []]);
    expect(await shownInProcess(dataDir)).toEqual([undefined, []]);
  });

  test('a demo that was asked for, or refused, is made or not, with an admin token set or not', async () => {
    const adminToken = 'an-admin-token-for-tests';
    const [without] = await shownInProcess(join(newDirectory(), 'data'), { demo: false });
    expect(without).toEqual({ adminToken: expect.any(String) });
    const [made, apps] = await shownInProcess(join(newDirectory(), 'data'), { adminToken, demo: true });
    expect(apps).toEqual([made?.demo?.app]);
  });
});

/** What a start shows, and the ids of the apps that it has. */
async function shownInProcess(dataDir: string, own: { adminToken?: string; demo?: boolean } = {}) {
  const running = await start({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent', ...own });
  onTestFinished(() => running.close());
  const { shown, ...made }: Partial<FirstStart> = running.firstStart ?? {};
  const admin = own.adminToken ?? made.adminToken;
  const apps = admin === undefined ? [] : (await call(running, admin, 'GET', '/admin/apps')).json;
  await shown?.();
  await running.close();
  const ids = Array.isArray(apps) ? apps.map(({ id }) => String(id)) : [];
  return [shown === undefined ? undefined : made, ids] as const;
}

/** Runs until it said on standard error that it could not print the tokens. */
async function startWithClosedOutput(dataDir: string): Promise<void> {
  const child = spawn(process.execPath, programArguments(dataDir), {
    env: programEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  child.stdout.destroy();
  const log: string[] = [];
  for await (const chunk of child.stderr) {
    log.push(String(chunk));
    if (log.join('').includes('could not be printed')) break;
  }
  expect(log.join('')).toMatch(/The tokens could not be printed .*The next start prints them again/);
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

interface WrongConfiguration {
  readonly flags: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly sentence: RegExp;
}

interface WrongFiles {
  readonly cert: string;
  readonly key: string;
  readonly sentence: RegExp;
}

interface WrongConfigurations {
  /** Read in this process, which is quicker. */
  readonly files: readonly WrongFiles[];
  readonly processes: WrongConfiguration[];
}

async function wrongConfigurations(directory: string): Promise<WrongConfigurations> {
  const at = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const [one, other] = [certificate(), certificate()];
  const [cert, key] = [at('one.crt', one.cert), at('one.key', one.key)];
  const [otherKey, garbage] = [at('other.key', other.key), at('garbage.pem', 'garbage')];
  const cut = at('cut.crt', one.cert.slice(0, 200));
  const none = join(directory, 'none');
  const files = [
    { cert: directory, key, sentence: /--tls-cert \S+ cannot be read \(.*EISDIR/ },
    { cert, key: none, sentence: /--tls-key \S+none cannot be read/ },
    { cert: garbage, key, sentence: /garbage\.pem is not a certificate in PEM/ },
    { cert: cut, key, sentence: /cut\.crt is not a certificate in PEM/ },
    { cert, key: garbage, sentence: /garbage\.pem is not a private key in PEM/ },
  ];
  const tls = (certFile: string, keyFile: string) => ['--tls-cert', certFile, '--tls-key', keyFile];
  const processes = [
    { flags: tls(none, key), sentence: /--tls-cert \S+none cannot be read \(.*ENOENT/ },
    { flags: tls(cert, otherKey), sentence: /other\.key is not the private key of the certificate/ },
    { flags: ['--tls-cert', cert], sentence: /--tls-cert needs --tls-key/ },
    { flags: [], env: { BADGED_SECRET_KEY: 'short' }, sentence: /secret key must be 32 bytes/ },
    { flags: ['--host', '203.0.113.1'], sentence: /Cannot listen on 203\.0\.113\.1/ },
    { flags: ['--port', await takenPort()], sentence: /Port \d+ at 127\.0\.0\.1 is in use/ },
    { flags: ['--dev', '--host', '0.0.0.0'], sentence: /--dev lets anyone sign in/ },
    { flags: ['--data-dir', garbage], sentence: /garbage\.pem is not a directory/ },
    { flags: ['--data-dir', join(garbage, 'data')], sentence: /data is not a directory/ },
  ];
  return { files, processes };
}

function certificate() {
  const now = Date.now();
  return selfSigned({
    commonName: 'test',
    dnsNames: ['localhost'],
    ipv4Addresses: [],
    notBefore: new Date(now - 1_000),
    notAfter: new Date(now + 86_400_000),
  });
}

async function takenPort(): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => {
    taken.close();
  });
  const address = taken.address();
  return String(typeof address === 'object' && address !== null ? address.port : 0);
}
