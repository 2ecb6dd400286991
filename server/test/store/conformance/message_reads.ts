/** Messages that are read later: pages of a conversation's, and single ones, for the app and for a participant. */
import { expect, test } from 'vitest';
import { openScenario, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function messageReads(factory: StoreFactory): void {
  test('pages are newest first, without deleted messages, and end where the participant joined', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann']);
    const [first] = [await app.send(chat, 'ann')];
    await app.join(chat, 'bob');
    const [, third = ''] = await app.sendMany(chat, 'ann', 4);
    await app.deleteMessage(third);
    expect(await positions(app, chat)).toEqual({ total: 4, found: [5, 4, 2, 1] });
    expect(await positions(app, chat, { participant: 'bob' })).toEqual({ total: 3, found: [5, 4, 2] });
    expect(await positions(app, chat, { limit: 2 })).toEqual({ total: 4, found: [5, 4] });
    expect(await positions(app, chat, { fromId: third })).toEqual({ total: 4, found: [2, 1] });
    expect(await positions(app, chat, { fromId: first.id })).toEqual({ total: 4, found: [] });
    expect(await positions(app, chat, { fromId: uuid(99) })).toEqual({ total: 4, found: [] });
    expect(await positions(app, chat, { participant: 'cem' })).toBeUndefined();
  });

  test('a message shows who has read it by now, and whether it is unread for the participant', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    await app.block('cem', 'ann');
    const { id, recipientStatus, ...sent } = await app.send(chat, 'ann');
    const read = (participant?: string) =>
      app.store.ask(app.app, {
        type: 'message',
        message: id,
        ...(participant !== undefined && { participant }),
      });
    const status = { ann: 'read', bob: 'sent', cem: 'sent' };
    expect(await read()).toEqual({ id, ...sent, recipientStatus: status, isUnread: null });
    expect([(await read('bob'))?.isUnread, (await read('cem'))?.isUnread]).toEqual([true, false]);
    await app.readAll('bob', chat);
    const after = { ...status, bob: 'read' };
    expect(await read('bob')).toEqual({ id, ...sent, recipientStatus: after, isUnread: false });
    await app.join(chat, 'dan');
    expect([await read('dan'), await read('nobody')]).toEqual([undefined, undefined]);
    await app.deleteMessage(id);
    expect(await read()).toBeUndefined();
  });

  test('of a deleted conversation no message is there, and only of it is known that it was deleted', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann']);
    const { id } = await app.send(chat, 'ann');
    const isDeleted = (conversation: string) => app.store.ask(app.app, { type: 'is_deleted', conversation });
    expect(await isDeleted(chat)).toBe(false);
    await app.do({ type: 'delete_conversation', conversation: chat });
    expect([await isDeleted(chat), await isDeleted(uuid(99))]).toEqual([true, false]);
    expect(await app.store.ask(app.app, { type: 'message', message: id })).toBeUndefined();
    expect(await positions(app, chat)).toBeUndefined();
  });
}

async function positions(
  app: Scenario,
  conversation: string,
  query: { participant?: string; fromId?: string; limit?: number } = {},
) {
  const page = await app.store.ask(app.app, { type: 'messages', conversation, limit: 100, ...query });
  return page && { total: page.total, found: page.messages.map((each) => each.position) };
}
