/** What readers get while a commit is being synced, on a disk that syncs when the test says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '@badged/core';
import { expect, onTestFinished, test } from 'vitest';
import { openHost } from '../../src/store/host/store.js';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { SqliteEngine } from '../../src/store/sqlite/engine.js';
import type { CommitDisk } from '../../src/store/sqlite/group_commit.js';
import { anApp, now, uuid } from './scenario.js';

/** It syncs at once, until `hold` is called. */
class HeldDisk implements CommitDisk {
  #syncing: { resolve(): void; reject(error: Error): void } | undefined;
  #isHeld = false;
  #onSync = () => {};

  sync(): Promise<void> {
    if (!this.#isHeld) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#syncing = { resolve, reject };
      this.#onSync();
    });
  }

  syncNow(): void {}

  maintain(): undefined {}

  /** Resolves when the next sync has begun, which ends by `release` or `fail`. */
  hold(): Promise<void> {
    this.#isHeld = true;
    return new Promise((resolve) => {
      this.#onSync = resolve;
    });
  }

  release(): void {
    this.#isHeld = false;
    this.#syncing?.resolve();
  }

  fail(): void {
    this.#syncing?.reject(new Error('EIO'));
  }
}

const app = anApp();
const room = uuid(1);

function create(id: string, participants: readonly string[]): Command<'create_conversation'> {
  return { type: 'create_conversation', id, participants, distinct: false, metadata: null, at: 1 };
}

const message: Command<'send_message'> = {
  type: 'send_message',
  conversation: room,
  sender: { userId: 'ann' },
  mentions: [],
  silent: false,
  at: 1,
};

async function open() {
  const directory = mkdtempSync(join(tmpdir(), 'badged-slow-'));
  const disk = new HeldDisk();
  const fatal: Error[] = [];
  const database = openDatabase(join(directory, 'data'), { isDurable: false });
  const engine = new SqliteEngine({ ...database, log: disk }, false);
  const store = await openHost(engine, { onFatal: (error) => fatal.push(error) });
  onTestFinished(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  await store.apps.create(app);
  await store.execute(app.id, create(room, ['ann', 'bob']));
  await store.execute(app.id, create(uuid(2), ['cid', 'dee']));
  const unread = async (user: string) =>
    (await store.ask(app.id, { type: 'badge', user, now }))?.unreadMessageCount;
  return { store, disk, fatal, unread };
}

test('promise 5: while a message is synced, only reads that it concerns wait, and the next message is gathered', async () => {
  const { store, disk, unread } = await open();
  const record: string[] = [];
  const note = (what: string) => (value: unknown) => record.push(`${what}: ${value}`);
  const isSyncing = disk.hold();
  const sent = store.execute(app.id, message).then(() => record.push('sent'));
  await isSyncing;
  const others = [
    unread('bob').then(note('bob')),
    store.push.depth(app.id).then(note('outbox')),
    store.execute(app.id, message).then(() => record.push('sent again')),
  ];
  for (let read = 1; read <= 5; read += 1) await unread('cid').then(note('cid'));
  // More turns of the loop than a read takes that waits for nothing.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  record.push('synced');
  disk.release();
  await Promise.all([sent, ...others]);
  expect(record.slice(0, 6)).toEqual([...Array(5).fill('cid: 0'), 'synced']);
  expect(record.slice(6).sort()).toEqual(['bob: 1', 'outbox: 0', 'sent', 'sent again']);
  expect(record.at(-1)).toBe('sent again');
  expect(await unread('bob')).toBe(2);
});

test('promise 5: if the sync fails, no one gets a result of it, and the store stops', async () => {
  const { store, disk, fatal, unread } = await open();
  const isSyncing = disk.hold();
  const sent = store.execute(app.id, message);
  await isSyncing;
  const outcomes = Promise.allSettled([sent, unread('bob'), store.push.depth(app.id)]);
  disk.fail();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(fatal).toEqual([new Error('EIO')]);
  await expect(unread('cid')).rejects.toThrow('EIO');
});
