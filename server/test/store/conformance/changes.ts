/** What is told of changes: after the fact, of everybody whose badge changed, and of nobody else. */
import type { Command } from '@badged/core';
import { expect, test } from 'vitest';
import type { UserBadge } from '../../../src/store/port.js';
import { content, openPush } from '../push_scenario.js';
import { now, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const users = ['ann', 'bob', 'cem', 'dan', 'new'];

export function changes(factory: StoreFactory): void {
  listening(factory);
  audiences(factory);
  nothing(factory);
  alerts(factory);
}

function listening(factory: StoreFactory): void {
  test('promise 5: a change is told when it is there to be asked for', async () => {
    const push = await openPush(factory);
    const { store, app } = push.app;
    await push.app.external('bob', 0);
    const told = await push.listen();
    const seen: Promise<UserBadge | undefined>[] = [];
    const end = store.subscribe(() => void seen.push(store.ask(app, { type: 'badge', user: 'bob', now })));
    await push.app.external('bob', 5);
    await told.changes();
    end();
    const counts = (await Promise.all(seen)).map((each) => each?.externalUnreadCount);
    expect(counts.length).toBeGreaterThan(0);
    expect(new Set(counts)).toEqual(new Set([5]));
    await push.app.external('bob', 8);
    await told.changes();
    expect(seen).toHaveLength(counts.length);
  });

  test('changes of an app are emitted in order, each with its app', async () => {
    const push = await openPush(factory);
    const other = await push.anotherApp(2);
    for (const each of [push, other]) for (const user of ['ann', 'bob']) await each.app.external(user, 0);
    const told = await push.listen();
    await Promise.all([
      push.app.external('ann', 1),
      other.app.external('bob', 1),
      push.app.external('bob', 1),
      other.app.external('ann', 1),
    ]);
    const found = (await told.changes()).map((each) => [
      each.app === other.app.app ? 'other' : 'this',
      each.audience,
      each.hasAlert,
    ]);
    const of = (app: string, user: string) => [app, { kind: 'users', users: [user] }, false];
    const expected = [of('this', 'ann'), of('this', 'bob'), of('other', 'bob'), of('other', 'ann')];
    const inOrder = (app: string) => found.filter(([name]) => name === app);
    expect([...inOrder('this'), ...inOrder('other')]).toEqual(expected);
    expect(found).toHaveLength(4);
  });

  test('everybody who listens is told', async () => {
    const push = await openPush(factory);
    await push.app.external('bob', 0);
    const all = [await push.listen(), await push.listen()];
    await push.app.external('bob', 1);
    for (const each of all) expect(await each.users(users)).toEqual(['bob']);
  });
}

function audiences(factory: StoreFactory): void {
  test('promise 7: whatever changes a badge is told of those whose badge it is', async () => {
    const push = await openPush(factory);
    const { app } = push;
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    const gone = await app.conversation(['ann', 'cem', 'dan']);
    await app.send(gone, 'ann');
    const told = await push.listen();
    /** Whether somebody is told for whom it changes nothing, as the sender of a message, is left open. */
    const after = async (work: Promise<unknown>, open?: string) => {
      await work;
      return (await told.users(users)).filter((user) => user !== open);
    };
    expect(await after(app.send(chat, 'ann', { id: uuid(70) }), 'ann'), 'sent').toEqual(['bob', 'cem']);
    const system = app.sendFrom(chat, 'system', { id: uuid(71) });
    expect(await after(system), 'sent by the system').toEqual(['ann', 'bob', 'cem']);
    expect(await after(app.read('bob', uuid(70))), 'read').toEqual(['bob']);
    expect(await after(app.readAll('cem', chat)), 'all read').toEqual(['cem']);
    expect(await after(app.unreadFrom('cem', chat, 1)), 'unread').toEqual(['cem']);
    expect(await after(app.level('cem', chat, 'none')), 'level').toEqual(['cem']);
    expect(await after(app.level('cem', chat, 'all', now + 5)), 'muted').toEqual(['cem']);
    expect(await after(app.deleteMessage(uuid(71))), 'deleted').toEqual(['ann', 'bob', 'cem']);
    expect(await after(app.leave(chat, 'cem')), 'left').toEqual(['cem']);
    const deletion = app.do({ type: 'delete_conversation', conversation: gone });
    expect(await after(deletion, 'ann'), 'conversation deleted').toEqual(['cem', 'dan']);
    expect(await after(app.announce(['bob', 'dan'], uuid(80))), 'announced').toEqual(['bob', 'dan']);
    const receipt = app.do({ type: 'read_announcement', user: 'dan', announcement: uuid(80) });
    expect(await after(receipt), 'announcement read').toEqual(['dan']);
    expect(await after(app.announce('everyone'), 'new'), 'to everyone').toEqual(['ann', 'bob', 'cem', 'dan']);
    expect(await after(app.external('bob', 3)), 'external').toEqual(['bob']);
    expect(await after(app.external('bob', null)), 'external removed').toEqual(['bob']);
  });

  test('promise 7: who has a device before the app names them is told of when it does', async () => {
    const push = await openPush(factory);
    const told = await push.listen();
    await push.register('new', 'n');
    await push.app.external('new', 3);
    expect(await told.users(users)).toEqual(['new']);
    await push.app.announce(['bob', 'dan']);
    expect(await told.users(users)).toEqual(['bob', 'dan']);
  });

  test('settings that change tell of everyone; a name that changes tells of nobody', async () => {
    const push = await openPush(factory);
    const { apps } = push.app.store;
    const told = await push.listen();
    await apps.update(push.app.app, { settings: { mode: 'disabled' } });
    expect(await told.changes()).toEqual([
      { app: push.app.app, audience: { kind: 'everyone' }, hasAlert: false },
    ]);
    await apps.update(push.app.app, { name: 'other', jabberDomain: 'other.example' });
    expect(await told.changes()).toEqual([]);
  });
}

function nothing(factory: StoreFactory): void {
  test('promise 3: repeats, no-ops and refusals are not told', async () => {
    const push = await openPush(factory);
    const { app } = push;
    const chat = await life(app);
    const told = await push.listen();
    for (const command of idle(chat)) {
      await app.execute(command);
      expect(await told.changes(), JSON.stringify(command)).toEqual([]);
    }
  });

  test('what changes no badge is not told: a new conversation, a block, who joins, metadata', async () => {
    const push = await openPush(factory);
    const told = await push.listen();
    const chat = await push.app.conversation(['ann', 'bob', 'new']);
    await push.app.block('bob', 'ann');
    await push.app.join(chat, 'dan');
    await push.app.change(chat, { operation: 'set', property: 'metadata', path: ['a'], value: 1 });
    expect(await told.changes()).toEqual([]);
  });
}

function alerts(factory: StoreFactory): void {
  test('an alert in the outbox is told, once, and is there to be claimed', async () => {
    const push = await openPush(factory);
    const conversation = await push.app.conversation(['ann', 'bob']);
    const told = await push.listen();
    const hasAlert = async () => (await told.changes()).map((each) => each.hasAlert);
    const sent = { type: 'send_message', conversation, mentions: [], silent: false, at: now } as const;
    const command = { ...sent, sender: { userId: 'ann' }, identity: { id: uuid(70) } };
    await push.executeWith(content('1'), command);
    expect(await hasAlert()).toEqual([true]);
    await push.executeWith(content('1'), command);
    expect(await hasAlert()).toEqual([]);
    await push.app.send(conversation, 'ann');
    expect(await hasAlert()).toEqual([false]);
    await push.enqueue('2');
    expect(await hasAlert()).toEqual([true]);
    await push.enqueue('2');
    expect(await hasAlert()).toEqual([]);
    expect(await push.claimTexts()).toEqual(['1', '2']);
  });

  test('an alert is told also where nobody was known whom it is for', async () => {
    const push = await openPush(factory);
    await push.register('new', 'n');
    const told = await push.listen();
    await push.executeWith(content('1'), { type: 'announce', id: uuid(7), recipients: ['new'], at: now });
    expect((await told.changes()).map((each) => each.hasAlert)).toEqual([true]);
    expect(await push.depth()).toBe(1);
  });
}

async function life(app: Scenario): Promise<string> {
  const chat = await app.conversation(['ann', 'bob'], { id: uuid(60) });
  await app.send(chat, 'ann', { id: uuid(70) });
  await app.send(chat, 'ann', { id: uuid(71) });
  await app.deleteMessage(uuid(71));
  await app.read('bob', uuid(70));
  await app.level('bob', chat, 'mentions', now + 5);
  await app.announce(['bob'], uuid(80));
  await app.announce('everyone', uuid(81));
  for (const announcement of [uuid(80), uuid(81)])
    await app.do({ type: 'read_announcement', user: 'bob', announcement });
  await app.external('bob', 3);
  await app.conversation(['ann', 'bob'], { id: uuid(61) });
  await app.do({ type: 'delete_conversation', conversation: uuid(61) });
  return chat;
}

/** What changes nothing after that life. */
function idle(conversation: string): readonly Command[] {
  const sent = { type: 'send_message', conversation, mentions: [], silent: false, at: now } as const;
  const external = (count: number | null, name = '') =>
    ({ type: 'set_external', counts: [{ user: 'bob', name, count }] }) as const;
  return [
    { ...sent, sender: { userId: 'ann' }, identity: { id: uuid(70) } },
    { ...sent, sender: { userId: 'zoe' } },
    { type: 'read_message', user: 'bob', message: uuid(70) },
    { type: 'read_message', user: 'ann', message: uuid(70) },
    { type: 'deliver_message', user: 'bob', message: uuid(70) },
    { type: 'mark_all_read', user: 'bob', conversations: [{ conversation, position: 1 }] },
    { type: 'mark_all_read', user: 'bob', conversations: [{ conversation: uuid(99) }] },
    { type: 'delete_message', message: uuid(71) },
    {
      type: 'set_notifications',
      user: 'bob',
      conversation,
      level: 'mentions',
      mutedUntil: now + 5,
    },
    {
      type: 'change_conversation',
      conversation,
      operations: [{ operation: 'remove', property: 'participants', user: 'zoe' }],
    },
    { type: 'announce', id: uuid(80), recipients: ['bob'], at: now },
    { type: 'announce', id: uuid(81), recipients: 'everyone', at: now },
    { type: 'read_announcement', user: 'bob', announcement: uuid(80) },
    { type: 'read_announcement', user: 'bob', announcement: uuid(81) },
    { type: 'deliver_announcement', user: 'bob', announcement: uuid(81) },
    external(3),
    external(null, 'tasks'),
    external(-1),
    { type: 'delete_conversation', conversation: uuid(61) },
  ];
}
