/** Promise 5 where things go wrong: a full disk in the middle of a batch, apps purged at a start, kills between. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '@badged/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openEmbeddedStore, verifyDirectory } from '../../src/store/embedded.js';
import { openHost } from '../../src/store/host/store.js';
import type { Connection } from '../../src/store/sqlite/connection.js';
import { dataDirectoryError } from '../../src/store/sqlite/data_directory_error.js';
import { openDatabase, openReadOnly } from '../../src/store/sqlite/database.js';
import { openConnection } from '../../src/store/sqlite/driver.js';
import { SqliteEngine } from '../../src/store/sqlite/engine.js';
import { anApp, now, uuid } from './scenario.js';

const chat = uuid(1);

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-faults-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'data');
}

/** What a kill -9 would leave: the files as they are at this moment. */
function asAfterAKill(directory: string): string {
  const copy = scratch();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

async function open(directory: string) {
  const store = await openEmbeddedStore({ directory, isDurable: false });
  onTestFinished(() => store.close());
  return store;
}

/** With its connection at hand, and checkpoints that run only when the store is told to close. */
async function openWithConnection(directory: string) {
  const database = openDatabase(directory, { isDurable: true });
  const fatal: Error[] = [];
  const checkpoints = { journalRows: 1, intervalMs: 0, rowsPerChunk: 2, pauseMs: 1 };
  const engine = new SqliteEngine(database, true);
  const store = await openHost(engine, { checkpoints, onFatal: (error) => fatal.push(error) });
  return { store, connection: database.connection, fatal };
}

/** From here on the disk takes nothing that needs another page. */
function fillDisk(connection: Connection): void {
  const pages = Number(connection.pragma('page_count'));
  connection.pragma(`max_page_count = ${pages}`);
}

const create = (id: string): Command<'create_conversation'> => ({
  type: 'create_conversation',
  id,
  participants: ['ann', 'bob'],
  distinct: false,
  metadata: null,
  at: 1,
});

const send = (conversation: string): Command<'send_message'> => ({
  type: 'send_message',
  conversation,
  sender: { userId: 'ann' },
  mentions: [],
  silent: false,
  at: 1,
});

describe('an app that was deleted', () => {
  test('promise 5: what other apps are answered after it was purged survives a kill', async () => {
    const directory = scratch();
    const first = await open(directory);
    const [kept, deleted] = [anApp(1), anApp(2)];
    for (const { id } of [kept, deleted]) {
      await first.apps.create(id === kept.id ? kept : deleted);
      await first.execute(id, create(chat));
    }
    for (let n = 0; n < 20; n += 1) await first.execute(deleted.id, send(chat));
    await first.apps.delete(deleted.id);
    await first.close();
    const second = await open(directory);
    for (let n = 0; n < 5; n += 1) await second.execute(kept.id, send(chat));
    const third = await open(asAfterAKill(directory));
    expect((await third.ask(kept.id, { type: 'badge', user: 'bob', now }))?.unreadMessageCount).toBe(5);
  });

  test('leaves nothing behind after the next start', async () => {
    const directory = scratch();
    const first = await open(directory);
    const app = anApp();
    await first.apps.create(app);
    const alert = { notification: '{"text":"Hi"}', expiresAt: now + 1_000 };
    await first.push.enqueue(app.id, { id: 'one', users: ['bob'], content: alert });
    const [claimed] = await first.push.claimAlerts(app.id, 1, { now, until: now + 1_000 });
    await first.push.settle(app.id, [{ device: 'phone', accepted: null, alert: claimed?.id ?? 0 }], now);
    await first.apps.delete(app.id);
    await first.close();
    await (await open(directory)).close();
    const database = openConnection(join(directory, 'badged.db'), { isReadOnly: true });
    onTestFinished(() => {
      database.close();
    });
    expect(database.prepare('select * from outbox_settled').all()).toEqual([]);
  });
});

describe('a full disk', () => {
  test('promise 5: nothing of a batch is kept if part of it is lost, so no position is skipped', async () => {
    const directory = scratch();
    const { store, connection, fatal } = await openWithConnection(directory);
    const app = anApp();
    await store.apps.create(app);
    await store.execute(app.id, create(chat));
    fillDisk(connection);
    const record = { id: 'big', owner: 'ann', value: 'x'.repeat(2_000_000), expiresAt: null };
    const outcomes = await Promise.allSettled([
      store.execute(app.id, send(chat)),
      store.records.insert(app.id, 'kind', record, now),
      store.execute(app.id, send(chat)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(fatal).toHaveLength(1);
    await store.close();
    const after = await open(directory);
    expect((await after.ask(app.id, { type: 'badge', user: 'bob', now }))?.unreadMessageCount).toBe(0);
    await after.close();
    expect((await verifyDirectory(directory)).differences).toEqual([]);
  });

  test('promise 5: a checkpoint that failed is not said to be complete by the next one', async () => {
    const directory = scratch();
    const { store, connection, fatal } = await openWithConnection(directory);
    const app = anApp();
    await store.apps.create(app);
    const count = 30;
    for (let n = 1; n <= count; n += 1) {
      const participants = [`user ${n} ${'x'.repeat(200)}`, 'bob'];
      await store.execute(app.id, { ...create(uuid(n)), participants });
    }
    fillDisk(connection);
    // No command is on its way: it is a checkpoint that meets the full disk.
    while (fatal.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    connection.pragma('max_page_count = 1000000');
    await store.close();
    const after = await open(directory);
    for (let n = 1; n <= count; n += 1)
      expect(
        await after.ask(app.id, { type: 'conversation', conversation: uuid(n) }),
        `conversation ${n}`,
      ).toBeDefined();
    await after.close();
    expect((await verifyDirectory(directory)).differences).toEqual([]);
  });

  test('nothing is accepted, and nothing written, once the disk and the memory may have parted', async () => {
    const directory = scratch();
    const { store, connection, fatal } = await openWithConnection(directory);
    const app = anApp();
    await store.apps.create(app);
    await store.execute(app.id, create(chat));
    await new Promise((resolve) => setTimeout(resolve, 300));
    fillDisk(connection);
    const large = { ...create(uuid(2)), participants: Array.from({ length: 1_000 }, (_, n) => `user ${n}`) };
    const refused = expect(store.execute(app.id, large)).rejects.toThrow();
    await refused;
    expect(fatal).toHaveLength(1);
    connection.pragma('max_page_count = 1000000');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(store.ready()).rejects.toThrow();
    await store.close();
    const after = await open(directory);
    expect(await after.ask(app.id, { type: 'badge', user: 'user 1', now })).toBeUndefined();
    expect((await after.execute(app.id, send(chat))).refusal).toBeUndefined();
    const killed = await open(asAfterAKill(directory));
    expect((await killed.ask(app.id, { type: 'badge', user: 'bob', now }))?.unreadMessageCount).toBe(1);
  });
});

describe('a data directory that cannot be used', () => {
  const failure = (directory: string): unknown => {
    try {
      openDatabase(directory, { isDurable: true }).close();
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const sentence = (text: string) =>
    expect.objectContaining({ name: 'DataDirectoryError', message: expect.stringContaining(text) });

  test('is refused by a sentence that says what to do', () => {
    const directory = scratch();
    expect(failure(directory)).toBeUndefined();
    expect(failure(join(directory, 'badged.db'))).toEqual(sentence('badged.db is not a directory'));
    writeFileSync(join(directory, 'badged.db'), 'x'.repeat(5_000));
    expect(failure(directory)).toEqual(sentence('is damaged. Restore your backup'));
    rmSync(join(directory, 'badged.db'));
    mkdirSync(join(directory, 'badged.db'));
    expect(failure(directory)).toEqual(sentence('cannot be opened'));
  });

  test('that is full says so, whether SQLite or Node noticed', () => {
    const directory = scratch();
    const { connection, close } = openDatabase(directory, { isDurable: true });
    onTestFinished(close);
    fillDisk(connection);
    const noticed = [
      () => connection.exec(`insert into secrets values ('x', zeroblob(100000))`),
      () => {
        throw Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' });
      },
    ];
    for (const notice of noticed) {
      try {
        notice();
        expect.unreachable();
      } catch (error) {
        expect(dataDirectoryError(error, directory)).toEqual(sentence('is full. Free some space'));
      }
    }
  });

  test('leaves a bug of ours as it is', () => {
    const bug = new TypeError('x is not a function');
    expect(dataDirectoryError(bug, 'data')).toBe(bug);
  });
});

/** The header of the log, and a page with its own. */
const logWithOnePage = 32 + 24 + 4096;

describe('the log of an earlier process', () => {
  test('is in the database before anything is accepted, and holds no more than the mark of a new one', () => {
    const directory = scratch();
    const first = openDatabase(directory, { isDurable: true });
    first.connection.exec(`insert into secrets values ('x', x'01')`);
    const killed = asAfterAKill(directory);
    first.close();
    const log = join(killed, 'badged.db-wal');
    expect(statSync(log).size).toBeGreaterThan(logWithOnePage);
    const second = openDatabase(killed, { isDurable: true });
    onTestFinished(second.close);
    expect(statSync(log).size).toBe(logWithOnePage);
    const value = second.connection.prepare(`select hex(value) from secrets where name = 'x'`).pluck();
    expect(value.get()).toBe('01');
  });

  test('stays where `badged verify` reads at this moment, and the start goes on', () => {
    const directory = scratch();
    const first = openDatabase(directory, { isDurable: true });
    const reader = openReadOnly(directory);
    onTestFinished(() => {
      reader.close();
    });
    reader.prepare('select count(*) from apps').get();
    first.connection.exec(`insert into secrets values ('x', x'01')`);
    first.close();
    const second = openDatabase(directory, { isDurable: true });
    onTestFinished(second.close);
    expect(second.connection.prepare('select count(*) from secrets').pluck().get()).toBe(1);
  });
});

describe('verify', () => {
  test('promise 10: a message that is missing from the journal is found, also one that everybody had read', async () => {
    const directory = scratch();
    const store = await open(directory);
    const app = anApp();
    await store.apps.create(app);
    await store.execute(app.id, create(chat));
    for (let n = 0; n < 3; n += 1) await store.execute(app.id, send(chat));
    for (const user of ['ann', 'bob']) {
      const conversations = [{ conversation: chat }];
      await store.execute(app.id, { type: 'mark_all_read', user, conversations });
    }
    await store.close();
    expect((await verifyDirectory(directory)).differences).toEqual([]);
    const database = openConnection(join(directory, 'badged.db'));
    database.exec(`delete from log where event like '%"position":2,%'`);
    database.close();
    expect((await verifyDirectory(directory)).differences).toContainEqual(
      expect.stringContaining('messages out of place'),
    );
  });

  test('promise 3: what is no id at all is an unknown message', async () => {
    const store = await open(scratch());
    const app = anApp();
    await store.apps.create(app);
    const read = { type: 'read_message', user: 'ann', message: 'not a uuid at 8' } as const;
    expect((await store.execute(app.id, read)).refusal).toMatchObject({ code: 'not_found' });
  });
});
