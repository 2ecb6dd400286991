/**
 * No statement that serves requests, pushes or checkpoints reads a whole table. A load runs every statement of the engine's
 * sources on tables with rows of many apps; the database then says how it would run each.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CheckpointRows } from '../../src/store/engine.js';
import { Retention } from '../../src/store/host/retention.js';
import type { SharedStore } from '../../src/store/host/shared_store.js';
import { openPostgresEngine } from '../../src/store/postgres/engine.js';
import { noCheckpoints, openCluster } from './postgres/cluster.js';
import { cuttingProxy } from './postgres/cutting_proxy.js';
import { fillTables } from './postgres/large_tables.js';
import { Schemas, schemaAt, withClient } from './postgres/schemas.js';
import {
  recordPrepared,
  recordStatements,
  shortened,
  sourceStatements,
  wholeReads,
  wholeReadsOfPrepared,
} from './postgres/statements.js';
import { whyNoPostgres } from './postgres/test_server.js';
import { anApp, now, uuid } from './scenario.js';

const reason = whyNoPostgres();
const app = anApp();
const chat = uuid(1);
const minute = 60_000;
const time = { now, until: now + minute };

/** At a start, when an app or a token changed, or seldom: these are for all apps. */
const readsAllApps = [
  // Once a minute: which of them have something to do.
  /log_head\.seq as mark/,
  /^\s*select .* from app where deleted_at is null/s,
  /^\s*select .* from token join app/s,
];

/** Once, at a start: tables of one row, and the apps that were deleted. */
const runsAtStart = [/ badged_schema /, / import_progress/, /from app where deleted_at is not null/];

/** Before a migration that this version does not have. */
const runsForNextVersion = /update badged_schema set oldest = /;
/** `badged doctor` runs these, and no server. */
const ofDoctor = /^inspect\.ts: /;
/** It has a row for each server. */
const ofServers = / of server(_pkey)?$/;

describe.skipIf(reason !== undefined)('statements over PostgreSQL', () => {
  const schemas = new Schemas();

  test('every statement of the engine reads the rows it needs by an index, and no table as a whole', async () => {
    const { url } = await schemas.create();
    const recorded = recordStatements();
    await (await openPostgresEngine(url)).close();
    await withClient(url, fillTables);
    await load(url, recorded);
    const missing = sourceStatements().filter(
      ({ pattern, name }) =>
        ![runsForNextVersion, ofDoctor].some((seldom) => seldom.test(name)) &&
        ![...recorded.keys()].some((sql) => pattern.test(sql)),
    );
    expect(missing.map(({ name }) => `Add it to the load of this test: ${name}`)).toEqual([]);
    const found = await withClient(url, async (client) => {
      await client.query('analyze');
      const reads: string[] = [];
      for (const [sql, values] of recorded) {
        if (!/^\s*(select|insert|update|delete|with)\s/.test(sql)) continue;
        if ([...readsAllApps, ...runsAtStart].some((pattern) => pattern.test(sql))) continue;
        for (const read of await wholeReads(client, sql, values))
          if (!ofServers.test(read)) reads.push(`${read}: ${shortened(sql)}`);
      }
      return reads;
    });
    expect(found).toEqual([]);
    await expectFindsWholeReads(url);
  });

  test('a statement that stays prepared reads by an index, also if it is planned while its tables are nearly empty', async () => {
    const { url } = await schemas.create();
    const prepared = recordPrepared();
    const { nodes, close } = await openCluster(schemaAt(url), 1, noCheckpoints);
    onTestFinished(close);
    const [node] = nodes;
    if (node === undefined) throw new Error('no node');
    await node.apps.create(app);
    const create = {
      type: 'create_conversation',
      id: chat,
      participants: ['user 1'],
      distinct: false,
    } as const;
    await node.execute(app.id, { ...create, metadata: null, at: 1 });
    await withClient(url, (client) => client.query('analyze'));
    // The database chooses a plan for all values at the sixth run. The first run of a connection is not prepared.
    for (let n = 0; n < 12; n += 1) await send(node, {});
    const found: [string, readonly string[] | undefined][] = [];
    for (const { client, name, sql, values } of prepared())
      found.push([shortened(sql), await wholeReadsOfPrepared(client, name, values)]);
    expect(found.length).toBeGreaterThanOrEqual(4);
    expect(found.filter(([, reads]) => reads?.length !== 0)).toEqual([]);
  });
});

