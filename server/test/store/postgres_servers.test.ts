/** What was one process's and is the cluster's: settings, the first start, who delivers pushes, and which servers are alive. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { start } from '../../src/compose.js';
import { openCluster } from './postgres/cluster.js';
import { Schemas } from './postgres/schemas.js';
import { testServer, whyNoPostgres } from './postgres/test_server.js';
import { anApp } from './scenario.js';

const reason = whyNoPostgres();
const app = anApp();

describe.skipIf(reason !== undefined)('servers over one PostgreSQL', () => {
  const schemas = new Schemas(testServer());

  test('two servers change different settings of an app at the same moment, and both changes stay', async () => {
    const { nodes, close } = await openCluster((await schemas.create()).url, 2);
    onTestFinished(close);
    const [one, other] = nodes;
    if (one === undefined || other === undefined) throw new Error('no server');
    await one.apps.create(app);
    for (let n = 1; n <= 5; n += 1) {
      const settings = {
        includeAnnouncements: n % 2 === 0,
        mode: n % 2 === 0 ? 'disabled' : 'external',
      } as const;
      await Promise.all([
        one.apps.update(app.id, { name: `name ${n}` }),
        other.apps.update(app.id, { settings: { includeAnnouncements: settings.includeAnnouncements } }),
        one.apps.update(app.id, { settings: { mode: settings.mode } }),
        other.apps.update(app.id, { jabberDomain: `n${n}.example` }),
      ]);
      const expected = { name: `name ${n}`, jabberDomain: `n${n}.example`, settings };
      expect(await one.apps.get(app.id)).toMatchObject(expected);
      expect(await other.apps.get(app.id)).toMatchObject(expected);
    }
  });

  test('three servers that start at the same moment on an empty database make one admin token and one demo app', async () => {
    const { url } = await schemas.create();
    const config = {
      host: '127.0.0.1',
      port: 0,
      dataDir: '/nonexistent',
      databaseUrl: url,
      secretKey: '00'.repeat(32),
      logLevel: 'silent',
    };
    const servers = await Promise.all([start(config), start(config), start(config)]);
    onTestFinished(async () => {
      await Promise.all(servers.map((server) => server.close()));
    });
    const [first, ...others] = servers.map(({ firstStart }) => firstStart);
    if (first?.adminToken === undefined || first.demo === undefined) throw new Error('nothing was made');
    for (const other of others)
      expect(other).toMatchObject({ adminToken: first.adminToken, demo: first.demo });
    const { app: demo, token, conversation } = first.demo;
    for (const { url: base } of servers) {
      const read = async (path: string, bearer: string) => {
        const response = await fetch(new URL(path, base), { headers: { authorization: `Bearer ${bearer}` } });
        return { status: response.status, json: await response.json() };
      };
      const apps = await read('/admin/apps', first.adminToken);
      expect(apps).toMatchObject({ status: 200, json: [{ id: demo, name: 'demo' }] });
      const badge = await read(`/apps/${demo}/users/alice/badge`, token);
      expect(badge).toMatchObject({ status: 200, json: { unread_message_count: 0 } });
      const id = conversation.split('/').at(-1);
      expect((await read(`/apps/${demo}/conversations/${id}`, token)).status).toBe(200);
    }
  });
});

if (reason !== undefined) test(`servers over PostgreSQL are skipped: ${reason}`, (context) => context.skip());
