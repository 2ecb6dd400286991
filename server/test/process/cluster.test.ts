/** Several servers over one PostgreSQL: what one responds with, all others show, also while one is killed or the database is away. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verifyDatabase } from '../../src/compose.js';
import { eventually } from '../push/delivery_world.js';
import { cuttingProxy } from '../store/postgres/cutting_proxy.js';
import { Schemas } from '../store/postgres/schemas.js';
import { whyNoPostgres } from '../store/postgres/test_server.js';
import { badged, call, type ServerProcess, startServer } from './server_process.js';

const reason = whyNoPostgres();
const adminToken = 'an-admin-token-for-tests';
/** It is never made: with a database, no server has one. */
const noDirectory = join(tmpdir(), 'badged-no-data-directory');

describe.skipIf(reason !== undefined)('several servers over one PostgreSQL', () => {
  const schemas = new Schemas();

  async function start(url: string): Promise<ServerProcess> {
    const server = await startServer(noDirectory, {
      DATABASE_URL: url,
      BADGED_ADMIN_TOKEN: adminToken,
      BADGED_SECRET_KEY: '00'.repeat(32),
    });
    onTestFinished(() => server.kill());
    return server;
  }

  test('promise 5: they start at the same moment on an empty database, and each shows what another responded with', async () => {
    const { url } = await schemas.create();
    const [one, other] = await Promise.all([start(url), start(url)]);
    const chat = await openChat(one);
    await chat.send(one);
    expect(await chat.unread(other)).toBe(1);
    await one.kill();
    await chat.send(other);
    const again = await start(url);
    expect([await chat.unread(other), await chat.unread(again)]).toEqual([2, 2]);
    const stream = await fetch(new URL(chat.badge, other.url), {
      headers: { authorization: `Bearer ${chat.token}`, accept: 'text/event-stream' },
    });
    const [, tokenId] = chat.token.split('_');
    const revoked = `/admin/apps/${chat.app}/tokens/${tokenId}`;
    expect((await call(again, adminToken, 'DELETE', revoked)).status).toBe(204);
    // It ends: with its access.
    expect(await stream.text()).toContain('unread_message_count');
    expect((await call(again, adminToken, 'DELETE', `/admin/apps/${chat.app}`)).status).toBe(204);
    expect((await call(other, chat.token, 'GET', chat.badge)).status).toBe(401);
    expect([await other.stop(), await again.stop()]).toEqual([0, 0]);
    const verified = await badged(['verify'], { DATABASE_URL: url });
    expect(verified.stdout).toContain('no difference');
  });

  test('while the database is away, requests get 503 with Retry-After; when it is back, everything comes back', async () => {
    const { url } = await schemas.create();
    const proxy = await cuttingProxy(url);
    onTestFinished(() => proxy.close());
    const server = await start(proxy.url);
    const chat = await openChat(server);
    await chat.send(server);
    proxy.pause();
    const authorization = `Bearer ${chat.token}`;
    const [ready, read] = await Promise.all(
      ['/readyz', chat.badge].map((path) => fetch(new URL(path, server.url), { headers: { authorization } })),
    );
    expect([ready?.status, read?.status]).toEqual([503, 503]);
    expect(read?.headers.get('retry-after')).toBe('1');
    expect((await call(server, chat.token, 'GET', '/healthz')).status).toBe(200);
    proxy.resume();
    await eventually(async () => expect((await fetch(new URL('/readyz', server.url))).status).toBe(200));
    await chat.send(server);
    expect(await chat.unread(server)).toBe(2);
    expect((await verifyDatabase(url)).differences).toEqual([]);
  });

  test('without a secret key, with a wrong URL or with a database that is away, a start says what to do', async () => {
    const start = (url: string, env: NodeJS.ProcessEnv = { BADGED_SECRET_KEY: '00'.repeat(32) }) =>
      badged(['serve', '--port', '0'], { DATABASE_URL: url, ...env });
    const [noKey, noUrl, away] = await Promise.all([
      start('postgres://localhost/none', {}),
      start('localhost/none'),
      start('postgres://127.0.0.1:1/none'),
    ]);
    expect(noKey.stderr).toMatch(
      /^badged: With DATABASE_URL, set BADGED_SECRET_KEY .* openssl rand -hex 32\n$/,
    );
    expect(noUrl.stderr).toContain('It must be a URL such as postgres://');
    expect(away.stderr).toMatch(/^badged: The database cannot be reached: .*\n$/);
    expect([noKey.status, noUrl.status, away.status]).toEqual([1, 1, 1]);
  });
});

if (reason !== undefined) test(`several servers are skipped: ${reason}`, (context) => context.skip());

/** An app with a conversation of ann and bob, and what is done with it on one server or another. */
async function openChat(server: ServerProcess) {
  const { json } = await call(server, adminToken, 'POST', '/admin/apps', { name: 'chat' });
  const [app, token] = [String(json.id), String(json.token)];
  const created = await call(server, token, 'POST', `/apps/${app}/conversations`, {
    participants: ['ann', 'bob'],
    distinct: false,
  });
  const conversation = String(created.json.id).split('/').at(-1);
  const badge = `/apps/${app}/users/bob/badge`;
  return {
    app,
    token,
    badge,
    async send(to: ServerProcess) {
      const body = { sender: { user_id: 'ann' }, parts: [{ body: 'hello', mime_type: 'text/plain' }] };
      const path = `/apps/${app}/conversations/${conversation}/messages`;
      expect((await call(to, token, 'POST', path, body)).status).toBe(201);
    },
    async unread(of: ServerProcess) {
      return (await call(of, token, 'GET', badge)).json.unread_message_count;
    },
  };
}
