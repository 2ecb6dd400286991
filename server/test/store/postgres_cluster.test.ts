/**
 * Several nodes over one database: each shows at once what any of them responded with, and none loses or repeats a write,
 * whatever breaks.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CheckpointPace } from '../../src/store/host/checkpoint.js';
import { openSharedStore } from '../../src/store/host/shared_store.js';
import { verify } from '../../src/store/host/verify.js';
import { type Store, StoreUnavailable } from '../../src/store/port.js';
import { openPostgresEngine } from '../../src/store/postgres/engine.js';
import type { Change } from '../../src/store/push_port.js';
import { registryApp } from '../../src/store/shared_engine.js';
import { randomNumbers } from '../push/random.js';
import { modelSuite } from './model.js';
import { type Cluster, clusterUnderTest, noCheckpoints, openCluster } from './postgres/cluster.js';
import { cuttingProxy } from './postgres/cutting_proxy.js';
import { Schemas, schemaAt, type TestSchema, withClient } from './postgres/schemas.js';
import { whyNoPostgres } from './postgres/test_server.js';
import { anApp, now, uuid } from './scenario.js';

const reason = whyNoPostgres();
const app = anApp();
const chat = uuid(1);

async function createChat(store: Store, participants: readonly string[]): Promise<void> {
  await store.apps.create(app);
  const command = { type: 'create_conversation', id: chat, participants, distinct: false } as const;
  await store.execute(app.id, { ...command, metadata: null, at: 1 });
}

/** The message's id makes a retry harmless; null for a message without one. */
async function send(store: Store, id: string | null = randomUUID(), userId = 'ann'): Promise<number> {
  const { value, refusal } = await store.execute<'send_message'>(app.id, {
    type: 'send_message',
    conversation: chat,
    sender: { userId },
    ...(id !== null && { identity: { id } }),
    mentions: [],
    silent: false,
    at: 1,
  });
  if (value === undefined) throw new Error(`refused: ${refusal?.code}`);
  return value.position;
}

async function unread(store: Store, user: string): Promise<number | undefined> {
  return (await store.ask(app.id, { type: 'badge', user, now }))?.unreadMessageCount;
}

