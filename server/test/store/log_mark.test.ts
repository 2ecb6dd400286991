/** A copy of badged.db without its write-ahead log is noticed, wherever the log has something that the file has not. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEmbeddedStore, verifyDirectory } from '../../src/store/embedded.js';
import { type OpenDatabase, openDatabase } from '../../src/store/sqlite/database.js';
import { openConnection } from '../../src/store/sqlite/driver.js';
import { anApp } from './scenario.js';

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-mark-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

function copy(directory: string, ...files: readonly string[]): string {
  const to = join(temporary(), 'copy');
  mkdirSync(to);
  for (const file of files) copyFileSync(join(directory, file), join(to, file));
  return to;
}

async function appsIn(directory: string): Promise<readonly string[]> {
  const store = await openEmbeddedStore({ directory });
  const apps = await store.apps.list();
  await store.close();
  return apps.map(({ name }) => name);
}

async function expectRefused(directory: string): Promise<void> {
  const sentence =
    `A part of the data in ${directory} is missing: badged.db was copied while a server used it, and is not whole ` +
    'without its badged.db-wal.';
  await expect(openEmbeddedStore({ directory })).rejects.toThrow(sentence);
  await expect(verifyDirectory(directory)).rejects.toThrow(sentence);
}

test('while a server runs, and after it was killed, badged.db alone is refused; with its log it has everything', async () => {
  const directory = temporary();
  const store = await openEmbeddedStore({ directory });
  onTestFinished(() => store.close());
  await expectRefused(copy(directory, 'badged.db'));
  await store.apps.create(anApp());
  await expectRefused(copy(directory, 'badged.db'));
  const killed = copy(directory, 'badged.db', 'badged.db-wal');
  expect(await appsIn(killed)).toEqual(['app 1']);
  // It was closed: the log is in the file.
  expect(existsSync(join(killed, 'badged.db-wal'))).toBe(false);
  expect(await appsIn(copy(killed, 'badged.db'))).toEqual(['app 1']);
});

test('a log without its database is refused', async () => {
  const directory = temporary();
  const store = await openEmbeddedStore({ directory });
  onTestFinished(() => store.close());
  const rest = copy(directory, 'badged.db-wal');
  await expect(openEmbeddedStore({ directory: rest })).rejects.toThrow(
    `There is a ${rest}/badged.db-wal, but no ${rest}/badged.db: a part of the data is missing.`,
  );
});

test('after a kill, another program of SQLite may copy the log into the file: it is whole then', async () => {
  const directory = temporary();
  const store = await openEmbeddedStore({ directory });
  onTestFinished(() => store.close());
  await store.apps.create(anApp());
  const killed = copy(directory, 'badged.db', 'badged.db-wal');
  const program = openConnection(join(killed, 'badged.db'));
  program.prepare('select count(*) from apps').get();
  program.close();
  expect(existsSync(join(killed, 'badged.db-wal'))).toBe(false);
  expect(await appsIn(killed)).toEqual(['app 1']);
});

/** So much that SQLite copies the log into the file by itself. */
async function writeMuch({ connection, log }: OpenDatabase, seq: number): Promise<void> {
  const insert = connection.prepare('insert into log (id, event) values (?, ?)');
  connection.transaction(() => {
    for (let row = 0; row < 50; row += 1) insert.run(seq + row, 'x'.repeat(100_000));
  })();
  await log?.maintain();
}

test('the file is marked again whenever SQLite copied the log into it', async () => {
  const directory = temporary();
  const database = openDatabase(directory, { isDurable: true });
  const file = join(directory, 'badged.db');
  for (const seq of [100, 200, 300]) {
    await writeMuch(database, seq);
    const alone = openConnection(join(copy(directory, 'badged.db'), 'badged.db'), { isReadOnly: true });
    expect(alone.prepare('select count(*) from log').pluck().get()).toBe(seq / 2);
    alone.close();
    await expectRefused(copy(directory, 'badged.db'));
  }
  database.close();
  expect(openConnection(file, { isReadOnly: true }).pragma('application_id')).toBe(0x62616467);
});