/** A test that finds nothing shows nothing. */
async function expectFindsWholeReads(url: string): Promise<void> {
  const found = await withClient(url, async (client) => [
    await wholeReads(client, 'select id from device where target = $1', ['{}']),
    await wholeReads(client, 'select 1 from event order by app, seq limit 5', []),
    await wholeReads(client, 'select id from device where app = $1', [1]),
  ]);
  expect(found).toEqual([['a sequential scan of device'], ['a scan of a whole index of event'], []]);
}

/** Runs every statement once, with values that find rows where the plan depends on it. */
async function load(url: string, recorded: ReadonlyMap<string, readonly unknown[]>): Promise<void> {
  let cutsNext = false;
  const proxy = await cuttingProxy(url, () => {
    const cuts = cutsNext;
    cutsNext = false;
    return cuts;
  });
  onTestFinished(() => proxy.close());
  const { nodes, restart, close } = await openCluster(schemaAt(proxy.url), 2, {
    journalRows: 1,
    intervalMs: 5,
  });
  onTestFinished(close);
  const [first, second] = nodes;
  if (first === undefined || second === undefined) throw new Error('no node');
  await registry(first);
  await commands(first);
  // A commit of a checkpoint may be cut in its place.
  for (
    const looksUp = /select batch from event where app/;
    ![...recorded.keys()].some((sql) => looksUp.test(sql));
  ) {
    cutsNext = true;
    await send(first, {});
  }
  // Another node follows, and loads what was stored.
  await second.ask(app.id, { type: 'badge', user: 'user 1', now });
  await pushes(second);
  await records(second);
  await checkpoints(url);
  await dropOldRows(url);
  await first.apps.delete(app.id);
  await restart(0);
}

async function dropOldRows(url: string): Promise<void> {
  const engine = await openPostgresEngine(url);
  const stored = (await engine.apps()).find(({ app: { id } }) => id === app.id);
  const apps = () => (stored === undefined ? [] : [stored]);
  const onWarning = expect.unreachable;
  const pace = { rows: 1, pauseMs: 0 };
  await new Retention({ engine, apps, keepMs: 0, now: () => now, pace, onWarning }).round();
  expect(await engine.firstSeq(stored?.number ?? 0)).toBeGreaterThan(1);
  await engine.close();
}

async function registry(store: SharedStore): Promise<void> {
  await store.apps.create(app);
  await store.apps.create(anApp(2));
  const token = { id: uuid(7), app: app.id, label: 'backend', hash: Uint8Array.from([1]), createdAt: 1 };
  await store.apps.addToken(token);
  await store.apps.update(app.id, { settings: { mode: 'unread_messages' } });
  await store.apps.revokeToken(app.id, token.id);
  await store.apps.endSession('session', now + minute, now);
  await store.apps.hasEnded('session');
  await store.access.announce('{}', now);
  await new Promise<void>((resolve) => store.access.onChange(() => resolve()));
  await store.apps.replaceSecret('secret', Uint8Array.from([1]));
}

interface SendOptions {
  readonly id?: string;
  readonly alert?: boolean;
}

async function send(store: SharedStore, { id, alert = false }: SendOptions): Promise<string> {
  const { value } = await store.execute<'send_message'>(
    app.id,
    {
      type: 'send_message',
      conversation: chat,
      sender: { userId: 'user 1' },
      ...(id !== undefined && { identity: { id } }),
      mentions: [],
      silent: false,
      at: 1,
    },
    alert ? { notification: '{"text":"hello"}', expiresAt: now + minute } : undefined,
  );
  if (value === undefined) throw new Error('the message was refused');
  return value.id;
}

