/** The program as a newcomer meets it: started on nothing, in a process of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { describeDashboard } from '../../src/cli/first_start_text.js';
import { openConnection } from '../../src/store/sqlite/driver.js';
import { badged, call, type ServerProcess, startServer } from './server_process.js';

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-start-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe('the first start', () => {
  let directory: string;
  let dataDir: string;
  let server: ServerProcess;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'badged-start-'));
    dataDir = join(directory, 'data');
    server = await startServer(dataDir, {}, ['--log-level', 'trace']);
  });
  afterAll(async () => {
    await server.kill();
    rmSync(directory, { recursive: true });
  });

  test('prints tokens and two calls, which work as printed', () => {
    const curls = server.printed.match(/^curl (?:.*\\\n)*.*$/gm) ?? [];
    expect(curls).toHaveLength(2);
    const url = server.url;
    const answers = curls.map((curl) =>
      JSON.parse(
        execFileSync('bash', ['--norc', '-c', curl.replace('curl', 'curl -s')], { encoding: 'utf8' }),
      ),
    );
    expect(answers[0]).toMatchObject({ position: 1, sender: { user_id: 'alice' } });
    expect(answers[1]).toMatchObject({ unread_message_count: 1, badge: 1 });
    expect(curls[0]).toContain(url);
    expect(statSync(dataDir).mode & 0o077).toBe(0);
  });

  test('prints a link that signs in once, and its code is not logged', async () => {
    const [, url = '', code = ''] =
      /^dashboard at (http:\S+)#code=(\S+) \(signs you in once/m.exec(server.printed) ?? [];
    expect(url).toBe(`${server.url}/`);
    expect((await fetch(url)).headers.get('content-type')).toMatch(/^text\/(html|plain)/);
    const signIn = () =>
      fetch(new URL('/admin/session', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-requested-with': 'badged' },
        body: JSON.stringify({ code }),
      });
    const answer = await signIn();
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const headers = { cookie, 'x-requested-with': 'badged' };
    const session = await fetch(new URL('/admin/session', url), { headers });
    expect([answer.status, session.status, (await signIn()).status]).toEqual([204, 200, 401]);
    expect(server.logged()).toContain('/admin/session');
    expect(server.logged()).not.toContain(code);
    expect(server.logged()).not.toContain(cookie);
  });

  test('a second process on the same data directory is refused by a sentence', async () => {
    const second = await badged(['serve', '--port', '0', '--data-dir', dataDir]);
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(/in use by another badged process\. Stop that one first/);
    expect(second.stderr).not.toMatch(/\bat .*\.js:/);
  });

  test('a port in use, a bad flag and a missing directory each get a sentence', async () => {
    const { port } = new URL(server.url);
    const taken = join(newDirectory(), 'data');
    const [inUse, badPort, missing] = await Promise.all([
      badged(['serve', '--port', port, '--data-dir', taken]),
      badged(['serve', '--port', 'eighty']),
      badged(['verify', '--data-dir', join(newDirectory(), 'nothing')]),
    ]);
    expect(existsSync(taken), 'tokens that are shown once are made only where they can be shown').toBe(false);
    expect([inUse.status, inUse.stderr]).toEqual([1, expect.stringMatching(/Port \d+ at 127\S+ is in use/)]);
    expect([badPort.status, badPort.stderr]).toEqual([
      1,
      expect.stringMatching(/whole number from 0 to 65535/),
    ]);
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringMatching(/Name the data directory/)]);
  });
});

describe('badged serve', () => {
  test('later starts print such a link to a terminal only', () => {
    const running = { dashboardUrl: 'http://localhost/', signInUrl: () => 'http://localhost/#code=c' };
    expect(describeDashboard(running, false)).not.toContain('#code=');
    expect(describeDashboard(running, true)).toContain('#code=c');
  });

  test('the second start prints no token, and everything is still there', async () => {
    const dataDir = join(newDirectory(), 'data');
    const first = await startServer(dataDir);
    const admin = /badged_admin_\S+/.exec(first.printed)?.[0] ?? '';
    await first.stop();
    const second = await startServer(dataDir);
    onTestFinished(second.kill);
    expect(second.printed).not.toMatch(/badged_|#code=/);
    expect(second.printed).toContain(`dashboard at ${second.url}/ (sign in with the admin token)`);
    const { status, json } = await call(second, admin, 'GET', '/admin/apps');
    expect(status).toBe(200);
    expect(JSON.stringify(json)).toContain('"demo"');
  });

  test('SIGTERM finishes what was accepted, then exits 0', async () => {
    const dataDir = join(newDirectory(), 'data');
    const adminToken = 'an-admin-token-for-tests';
    const server = await startServer(dataDir, {
      BADGED_ADMIN_TOKEN: adminToken,
    });
    const { json } = await call(server, adminToken, 'POST', '/admin/apps', { name: 'a' });
    const path = `/apps/${json.id}/users/ann/badge`;
    const puts = Array.from({ length: 50 }, (_, n) =>
      call(server, String(json.token), 'PUT', path.replace('ann', `user${n}`), {
        external_unread_count: n,
      }).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await Promise.race(puts);
    expect(await server.stop()).toBe(0);
    const statuses = await Promise.all(puts);
    const again = await startServer(dataDir, {
      BADGED_ADMIN_TOKEN: adminToken,
    });
    onTestFinished(again.kill);
    for (const [n, status] of statuses.entries()) {
      if (status !== 204) continue;
      const badge = await call(again, String(json.token), 'GET', path.replace('ann', `user${n}`));
      expect(badge.json).toMatchObject({ external_unread_count: n });
    }
    expect(statuses).toContain(204);
  });

  test('after kill -9 the directory is free at once', async () => {
    const dataDir = join(newDirectory(), 'data');
    const server = await startServer(dataDir);
    await server.kill();
    const next = await startServer(dataDir);
    expect(await next.stop()).toBe(0);
  });

  test('data of a newer version is refused by a sentence, and not touched', async () => {
    const dataDir = newDirectory();
    const first = await startServer(dataDir);
    await first.stop();
    const database = openConnection(join(dataDir, 'badged.db'));
    database.pragma('user_version = 99');
    database.close();
    const [refused, verified] = await Promise.all([
      badged(['serve', '--port', '0', '--data-dir', dataDir]),
      badged(['verify', '--data-dir', dataDir]),
    ]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/written by a newer badged \(schema 99/);
    expect(verified.stderr).toMatch(/written by a newer badged/);
  });

  test('a variable that says no leaves a flag off', async () => {
    const dataDir = join(newDirectory(), 'data');
    const env = { BADGED_DEV: 'false', BADGED_TLS: '0', BADGED_TRUST_PROXY: 'no' };
    const server = await startServer(dataDir, env);
    onTestFinished(server.kill);
    expect(server.url).toMatch(/^http:/);
    expect(server.printed).not.toMatch(/DEVELOPMENT/);
    expect(statSync(join(dataDir, 'badged.db')).mode & 0o077).toBe(0);
  });

  test('--help lists every environment variable of the server', async () => {
    const { stdout } = await badged(['serve', '--help']);
    const names = [
      'HOST',
      'PORT',
      'DATA_DIR',
      'ADMIN_TOKEN',
      'LOG_LEVEL',
      'PUBLIC_URL',
      'TRUST_PROXY',
      'RATE_LIMIT',
      'APP_RATE_LIMIT',
      'SECRET_KEY',
      'NOTIFICATION_TTL',
      'PUSH_COALESCE_MS',
      'WEBPUSH_HOSTS',
      'PUSH_APNS_ORIGIN',
      'PUSH_APNS_SANDBOX_ORIGIN',
      'PUSH_FCM_ORIGIN',
      'PUSH_FCM_TOKEN_URL',
      'PUSH_WEBPUSH_ORIGIN',
    ];
    for (const name of names) expect(stdout).toContain(`BADGED_${name}`);
  });
});
