/** Backups beside a store that is written to, and what is restored from them. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { backUpData, restoreData } from '../../src/offline.js';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import type { Store } from '../../src/store/port.js';
import { openConnection } from '../../src/store/sqlite/driver.js';
import { anApp, now, Scenario } from './scenario.js';

const quietly = () => {};

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-backup-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

async function open(directory: string): Promise<Store> {
  const store = await openEmbeddedStore({ directory });
  onTestFinished(() => store.close());
  return store;
}

/** A store with an app and a conversation of ann and bob, in `data`. */
async function openChat(directory: string) {
  const store = await open(join(directory, 'data'));
  await store.apps.create(anApp());
  const chat = new Scenario({ store, dispose: async () => {} }, anApp().id);
  return { chat, conversation: await chat.conversation(['ann', 'bob']) };
}

async function unreadIn(directory: string): Promise<number | undefined> {
  const store = await open(directory);
  return (await store.ask(anApp().id, { type: 'badge', user: 'bob', now }))?.unreadMessageCount;
}

test('a backup beside a store that is written to has everything that was accepted before, and is restored', async () => {
  const directory = temporary();
  const { chat, conversation } = await openChat(directory);
  await chat.sendMany(conversation, 'ann', 2_000);
  let accepted = 2_000;
  let isDone = false;
  const writing = (async () => {
    for (; !isDone; accepted += 10) await chat.sendMany(conversation, 'ann', 10);
  })();
  const file = join(directory, 'backup.db');
  const before = accepted;
  await backUpData(join(directory, 'data'), file, quietly);
  isDone = true;
  await writing;
  expect([existsSync(`${file}.partial`), existsSync(`${file}-wal`), statSync(file).mode & 0o777]).toEqual([
    false,
    false,
    0o600,
  ]);
  const restored = join(directory, 'restored');
  const { differences, messages } = await restoreData(file, restored, quietly);
  expect(differences).toEqual([]);
  expect(messages).toBeGreaterThanOrEqual(before);
  expect(messages).toBeLessThanOrEqual(accepted);
  expect(await unreadIn(restored)).toBe(messages);
  await expect(restoreData(file, restored, quietly)).rejects.toThrow(`There is data in ${restored} already.`);
  await expect(backUpData(restored, file, quietly)).rejects.toThrow(`${file} exists.`);
});

test('what is damaged, is no backup, or is a copy of a running server is not restored, and nothing is made', async () => {
  const directory = temporary();
  const { chat, conversation } = await openChat(directory);
  await chat.sendMany(conversation, 'ann', 100);
  const data = join(directory, 'data');
  const file = join(directory, 'backup.db');
  await backUpData(data, file, quietly);
  const to = join(directory, 'restored');
  const refusal = async (path: string) => {
    const error: unknown = await restoreData(path, to, quietly).catch((thrown) => thrown);
    expect(existsSync(to)).toBe(false);
    return error instanceof Error ? `${error.name}: ${error.message}` : 'restored';
  };
  const bytes = readFileSync(file);
  const changed = join(directory, 'changed.db');
  writeFileSync(changed, bytes.subarray(0, bytes.length - 4096));
  expect(await refusal(changed)).toContain(
    `DataDirectoryError: ${changed} is damaged, or is no database of badged.`,
  );
  writeFileSync(changed, Buffer.from(bytes).fill(0xff, 4096, bytes.length));
  expect(await refusal(changed)).toContain('is damaged');
  writeFileSync(changed, 'hello');
  expect(await refusal(changed)).toContain('is damaged');
  copyFileSync(join(data, 'badged.db'), changed);
  expect(await refusal(changed)).toContain('was copied while a server used it');
  writeFileSync(changed, bytes);
  const newer = openConnection(changed);
  newer.pragma('user_version = 99');
  newer.close();
  expect(await refusal(changed)).toContain('written by a newer badged');
  expect(await refusal(join(directory, 'none.db'))).toContain('There is no ');
  await expect(backUpData(to, join(directory, 'other.db'), quietly)).rejects.toThrow('There is no ');
  expect(existsSync(join(directory, 'other.db'))).toBe(false);
});