async function commands(store: SharedStore): Promise<void> {
  const participants = Array.from({ length: 200 }, (_, index) => `user ${index}`);
  const create = { type: 'create_conversation', id: chat, participants, distinct: false } as const;
  await store.execute(app.id, { ...create, metadata: null, at: 1 });
  const ids = await Promise.all(
    Array.from({ length: 300 }, (_, n) => send(store, { id: randomUUID(), alert: n % 2 === 0 })),
  );
  await send(store, { id: ids[0] ?? '' });
  await store.execute(app.id, { type: 'read_message', user: 'user 2', message: ids[250] ?? '' });
  await store.execute(app.id, { type: 'announce', id: uuid(2), recipients: 'everyone', at: now });
  await store.execute(app.id, {
    type: 'change_conversation',
    conversation: chat,
    operations: [{ operation: 'remove', property: 'participants', user: 'user 9' }],
  });
}

async function pushes(store: SharedStore): Promise<void> {
  const { push } = store;
  const register = (n: number, limit = 25) =>
    push.register(
      app.id,
      { id: `phone ${n}`, user: `user ${n % 50}`, target: { platform: 'fcm', token: `token ${n}` } },
      { devicesPerUser: limit, now },
    );
  for (let n = 0; n < 40; n += 1) await register(n);
  await register(1);
  await push.devices(app.id, ['user 1', 'user 2'], now);
  await push.devicesAfter(app.id, 'phone 10', 10, now);
  await push.device(app.id, 'phone 1');
  await push.recipients(app.id, { kind: 'users', users: ['user 1'] }, now);
  await push.recipients(app.id, { kind: 'everyone' }, now);
  const wanted = { device: 'phone 2', platform: 'fcm', takesBadgeAlone: true } as const;
  await push.claimDevices(app.id, [wanted], time);
  await push.enqueue(app.id, {
    id: 'request',
    users: ['user 1'],
    content: { notification: '{}', expiresAt: now },
  });
  const [alert] = await push.claimAlerts(app.id, 10, time);
  await push.renewAlerts(app.id, [alert?.id ?? 0], time);
  for (const due of await push.dueApps({ time, takesOver: true }))
    if (due.app === app.id) await push.walked(due, now);
  await store.servers.beat();
  await push.settle(app.id, [{ device: 'phone 2', accepted: 1, alert: alert?.id ?? 0 }], now);
  await push.completeAlert(app.id, alert?.id ?? 0, now);
  await push.depth(app.id);
  await push.unregister(app.id, 'user 3', 'phone 3');
  await push.forget(app.id, 'phone 3', now);
  await push.setCredentials(app.id, 'fcm', Uint8Array.from([1]));
  await push.credentials(app.id, 'fcm');
}

async function records(store: SharedStore): Promise<void> {
  const record = { id: 'one', owner: 'user 1', value: '{}', expiresAt: now + minute };
  await store.records.insert(app.id, 'sessions', record, now);
  await store.records.update(app.id, 'sessions', record, now);
  await store.records.get(app.id, 'sessions', 'one', now);
  await store.records.list(app.id, 'sessions', 'user 1', now);
  await store.records.take(app.id, 'sessions', 'one', now);
}

/** What a node does for checkpoints, and what only happens after the database lost events or when several create an app. */
async function checkpoints(url: string): Promise<void> {
  const engine = await openPostgresEngine(url);
  onTestFinished(() => engine.close());
  const number = await engine.registry.insertApp(anApp(2));
  const rows: CheckpointRows = {
    users: [],
    conversations: [],
    participations: [],
    announcements: [],
    left: [{ conversation: 1, user: 1 }],
    chosenIds: [{ id: randomUUID(), reference: 1 }],
  };
  // It is called once the connection listens.
  await new Promise((resolve) => engine.onHint(resolve));
  const point = { seq: 1, batch: randomUUID() };
  for await (const _ of engine.eventsAfter(number, { seq: 1, point })) break;
  await engine.lastCommon(number, [point]);
  await engine.leaseCheckpoint(number);
  await engine.writeCheckpoint(number, rows, { point, complete: 1 });
}

if (reason !== undefined) test(`the plans are skipped: ${reason}`, (context) => context.skip());
