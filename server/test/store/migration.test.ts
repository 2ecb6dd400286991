/** A data directory of an earlier version opens: nothing is lost, and every count is the one that version gave. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { openEmbeddedStore, verifyDirectory } from '../../src/store/embedded.js';
import type { Store } from '../../src/store/port.js';
import { openConnection } from '../../src/store/sqlite/driver.js';
import { now, uuid } from './scenario.js';

const fixture = fileURLToPath(new URL('./fixtures/schema_3', import.meta.url));
const expected = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8'));
const [first = '', second = ''] = Object.keys(expected.apps);

function oldDirectory(): string {
  const parent = mkdtempSync(join(tmpdir(), 'badged-migration-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const directory = join(parent, 'data');
  mkdirSync(directory);
  for (const file of ['badged.db', 'badged.db-wal'])
    writeFileSync(join(directory, file), gunzipSync(readFileSync(join(fixture, `${file}.gz`))));
  return directory;
}

/** Properties that the program of the fixture did not have. */
const addedSince = new Set(['participantCount', 'more', 'acknowledgedCount']);

/** As `expected.json` has it. */
async function responses(store: Store, app: string): Promise<unknown> {
  const users: readonly string[] = expected.users;
  const ofEach = async (ask: (user: string) => Promise<unknown>) =>
    Object.fromEntries(await Promise.all(users.map(async (user) => [user, await ask(user)] as const)));
  const list = { sortBy: 'last_message', limit: 100, unreadOnly: false } as const;
  const found = {
    explanations: await ofEach((user) => store.ask(app, { type: 'explanation', user, now })),
    lists: await ofEach((user) => store.ask(app, { type: 'user_conversations', user, ...list, now })),
    chatBadges: await ofEach((user) => store.ask(app, { type: 'chat_badges', user, now })),
    blocks: await store.ask(app, { type: 'blocks', user: 'dee' }),
    alerts: await store.push.depth(app),
    record: await store.records.get(app, 'kind', 'one', now),
    credentials: [...((await store.push.credentials(app, 'fcm')) ?? [])],
  };
  return JSON.parse(JSON.stringify(found), (key, value) => {
    // That program sorted them.
    if (key === 'participants') return value.sort();
    return addedSince.has(key) ? undefined : value;
  });
}

test('promise 5: a directory of schema 3 opens, also a second time, with every count and list as they were', async () => {
  const directory = oldDirectory();
  for (const _ of ['upgraded', 'opened again']) {
    const store = await openEmbeddedStore({ directory, isDurable: false });
    expect((await store.apps.list()).map(({ id }) => id)).toEqual([first, second]);
    expect(await responses(store, first)).toEqual(expected.apps[first]);
    expect(await responses(store, second)).toEqual(expected.apps[second]);
    expect(await store.apps.token('token-1')).toMatchObject({ app: first, label: 'backend' });
    expect(await store.push.device(first, 'phone')).toMatchObject({ user: 'bob' });
    await store.close();
  }
  const { differences, apps } = await verifyDirectory(directory);
  expect({ differences, apps }).toEqual({ differences: [], apps: 2 });
});

test('promise 3: references are those of the new log: retries, mark unread and deleting the last message find their messages', async () => {
  const store = await openEmbeddedStore({ directory: oldDirectory(), isDurable: false });
  onTestFinished(() => store.close());
  const conversation = uuid(0xc01);
  const ask = () => store.ask(first, { type: 'user_conversation', user: 'cem', conversation, now });
  const before = await ask();
  const retry = { mentions: [], silent: false, at: 1, sender: { userId: 'bob' } } as const;
  const chosen = { id: uuid(0xe001), fingerprint: 5 };
  const sent = { type: 'send_message', conversation, identity: chosen, ...retry } as const;
  expect((await store.execute<'send_message'>(first, sent)).value).toMatchObject({
    id: chosen.id,
    position: 2,
  });
  expect(await ask()).toEqual(before);
  const last = before?.lastMessage;
  expect(last?.position).toBe(8);
  await store.execute(first, { type: 'delete_message', message: last?.id ?? '' });
  expect((await ask())?.lastMessage?.position).toBe(7);
  const unread = { type: 'mark_unread', user: 'cem', conversation, position: 1 } as const;
  expect((await store.execute(first, unread)).refusal).toBeUndefined();
  // Of 1 to 10: 3, 6 and 9 are cem's own; 3, 7, 8, 9 and 10 are deleted or silent.
  expect((await ask())?.unreadMessageCount).toBe(4);
});

test('a directory that was not upgraded is verified only after a start, and one that fails on the way stays as it was', async () => {
  const directory = oldDirectory();
  await expect(verifyDirectory(directory)).rejects.toThrow('Start this version once');
  const database = openConnection(join(directory, 'badged.db'));
  database.exec('insert into journal (seq, app, event) values (999999, 1, \'{"previous":\')');
  database.close();
  await expect(openEmbeddedStore({ directory })).rejects.toThrow();
  const after = openConnection(join(directory, 'badged.db'));
  onTestFinished(() => void after.close());
  expect(after.pragma('user_version')).toBe(3);
  expect(after.prepare('select count(*) from journal').pluck().get()).toBeGreaterThan(100);
});
