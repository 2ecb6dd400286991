/** What was one process's and is the cluster's: settings, the first start, who delivers pushes, and which servers are alive. */
import type { Command } from '@badged/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Running, start } from '../../src/compose.js';
import { openSharedStore, type SharedStore } from '../../src/store/host/shared_store.js';
import { type Claim, type ServerEvent, strayMs } from '../../src/store/push_port.js';
import { version } from '../../src/version.js';
import { DeliveryWorld } from '../push/delivery_world.js';
import { openCluster } from './postgres/cluster.js';
import { lostAlerts } from './postgres/lost_alerts.js';
import { Schemas } from './postgres/schemas.js';
import { whyNoPostgres } from './postgres/test_server.js';
import { anApp, now } from './scenario.js';

const reason = whyNoPostgres();
const app = anApp();

describe.skipIf(reason !== undefined)('servers over one PostgreSQL', () => {
  const schemas = new Schemas();

  lostAlerts(schemas);

  /** They beat when the test says so. */
  async function two() {
    const schema = await schemas.reuse();
    const open = async () => {
      const store = await openSharedStore(await schema.openEngine(), { beatMs: Number.POSITIVE_INFINITY });
      onTestFinished(() => store.close());
      return store;
    };
    const [one, other] = await Promise.all([open(), open()]);
    return { one, other, open };
  }

  async function serving(databaseUrl: string, secretKey = '00'.repeat(32)): Promise<Running> {
    const server = await start({
      host: '127.0.0.1',
      port: 0,
      dataDir: '/nonexistent',
      databaseUrl,
      secretKey,
      logLevel: 'silent',
    });
    onTestFinished(() => server.close());
    return server;
  }

  async function delivering(store: SharedStore): Promise<DeliveryWorld> {
    const opened = { store, dispose: async () => {} };
    const world = await DeliveryWorld.open({ opened, dispatcher: { sweepMs: 60_000 } });
    onTestFinished(() => world.close());
    return world;
  }

  async function aMessage(world: DeliveryWorld): Promise<Command<'send_message'>> {
    const conversation = await world.conversation(['ann', 'bob']);
    await world.settle();
    const sender = { userId: 'ann' };
    return { type: 'send_message', conversation, sender, mentions: [], silent: false, at: 1 };
  }

  test('two servers change different settings of an app at the same moment, and both changes stay', async () => {
    const { nodes, close } = await openCluster(await schemas.reuse(), 2);
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

  test('promise 7: a server that dies has its pushes sent by another one, before its claims would run out', async () => {
    const { one: survivor, other: dying } = await two();
    const world = await delivering(survivor);
    const phone = await world.register('bob', 'phone');
    await world.settle();
    expect(world.numbers(phone)).toEqual([0]);
    const message = await aMessage(world);
    const content = { notification: '{"text":"hello"}', expiresAt: world.now() + 600_000 };
    await dying.execute(world.app, message, content);
    const time = { now: world.now(), until: world.now() + 120_000 };
    const wanted = { device: 'phone', platform: 'apns', takesBadgeAlone: true } as const;
    expect(await dying.push.claimDevices(world.app, [wanted], time)).toMatchObject([{ badge: 1 }]);
    expect(await dying.push.claimAlerts(world.app, 10, time)).toHaveLength(1);
    await world.pass(61_000);
    expect(world.numbers(phone)).toEqual([0]);
    // It never beats again.
    for (let beats = 0; beats < 5; beats += 1) await survivor.servers.beat();
    await world.settle();
    expect(world.now() - time.now).toBeLessThan(time.until - time.now);
    expect(world.numbers(phone).at(-1)).toBe(1);
    expect(world.rings(phone, 'hello')).toBe(1);
    expect(world.errors).toEqual([]);
  });

  test('promise 7: a server that leaves has its pushes sent by another one at its next beat', async () => {
    const { one: staying, other: leaving } = await two();
    const world = await delivering(staying);
    const phone = await world.register('bob', 'phone');
    await world.settle();
    await leaving.execute(world.app, await aMessage(world));
    await world.settle();
    expect(world.numbers(phone)).toEqual([0]);
    await staying.servers.beat();
    await leaving.close();
    await staying.servers.beat();
    await world.settle();
    expect(world.numbers(phone)).toEqual([0, 1]);
  });

  test('promise 7: a server that was taken for dead and goes on claims nothing, and what it sent late counts for nothing', async () => {
    const { one: living, other: stopped } = await two();
    await living.apps.create(app);
    const time = { now, until: now + 120_000 };
    const target = {
      platform: 'apns',
      token: 'ab',
      environment: 'production',
      bundleId: 'com.example',
    } as const;
    await living.push.register(app.id, { id: 'phone', user: 'bob', target }, { devicesPerUser: 5, now });
    const wanted = { device: 'phone', platform: 'apns', takesBadgeAlone: true } as const;
    const claim = async (server: SharedStore) => (await server.push.claimDevices(app.id, [wanted], time))[0];
    const settle = (server: SharedStore, by: Claim | undefined) => {
      const { claimedBy = '' } = by?.kind === 'claimed' ? by : {};
      return server.push.settle(app.id, [{ device: 'phone', accepted: 0, claimedBy }], now);
    };
    const early = await claim(stopped);
    expect(early).toMatchObject({ kind: 'claimed', badge: 0 });
    const events: ServerEvent[] = [];
    stopped.push.onServers((event) => events.push(event));
    for (let beats = 0; beats < 5; beats += 1) await living.servers.beat();
    // A push of the stopped server may still arrive.
    const second = await claim(living);
    expect(second).toMatchObject({ kind: 'claimed', doubtUntil: now + strayMs });
    expect(await settle(stopped, early)).toEqual(['wrong']);
    expect(await claim(stopped)).toEqual({ kind: 'busy' });
    expect(await settle(living, second)).toEqual(['wrong']);
    expect(await claim(stopped)).toEqual({ kind: 'busy' });
    expect(await settle(living, await claim(living))).toEqual(['right']);
    const before = stopped.servers.id;
    await stopped.servers.beat();
    expect(stopped.servers.id).not.toBe(before);
    expect(events).toEqual(['taken_for_gone']);
    await stopped.execute(app.id, { type: 'set_external', counts: [{ user: 'bob', name: '', count: 2 }] });
    expect(await claim(stopped)).toMatchObject({ kind: 'claimed', badge: 2 });
  });

  test('an app whose devices all have the right number is looked after by no server, and loaded by none', async () => {
    const { one, open } = await two();
    const world = await delivering(one);
    await world.register('bob', 'phone');
    await world.settle();
    const time = { now: world.now(), until: world.now() + 600_000 };
    // The push of the registration came after the first walk.
    await world.pass(61_000);
    const idle = await open();
    expect(await idle.push.dueApps({ time, takesOver: true })).toEqual([]);
    expect(idle.figures.apps).toBe(0);
    await world.dispatcher.close();
    await one.execute(world.app, { type: 'set_external', counts: [{ user: 'bob', name: '', count: 1 }] });
    // The other server looks after it while it lives.
    expect(await idle.push.dueApps({ time, takesOver: true })).toEqual([]);
    expect(await one.push.dueApps({ time, takesOver: false })).toMatchObject([
      { app: world.app, hasDevices: true, hasAlerts: false },
    ]);
    await one.close();
    const due = { app: world.app, hasDevices: true };
    // One that has it in memory would come first.
    expect(await idle.push.dueApps({ time, takesOver: false })).toEqual([]);
    expect(await idle.push.dueApps({ time, takesOver: false })).toMatchObject([due]);
  });

  test('a server with another secret key than the others does not start, and says so', async () => {
    const { url } = await schemas.reuse();
    await serving(url);
    await expect(serving(url, '11'.repeat(32))).rejects.toThrow('with another BADGED_SECRET_KEY');
  });

  test('signing out of the dashboard on one server signs out on every other, and ends its streams there', async () => {
    const { url } = await schemas.reuse();
    const [one, other] = await Promise.all([serving(url), serving(url)]);
    const code = one.signInUrl().split('#code=').at(-1);
    const own = { 'x-requested-with': 'badged', 'content-type': 'application/json' };
    const signIn = { method: 'POST', headers: own, body: JSON.stringify({ code }) };
    const signedIn = await fetch(new URL('/admin/session', one.url), signIn);
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const headers = { 'x-requested-with': 'badged', cookie };
    const session = (server: Running, method = 'GET') =>
      fetch(new URL('/admin/session', server.url), { method, headers });
    expect((await session(other)).status).toBe(200);
    const badge = `/apps/${one.firstStart?.demo?.app}/users/alice/badge`;
    const stream = await fetch(new URL(badge, other.url), {
      headers: { ...headers, accept: 'text/event-stream' },
    });
    expect(stream.status).toBe(200);
    expect((await session(one, 'DELETE')).status).toBe(204);
    expect((await session(other)).status).toBe(401);
    // It ends: with its access.
    expect(await stream.text()).toContain('unread_message_count');
  });

  test('three servers that start at the same moment on an empty database make one admin token and one demo app', async () => {
    const { url } = await schemas.create();
    const servers = await Promise.all([serving(url), serving(url), serving(url)]);
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
      const overview = await read('/admin/overview', first.adminToken);
      const listed = servers.map(() => ({ version, events_behind: 0 }));
      expect(overview).toMatchObject({ status: 200, json: { servers: listed } });
      expect(JSON.stringify(overview.json).split('"is_this":true')).toHaveLength(2);
      const badge = await read(`/apps/${demo}/users/alice/badge`, token);
      expect(badge).toMatchObject({ status: 200, json: { unread_message_count: 0 } });
      const id = conversation.split('/').at(-1);
      expect((await read(`/apps/${demo}/conversations/${id}`, token)).status).toBe(200);
    }
  });
});

if (reason !== undefined) test(`servers over PostgreSQL are skipped: ${reason}`, (context) => context.skip());
