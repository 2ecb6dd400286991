/** Commands and queries that read far back in the log: how much at a time, how much in all, and who waits meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, limits } from '@badged/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HostStore, openHost } from '../../src/store/host/store.js';
import { openSqliteEngine, type SqliteEngine } from '../../src/store/sqlite/engine.js';

const app = '00000000-0000-4000-8000-000000000001';
const room = 'room';
const participants = ['ann', 'bob'];

let directory: string;
let engine: SqliteEngine;
let store: HostStore;
/** How many messages were read by each transaction of the log, and by each lookup outside of one. */
let reads: { inAppend: boolean; messages: number }[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'badged-look-back-'));
  engine = openSqliteEngine({ directory, isDurable: false });
  record(engine);
  store = await openHost(engine, { checkpoints: { intervalMs: 3_600_000, journalRows: 1_000_000 } });
  const settings = { mode: 'unread_messages', includeAnnouncements: false } as const;
  await store.apps.create({ id: app, name: 'x', settings, jabberDomain: 'x.invalid', createdAt: 1 });
  await store.execute(app, create(room));
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

function record(recorded: SqliteEngine): void {
  reads = [];
  let current: { inAppend: boolean; messages: number } | undefined;
  const back = recorded.messagesBack.bind(recorded);
  recorded.messagesBack = (number, from, to, limit) => {
    const found = back(number, from, to, limit);
    if (current === undefined) reads.push({ inAppend: false, messages: found.length });
    else current.messages += found.length;
    return found;
  };
  const append = recorded.append.bind(recorded);
  recorded.append = (number, after, decide) =>
    append(number, after, (tail, add) => {
      current = { inAppend: true, messages: 0 };
      decide(tail, add);
      if (current.messages > 0) reads.push(current);
      current = undefined;
    });
}

function create(id: string): Command<'create_conversation'> {
  return { type: 'create_conversation', id, participants, distinct: false, metadata: null, at: 1 };
}

function send(conversation: string, mentions: string[] = [], at = 2): Command<'send_message'> {
  const sender = { userId: 'bob' };
  return { type: 'send_message', conversation, sender, mentions, silent: false, at };
}

function unread(position: number): Command<'mark_unread'> {
  return { type: 'mark_unread', user: 'ann', conversation: room, position };
}

async function sendMany(conversation: string, count: number): Promise<void> {
  await store.executeAll(
    app,
    Array.from({ length: count }, () => ({ command: send(conversation) })),
  );
}

const readAll = { type: 'mark_all_read', user: 'ann', conversations: [{ conversation: room }] } as const;

test('commands of others are executed while one reads far back, and none reads much at a time', async () => {
  const count = limits.markUnreadMessages - 1;
  await sendMany(room, count);
  await store.execute(app, readAll);
  reads = [];
  const order: string[] = [];
  const far = store.execute(app, unread(1)).then((outcome) => order.push(`unread ${outcome.refusal?.code}`));
  const other = { type: 'set_external', counts: [{ user: 'zoe', name: '', count: 1 }] } as const;
  await store.execute(app, other).then(() => order.push('other'));
  await store.execute(app, send(room)).then(() => order.push('message'));
  await far;
  expect(order).toEqual(['other', 'message', 'unread undefined']);
  expect(Math.max(...reads.map(({ messages }) => messages))).toBeLessThanOrEqual(1_000);
  const badge = await store.ask(app, { type: 'badge', user: 'ann', now: 3 });
  expect(badge?.unreadMessageCount).toBe(count + 1);
});

test('the operations of one request read a bounded number of messages back together, and the rest is refused', async () => {
  await sendMany(room, limits.markUnreadMessages);
  await store.execute(app, readAll);
  reads = [];
  const commands = Array.from({ length: 30 }, (_, n) => ({ command: unread(1 + (n % 2)) }));
  const outcomes = await store.executeAll(app, commands);
  const total = reads.reduce((sum, { messages }) => sum + messages, 0);
  expect(total).toBeLessThan(limits.lookBackMessagesPerRequest + limits.markUnreadMessages + 1_000);
  const refused = outcomes.map(({ refusal }) => refusal?.code);
  const done = refused.indexOf('invalid_operation');
  expect(done).toBeGreaterThanOrEqual(limits.lookBackMessagesPerRequest / limits.markUnreadMessages);
  expect(refused).toEqual([
    ...Array(done).fill(undefined),
    ...Array(commands.length - done).fill('invalid_operation'),
  ]);
  expect(await store.execute(app, unread(1))).toEqual({ value: null });
});

test('a list of chat badges reads of the log what it has not read before, and says the same', async () => {
  await store.execute(app, create('mentions'));
  await store.execute(app, send('mentions', ['ann'], 17));
  await sendMany('mentions', limits.chatBadgeMessages - 10);
  const level = { level: 'mentions', mutedUntil: null } as const;
  await store.execute(app, { type: 'set_notifications', user: 'ann', conversation: 'mentions', ...level });
  const list = () => store.ask(app, { type: 'chat_badges', user: 'ann', now: 3 });
  reads = [];
  const first = await list();
  expect(first).toMatchObject([{ unreadCount: 1, newestUnreadAt: 17 }]);
  expect(reads.reduce((sum, { messages }) => sum + messages, 0)).toBe(limits.chatBadgeMessages - 9);
  reads = [];
  expect(await list()).toEqual(first);
  await store.execute(app, send('mentions'));
  expect(await list()).toEqual(first);
  expect(reads).toEqual([]);
});