describe.skipIf(reason !== undefined)('several nodes over PostgreSQL', () => {
  const schemas = new Schemas();
  const random = randomNumbers(Number(process.env.BADGED_CLUSTER_SEED ?? 1));

  async function cluster(size = 3, checkpoints?: Partial<CheckpointPace>): Promise<Cluster> {
    const opened = await openCluster(await schemas.reuse(), size, checkpoints);
    onTestFinished(() => opened.close());
    return opened;
  }

  async function expectNoDifference(schema: TestSchema): Promise<void> {
    const engine = await schema.openEngine();
    const { differences } = await verify(engine);
    await engine.close();
    expect(differences).toEqual([]);
  }

  const atOnce = Number(process.env.BADGED_MODEL_AT_ONCE ?? 1);
  const underTest = clusterUnderTest(schemas, random, atOnce);
  afterAll(() => underTest.close());
  modelSuite('a cluster, each call at a random node,', underTest.factory, {
    runs: 3,
    commandsPerRun: 40,
    atOnce,
    share: 3,
  });

  test('promise 5: a read on any node shows what another responded with before', async () => {
    const { nodes, schema } = await cluster();
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    for (let sent = 1; sent <= 60; sent += 1) {
      const writer = nodes[sent % nodes.length] ?? first;
      expect(await send(writer)).toBe(sent);
      const seen = await Promise.all(nodes.map((node) => unread(node, 'bob')));
      expect(seen).toEqual(nodes.map(() => sent));
    }
    await expectNoDifference(schema);
  });

  test('promises 1 and 6: nodes that write to the same app at once share one order, with no position twice', async () => {
    const { nodes, schema } = await cluster();
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob', 'cem']);
    const work = nodes.map(async (node) => {
      const positions: number[] = [];
      for (let round = 0; round < 10; round += 1)
        positions.push(...(await Promise.all([send(node), send(node), send(node, randomUUID(), 'bob')])));
      return positions;
    });
    const positions = (await Promise.all(work)).flat().sort((a, b) => a - b);
    expect(positions).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(await Promise.all(nodes.map((node) => unread(node, 'cem')))).toEqual([90, 90, 90]);
    expect(await Promise.all(nodes.map((node) => unread(node, 'bob')))).toEqual([60, 60, 60]);
    await expectNoDifference(schema);
  });

  test('promise 3: the same message id sent to every node at once is one message', async () => {
    const { nodes } = await cluster();
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    for (let n = 1; n <= 10; n += 1) {
      const id = randomUUID();
      const positions = await Promise.all([...nodes, ...nodes].map((node) => send(node, id)));
      expect(new Set(positions)).toEqual(new Set([n]));
    }
    expect(await unread(first, 'bob')).toBe(10);
  });

  test('reads that wait at the same moment share one query', async () => {
    const { nodes } = await cluster(1);
    const [node] = nodes;
    if (node === undefined) throw new Error('no node');
    await createChat(node, ['ann', 'bob']);
    const before = node.figures.headQueries;
    await Promise.all(Array.from({ length: 1_000 }, () => unread(node, 'bob')));
    expect(node.figures.headQueries - before).toBeLessThanOrEqual(20);
  });

  test('promise 8: a token that one node revokes is unknown to every other at once, and settings are everywhere', async () => {
    const { nodes } = await cluster();
    const [first, second] = nodes;
    if (first === undefined || second === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    await send(first);
    const token = { id: uuid(7), app: app.id, label: 'backend', hash: Uint8Array.from([1]), createdAt: 1 };
    await first.apps.addToken(token);
    expect(await second.apps.token(token.id)).toMatchObject({ label: 'backend' });
    const removed = new Promise((resolve) => first.onRemoval(resolve));
    expect(await second.apps.revokeToken(app.id, token.id)).toBe(true);
    expect(await removed).toEqual({ app: app.id, token: token.id });
    expect(await first.apps.token(token.id)).toBeUndefined();
    await second.apps.update(app.id, { settings: { mode: 'disabled' } });
    expect((await first.ask(app.id, { type: 'badge', user: 'bob', now }))?.settings.mode).toBe('disabled');
    await second.apps.delete(app.id);
    expect(await first.ask(app.id, { type: 'badge', user: 'bob', now })).toBeUndefined();
    await expect(send(first)).rejects.toThrow('refused: not_found');
  });

  test('promise 7: a change on one node is emitted on every other, in the order of the log', async () => {
    const { nodes } = await cluster();
    const [first, second, third] = nodes;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    const users = ['ann', 'bob', 'cem', 'dan'];
    const emitted = new Promise<readonly Change[]>((resolve) => {
      const changes: Change[] = [];
      second.subscribe((change) => {
        changes.push(change);
        if (changes.length === users.length + 1) resolve(changes);
      });
    });
    // A node follows the apps that it has loaded.
    await unread(second, 'bob');
    for (const [index, user] of users.entries())
      await (index % 2 === 0 ? first : third).execute(app.id, {
        type: 'set_external',
        counts: [{ user, name: '', count: 1 }],
      });
    await third.apps.update(app.id, { settings: { mode: 'external' } });
    const audiences = (await emitted).map(({ audience }) => audience);
    expect(audiences).toContainEqual({ kind: 'everyone' });
    expect(audiences.filter(({ kind }) => kind === 'users')).toEqual(
      users.map((user) => ({ kind: 'users', users: [user] })),
    );
  });

  test('promise 5: connections that the database ends at any moment lose no acknowledged write and repeat none', async () => {
    const { nodes, schema } = await cluster();
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    let isOver = false;
    const ids = new Set<string>();
    const clients = nodes.flatMap((node) =>
      Array.from({ length: 4 }, async () => {
        while (!isOver) {
          const id = randomUUID();
          await acknowledged(() => send(node, id));
          ids.add(id);
          expect(await acknowledged(() => unread(node, 'bob'))).toBeGreaterThan(0);
        }
      }),
    );
    const end = `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()
      and query like any (array['commit', '%log_head%', '%insert into event%'])`;
    await withClient(schema.url, async (client) => {
      for (let round = 0; round < 15 || ids.size < 60; round += 1) {
        await delay(random() * 60);
        await client.query(end);
      }
    });
    isOver = true;
    await Promise.all(clients);
    expect(await Promise.all(nodes.map((node) => unread(node, 'bob')))).toEqual(nodes.map(() => ids.size));
    await expectNoDifference(schema);
  });

  test('promise 5: a connection that is cut between a commit and its response leaves no doubt: the batch is looked up', async () => {
    const schema = await schemas.reuse();
    let mayCut = false;
    const proxy = await cuttingProxy(schema.url, () => mayCut && random() < 0.3);
    onTestFinished(() => proxy.close());
    const { nodes } = await openCluster(schema, 1);
    const [direct] = nodes;
    if (direct === undefined) throw new Error('no node');
    await createChat(direct, ['ann', 'bob']);
    const cut = await openCluster(schemaAt(proxy.url), 1);
    mayCut = true;
    onTestFinished(() => Promise.all([direct.close(), cut.close()]).then(() => undefined));
    const positions: number[] = [];
    const each = 60;
    const clients = [...cut.nodes, ...nodes].map(async (node) => {
      // Without an id of the caller's choice, a message that is decided twice is two messages.
      for (let n = 0; n < each; n += 1) positions.push(await send(node, null));
    });
    await Promise.all(clients);
    expect(proxy.cuts).toBeGreaterThan(5);
    const expected = Array.from({ length: 2 * each }, (_, index) => index + 1);
    expect(positions.sort((a, b) => a - b)).toEqual(expected);
    expect(await Promise.all([...cut.nodes, ...nodes].map((node) => unread(node, 'bob')))).toEqual([
      2 * each,
      2 * each,
    ]);
    await expectNoDifference(schema);
  });

  test('promise 5: an app is loaded from a checkpoint that has every event, whichever nodes wrote it', async () => {
    const { nodes, schema, restart } = await cluster();
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    for (let round = 1; round <= 6; round += 1) {
      await Promise.all(nodes.flatMap((node) => Array.from({ length: 10 }, () => send(node))));
      await restart(round % nodes.length);
      expect(await Promise.all(nodes.map((node) => unread(node, 'bob')))).toEqual(
        [1, 1, 1].map(() => round * 30),
      );
      await expectNoDifference(schema);
    }
    await Promise.all(nodes.map((node) => node.close()));
    const engine = await schema.openEngine();
    onTestFinished(() => engine.close());
    const [stored] = await engine.apps();
    const number = stored?.number ?? 0;
    expect(await engine.checkpointSeq(number)).toBe(await engine.lastSeq(number));
    expect(await engine.lastSeq(number)).toBe(181);
  });

  test('a node that closes with nothing to add to a checkpoint does not keep others from writing it', async () => {
    const { nodes, schema } = await cluster(3, noCheckpoints);
    const [first, second, third] = nodes;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    await send(first);
    // The others have the same events in memory, which the first one writes.
    expect([await unread(second, 'bob'), await unread(third, 'bob')]).toEqual([1, 1]);
    await first.close();
    await second.close();
    await send(third);
    await third.close();
    const engine = await schema.openEngine();
    onTestFinished(() => engine.close());
    const [stored] = await engine.apps();
    const number = stored?.number ?? 0;
    expect([await engine.checkpointSeq(number), await engine.lastSeq(number)]).toEqual([3, 3]);
  });

  test('a node whose lease ran out writes nothing more into a checkpoint', async () => {
    const schema = await schemas.reuse();
    const [one, other] = await Promise.all([schema.openEngine(), schema.openEngine()]);
    onTestFinished(() => Promise.all([one.close(), other.close()]).then(() => undefined));
    const number = await one.registry.insertApp(app);
    const none = { users: [], conversations: [], participations: [], announcements: [], left: [] };
    const rows = { ...none, chosenIds: [{ id: 'stale', reference: 1 }] };
    const options = { point: undefined, complete: 1 };
    expect([await one.leaseCheckpoint(number), await other.leaseCheckpoint(number)]).toEqual([0, undefined]);
    const expire = "update checkpoint set leased_until = now() - interval '1 second'";
    await withClient(schema.url, (client) => client.query(expire));
    expect(await other.leaseCheckpoint(number)).toBe(0);
    expect(await one.writeCheckpoint(number, rows, options)).toBe(false);
    expect([await one.chosenId(number, 'stale'), await one.checkpointSeq(number)]).toEqual([0, 0]);
    expect(await other.writeCheckpoint(number, rows, options)).toBe(true);
    expect([await one.chosenId(number, 'stale'), await one.leaseCheckpoint(number)]).toEqual([1, 1]);
    // Memory of a log that the database lost is not written either.
    const lost = { point: { seq: 1, batch: uuid(1) }, complete: 2 };
    expect([await one.writeCheckpoint(number, rows, lost), await one.checkpointSeq(number)]).toEqual([
      false,
      1,
    ]);
  });

  test('a log that lost its last events is noticed, and memory follows it', async () => {
    // A database that went back has its checkpoints of then. Here there are none.
    const { nodes, schema, warnings } = await cluster(2, noCheckpoints);
    const [first, second] = nodes;
    if (first === undefined || second === undefined) throw new Error('no node');
    await createChat(first, ['ann', 'bob']);
    for (let n = 0; n < 5; n += 1) await send(first);
    expect([await unread(first, 'bob'), await unread(second, 'bob')]).toEqual([5, 5]);
    const token = { id: uuid(7), app: app.id, label: 'backend', hash: Uint8Array.from([1]), createdAt: 1 };
    await first.apps.addToken(token);
    expect(await second.apps.token(token.id)).toBeDefined();
    await withClient(schema.url, async (client) => {
      await client.query('delete from token');
      await client.query('update log_head set seq = seq - 1 where app = 0');
      await client.query('delete from event where seq > 4 and app > 0');
      await client.query('update log_head set seq = 4 where app > 0');
    });
    expect([await unread(first, 'bob'), await unread(second, 'bob')]).toEqual([3, 3]);
    expect(warnings).toEqual([
      expect.stringMatching(/lost the events 5 to 6/),
      expect.stringMatching(/lost the events 5 to 6/),
    ]);
    expect([await first.apps.token(token.id), await second.apps.token(token.id)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await send(second)).toBe(4);
    expect(await unread(first, 'bob')).toBe(4);
  });

  test('a log that lost its last events, and grew past them again with others, is noticed by a read and by a write', async () => {
    const { nodes, schema, warnings } = await cluster(2, noCheckpoints);
    const [reading, writing] = nodes;
    if (reading === undefined || writing === undefined) throw new Error('no node');
    await createChat(reading, ['ann', 'bob', 'cem']);
    for (let n = 0; n < 5; n += 1) await send(n % 2 === 0 ? reading : writing);
    expect([await unread(reading, 'bob'), await unread(writing, 'bob')]).toEqual([5, 5]);
    const token = { id: uuid(7), app: app.id, label: 'lost', hash: Uint8Array.from([1]), createdAt: 1 };
    await reading.apps.addToken(token);
    expect(await writing.apps.token(token.id)).toMatchObject({ label: 'lost' });
    await withClient(schema.url, async (client) => {
      await client.query('delete from token');
      await client.query('update log_head set seq = seq - 1 where app = 0');
      await client.query('delete from event where seq > 4 and app > 0');
      await client.query('update log_head set seq = 4 where app > 0');
    });
    const other = await openCluster(schema, 1, noCheckpoints);
    onTestFinished(() => other.close());
    const [grown] = other.nodes;
    if (grown === undefined) throw new Error('no node');
    for (let n = 0; n < 4; n += 1) await send(grown, randomUUID(), 'bob');
    await grown.apps.addToken({ ...token, id: uuid(8) });
    const isRefreshed = new Promise<void>((resolve) =>
      reading.subscribe(({ audience }) => audience.kind === 'everyone' && resolve()),
    );
    expect(await send(writing, randomUUID(), 'cem')).toBe(8);
    expect(await unread(reading, 'bob')).toBe(4);
    await isRefreshed;
    const lost = expect.stringMatching(/lost the events 5 to 6 of app .*They are not counted/);
    expect(warnings).toEqual([lost, lost]);
    expect(nodes.map(({ figures }) => figures.lostEvents)).toEqual([2, 2]);
    for (const node of nodes)
      expect([await node.apps.token(token.id), await node.apps.token(uuid(8))]).toEqual([
        undefined,
        expect.objectContaining({ label: 'lost' }),
      ]);
    await expectNoDifference(schema);
  });

  test('a server is notified of what others changed, also after its listening connection broke, and polls without it', async () => {
    const { url } = await schemas.reuse();
    const [changing, notified] = await Promise.all([openPostgresEngine(url), openPostgresEngine(url)]);
    onTestFinished(() => Promise.all([changing.close(), notified.close()]).then(() => undefined));
    const hints = new Hints();
    notified.onHint((hint) => hints.add(hint));
    changing.onHint(() => {});
    // Hints that came before it listened are lost: so it asks for everything.
    await hints.next('all');
    const number = await changing.registry.insertApp(app);
    await hints.next(registryApp);
    const append = () =>
      changing.append(number, { seq: 0, point: undefined }, (_, append) =>
        append({ event: { type: 'external', users: [[1, 'ann', 0]], counts: [[1, '', 1]] } }),
      );
    await append();
    await hints.next(number);
    const listeners = `select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'listen%' and pid <> pg_backend_pid() and datname = current_database()`;
    await withClient(url, (client) => client.query(listeners));
    await hints.next('all');
    await changing.registry.updateApp(number, { name: 'another name' });
    await hints.next(registryApp);
    const silent = await openPostgresEngine(url, { sendsHints: false });
    const polling = await openSharedStore(silent, { checkpoints: noCheckpoints });
    onTestFinished(() => polling.close());
    await polling.ask(app.id, { type: 'badge', user: 'ann', now });
    const emitted = new Promise<Change>((resolve) => polling.subscribe(resolve, app.id));
    await changing.registry.updateApp(number, { settings: { mode: 'disabled' } });
    expect(await emitted).toMatchObject({ app: app.id, audience: { kind: 'everyone' } });
  });

  /** Retries as a client would: the id is the same. */
  async function acknowledged<V>(work: () => Promise<V>): Promise<V> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await delay(5);
      }
    }
  }
});

/** What a server was notified of: each of it can be waited for, in whatever order it came. */
class Hints {
  readonly #seen = new Set<number | 'all'>();
  #wake = () => {};

  add(hint: readonly number[] | 'all'): void {
    for (const each of hint === 'all' ? [hint] : hint) this.#seen.add(each);
    this.#wake();
  }

  /** Resolves with a hint that came since the last call for the same. */
  async next(wanted: number | 'all'): Promise<void> {
    while (!this.#seen.delete(wanted))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}

if (reason !== undefined) test(`several nodes are skipped: ${reason}`, (context) => context.skip());
