/** How much one append takes: no other request is served while it is decided. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import type { HostStore } from '../../src/store/host/store.js';
import { anApp, now } from './scenario.js';

const app = anApp();

async function openStore(): Promise<HostStore> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-appends-'));
  const store = await openEmbeddedStore({ directory, isDurable: false });
  onTestFinished(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  await store.apps.create(app);
  return store;
}

/** A clock on which each look takes so long, with the processor in use for `busyMs` of it. */
function slowClock(ms: number, busyMs = ms): void {
  let looks = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => {
    looks += 1;
    return looks * ms;
  });
  const cpu = vi
    .spyOn(process, 'cpuUsage')
    .mockImplementation(() => ({ user: looks * busyMs * 1_000, system: 0 }));
  onTestFinished(() => {
    now.mockRestore();
    cpu.mockRestore();
  });
}

const commands = Array.from({ length: 20 }, (_, count) => ({
  command: { type: 'set_external', counts: [{ user: `user ${count % 3}`, name: '', count }] } as const,
}));

test('commands that take long do not share an append: after 10 ms the others wait for the next one, in order', async () => {
  const store = await openStore();
  const before = store.figures.appends;
  slowClock(11);
  const outcomes = await store.executeAll(app.id, commands);
  expect(outcomes).toEqual(commands.map(() => ({ value: null })));
  expect(store.figures.appends - before).toBe(commands.length);
  const badges = await store.ask(app.id, { type: 'badges', users: ['user 0', 'user 1', 'user 2'], now });
  expect(badges.map((each) => each?.externalUnreadCount)).toEqual([18, 19, 17]);
});

test('commands that wait for the processor share an append all the same, for 50 ms at most', async () => {
  const store = await openStore();
  const before = store.figures.appends;
  slowClock(4, 0.1);
  await store.executeAll(app.id, commands);
  expect(store.figures.appends - before).toBe(2);
});

test('commands that take no time share one append', async () => {
  const store = await openStore();
  const before = store.figures.appends;
  slowClock(0);
  await store.executeAll(app.id, commands);
  expect(store.figures.appends - before).toBe(1);
});

test('a read of many badges has each user once, in the order of the request, also in slices', async () => {
  const store = await openStore();
  await store.executeAll(app.id, commands);
  slowClock(6);
  const users = ['user 2', 'unknown', 'user 0', 'user 2'];
  const badges = await store.ask(app.id, { type: 'badges', users, now });
  expect(badges.map((each) => each?.externalUnreadCount)).toEqual([17, undefined, 18, 17]);
});

test('the recipients of a push are found in slices, and a user who leaves meanwhile does no harm', async () => {
  const store = await openStore();
  const members = Array.from({ length: 300 }, (_, number) => `user ${number}`);
  const room = { type: 'create_conversation', id: 'room', distinct: false, metadata: null, at: now } as const;
  await store.execute(app.id, { ...room, participants: members });
  const settings = { devicesPerUser: 25, now };
  for (const user of members) {
    const target = { platform: 'fcm', token: user } as const;
    await store.push.register(app.id, { id: user, user, target }, settings);
  }
  slowClock(6);
  const finding = store.push.recipients(app.id, { kind: 'conversation', conversation: 'room' }, now);
  const leaving = store.execute(app.id, { type: 'delete_conversation', conversation: 'room' });
  const [found] = await Promise.all([finding, leaving]);
  expect(found.toSorted()).toEqual(members.toSorted());
  const after = await store.push.recipients(app.id, { kind: 'conversation', conversation: 'room' }, now);
  expect(after).toEqual([]);
});
