/** Nodes of two versions over one database: the next version has one more migration. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SharedStore } from '../../src/store/host/shared_store.js';
import { Connections } from '../../src/store/postgres/connections.js';
import { openPostgresEngine } from '../../src/store/postgres/engine.js';
import { type Migration, migrate, readMigrations } from '../../src/store/postgres/migrations.js';
import { openCluster } from './postgres/cluster.js';
import { Schemas } from './postgres/schemas.js';
import { whyNoPostgres } from './postgres/test_server.js';
import { anApp, now } from './scenario.js';

const reason = whyNoPostgres();
const app = anApp();

describe.skipIf(reason !== undefined)('a next version', () => {
  const schemas = new Schemas();

  /** As a node of the next version does when it starts. */
  async function startNext(
    url: string,
    migration: Omit<Migration, 'name'>,
    noticed = Promise.resolve(),
  ): Promise<number> {
    const connections = new Connections(url);
    onTestFinished(() => connections.close());
    return migrate(connections, [...readMigrations(), { name: 'next.sql', ...migration }], () => noticed);
  }

  async function setExternal(node: SharedStore, count: number): Promise<void> {
    const counts = [{ user: 'ann', name: '', count }];
    await node.execute(app.id, { type: 'set_external', counts });
  }

  test('with a harmless migration serves beside nodes of this one, which also start after it', async () => {
    const schema = await schemas.create();
    const before = await openCluster(schema, 1);
    onTestFinished(() => before.close());
    const [node] = before.nodes;
    if (node === undefined) throw new Error('no node');
    await node.apps.create(app);
    const sql = 'alter table app add column motto text';
    expect(await startNext(schema.url, { sql, letsOthersGoOn: true })).toBe(readMigrations().length + 1);
    await setExternal(node, 3);
    const after = await openCluster(schema, 1);
    onTestFinished(() => after.close());
    const badge = await after.nodes[0]?.ask(app.id, { type: 'badge', user: 'ann', now });
    expect(badge?.externalUnreadCount).toBe(3);
  });

  test('with a migration that nodes of this one cannot serve beside stops them first, with a reason', async () => {
    const { url } = await schemas.create();
    const reasons: string[] = [];
    const engine = await openPostgresEngine(url, { onOutdated: (why) => reasons.push(why) });
    onTestFinished(() => engine.close());
    expect(await engine.heads(new Map())).toBeDefined();
    await startNext(url, { sql: 'alter table app add column form text', letsOthersGoOn: false });
    const why = /^A newer version of badged has changed the database.* Start the newer version\.$/;
    await expect.poll(() => reasons).toEqual([expect.stringMatching(why)]);
    await expect(engine.readRegistry()).rejects.toThrow(why);
    await expect(engine.append(1, { seq: 0, point: undefined }, () => {})).rejects.toThrow(why);
    await expect(openPostgresEngine(url)).rejects.toThrow(why);
  });

  test('that cannot migrate leaves nodes of this one free to serve', async () => {
    const { url } = await schemas.create();
    const reasons: string[] = [];
    const engine = await openPostgresEngine(url, { onOutdated: (why) => reasons.push(why) });
    onTestFinished(() => engine.close());
    let fail = () => {};
    const noticed = new Promise<void>((resolve) => {
      fail = resolve;
    });
    const sql = 'alter table nothing add column x text';
    const started = startNext(url, { sql, letsOthersGoOn: false }, noticed);
    await Promise.all([
      expect(started).rejects.toThrow('does not exist'),
      expect
        .poll(() => reasons)
        .toHaveLength(1)
        .then(fail),
    ]);
    await expect.poll(() => engine.readRegistry().catch(() => undefined)).toBeDefined();
    await (await openPostgresEngine(url)).close();
  });
});

if (reason !== undefined) test(`versions are skipped: ${reason}`, (context) => context.skip());
