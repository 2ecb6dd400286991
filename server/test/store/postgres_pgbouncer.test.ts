/** Nodes that reach the database through PgBouncer in transaction mode: no statement depends on the connection of another. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { verify } from '../../src/store/host/verify.js';
import type { App } from '../../src/store/port.js';
import { openPostgresEngine } from '../../src/store/postgres/engine.js';
import { noCheckpoints, openCluster } from './postgres/cluster.js';
import { startPgBouncer, whyNoPgBouncer } from './postgres/pgbouncer.js';
import { Schemas, schemaAt } from './postgres/schemas.js';
import { recordNames } from './postgres/statements.js';
import { whyNoPostgres } from './postgres/test_server.js';
import { anApp, now, uuid } from './scenario.js';

const reason = whyNoPostgres() ?? whyNoPgBouncer();
const apps = [anApp(1), anApp(2), anApp(3)];
const chat = uuid(1);

describe.skipIf(reason !== undefined)('nodes behind PgBouncer', () => {
  const schemas = new Schemas();

  test('promises 1 and 5: three nodes with more connections than the pool count every message once, and push', async () => {
    const { url } = await schemas.reuse();
    const bouncer = await startPgBouncer(url);
    onTestFinished(() => bouncer.stop());
    const { nodes, close } = await openCluster(schemaAt(bouncer.url), 3);
    onTestFinished(close);
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    for (const app of apps) {
      const { id } = app;
      await first.apps.create(app);
      const create = { type: 'create_conversation', id: chat, participants: ['ann', 'bob'] } as const;
      await first.execute(id, { ...create, distinct: false, metadata: null, at: 1 });
    }
    const rounds = 20;
    const send = {
      type: 'send_message',
      conversation: chat,
      sender: { userId: 'ann' },
      mentions: [],
    } as const;
    const work = nodes.flatMap((node, n) =>
      apps.map(async ({ id }) => {
        const target = { platform: 'fcm', token: `token ${n}` } as const;
        const options = { devicesPerUser: 25, now };
        await node.push.register(id, { id: `phone ${n}`, user: 'bob', target }, options);
        for (let round = 0; round < rounds; round += 1) {
          const alert = { notification: '{}', expiresAt: now + 60_000 };
          await node.execute(id, { ...send, silent: false, at: 1 }, alert);
          const badge = await node.ask(id, { type: 'badge', user: 'bob', now });
          expect(badge?.unreadMessageCount).toBeGreaterThan(round);
        }
      }),
    );
    await Promise.all(work);
    for (const { id } of apps) {
      const badges = await Promise.all(
        nodes.map((node) => node.ask(id, { type: 'badge', user: 'bob', now })),
      );
      expect(badges.map((badge) => badge?.unreadMessageCount)).toEqual(
        nodes.map(() => nodes.length * rounds),
      );
      expect(await first.push.depth(id)).toBe(nodes.length * rounds);
      expect(await first.push.devices(id, ['bob'], now)).toHaveLength(nodes.length);
    }
    const engine = await openPostgresEngine(bouncer.url);
    onTestFinished(() => engine.close());
    expect((await engine.inSnapshot((reader) => verify(reader))).differences).toEqual([]);
  });

  test('statements of an append are prepared on a connection of its own, and never behind PgBouncer', async () => {
    const { url } = await schemas.reuse();
    const bouncer = await startPgBouncer(url);
    onTestFinished(() => bouncer.stop());
    const names = recordNames();
    const appendUntil = async (of: string, app: App, isDone: (appends: number) => boolean) => {
      const { nodes, close } = await openCluster(schemaAt(of), 1, noCheckpoints);
      onTestFinished(close);
      const [node] = nodes;
      if (node === undefined) throw new Error('no node');
      await node.apps.create(app);
      for (let count = 1; !isDone(count); count += 1)
        await node.execute(app.id, { type: 'set_external', counts: [{ user: 'ann', name: '', count }] });
    };
    await appendUntil(bouncer.url, anApp(1), (appends) => appends > 5);
    expect([...names]).toEqual([]);
    // The lock, what others appended, the rows and the head.
    await appendUntil(url, anApp(2), () => names.size === 4);
  });
});

if (reason !== undefined) test(`PgBouncer is skipped: ${reason}`, (context) => context.skip());
