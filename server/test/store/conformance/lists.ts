/** A user's conversations: their views, their order, and their pages. */
import { expect, test } from 'vitest';
import { now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function lists(factory: StoreFactory): void {
  test('a participant’s view shows the count and the newest message that is not deleted', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob'], { metadata: { title: 'Tea' }, at: 5 });
    const [first] = [await app.send(chat, 'ann', { at: 6 }), await app.send(chat, 'ann', { at: 7 })];
    const last = await app.sendFrom(chat, 'system', { at: 8 });
    const lastMessage = { id: last.id, position: 3, sender: { name: 'system' }, sentAt: 8, isUnread: true };
    const view = {
      id: chat,
      createdAt: 5,
      distinct: false,
      metadata: { title: 'Tea' },
      participants: ['ann', 'bob'],
      participantCount: 2,
      unreadMessageCount: 3,
      badgeCount: 3,
      level: 'all',
      mutedUntil: null,
      lastMessage,
    };
    const read = () =>
      app.store.ask(app.app, { type: 'user_conversation', user: 'bob', conversation: chat, now });
    expect(await read()).toEqual(view);
    await app.deleteMessage(last.id);
    await app.readAll('bob', chat, 2);
    expect((await read())?.lastMessage).toMatchObject({ position: 2, sentAt: 7, isUnread: false });
    await app.deleteMessage((await app.send(chat, 'bob')).id);
    await app.deleteMessage(first.id);
    expect((await read())?.lastMessage).toMatchObject({ position: 2, sender: { userId: 'ann' } });
  });

  test('the last message is one since the user joined, also a silent, own, or blocked one, then not unread', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann']);
    await app.send(chat, 'ann');
    await app.join(chat, 'bob');
    const last = async () =>
      (await app.store.ask(app.app, { type: 'user_conversation', user: 'bob', conversation: chat, now }))
        ?.lastMessage;
    expect(await last()).toBeNull();
    await app.send(chat, 'ann');
    expect(await last()).toMatchObject({ position: 2, isUnread: true });
    await app.send(chat, 'ann', { silent: true });
    expect(await last()).toMatchObject({ position: 3, isUnread: false });
    await app.send(chat, 'bob');
    expect(await last()).toMatchObject({ position: 4, isUnread: false });
    await app.block('bob', 'ann');
    const hidden = await app.send(chat, 'ann');
    expect(await last()).toMatchObject({ position: 5, isUnread: false });
    await app.deleteMessage(hidden.id);
    expect(await last()).toMatchObject({ position: 4 });
  });

  test('a view is of what exists and of those who take part', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann']);
    await app.external('zoe', 0);
    for (const [user, id] of [
      ['zoe', chat],
      ['nobody', chat],
      ['ann', uuid(99)],
    ] as const) {
      expect(
        await app.store.ask(app.app, { type: 'user_conversation', user, conversation: id, now }),
      ).toBeUndefined();
    }
    expect(await app.list('zoe')).toEqual([]);
    const query = { sortBy: 'created_at', limit: 100, unreadOnly: false } as const;
    expect(
      await app.store.ask(app.app, { type: 'user_conversations', user: 'nobody', ...query, now }),
    ).toBeUndefined();
  });

  test('created_at is the order of creation, newest first, whatever the clocks said', async () => {
    const app = await openScenario(factory);
    const made = [];
    for (const at of [now, 5, now, 7]) made.push(await app.conversation(['ann'], { at }));
    expect(await app.list('ann')).toEqual(made.toReversed());
  });

  test('last_message is by the last message sent, deleted or not; then by creation', async () => {
    const app = await openScenario(factory);
    const make = (at: number) => app.conversation(['ann', 'bob'], { at });
    const [a, b, c, d] = [await make(10), await make(20), await make(30), await make(20)];
    const order = () => app.list('ann', { sortBy: 'last_message' });
    expect(await order()).toEqual([c, d, b, a]);
    await app.send(a, 'bob', { at: 40 });
    const { id } = await app.send(b, 'bob', { at: 40 });
    expect(await order()).toEqual([b, a, c, d]);
    await app.send(a, 'bob', { at: 25 });
    expect(await order()).toEqual([b, c, a, d]);
    await app.deleteMessage(id);
    expect(await order()).toEqual([b, c, a, d]);
    const unread = (await app.explain('ann')).conversations.map((each) => each.id);
    expect(unread).toEqual([a]);
    await app.send(d, 'bob', { at: 25 });
    await app.send(b, 'bob', { at: 24 });
    expect((await app.explain('ann')).conversations.map((each) => each.id)).toEqual([d, a, b]);
  });

  test('a page starts after a conversation, and tells how many there are on all', async () => {
    const app = await openScenario(factory);
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift(await app.conversation(['ann']));
    const page = async (fromId?: string) => {
      const query = { sortBy: 'created_at', limit: 2, unreadOnly: false, ...(fromId && { fromId }) } as const;
      const found = await app.store.ask(app.app, { type: 'user_conversations', user: 'ann', ...query, now });
      return { total: found?.total, ids: found?.conversations.map((each) => each.id) };
    };
    expect(await page()).toEqual({ total: 5, ids: made.slice(0, 2) });
    expect(await page(made[1])).toEqual({ total: 5, ids: made.slice(2, 4) });
    expect(await page(made[3])).toEqual({ total: 5, ids: made.slice(4) });
    expect(await page(made[4])).toEqual({ total: 5, ids: [] });
    expect(await page(uuid(99))).toEqual({ total: 5, ids: [] });
  });

  test('only the unread are listed if so asked, muted ones too', async () => {
    const app = await openScenario(factory);
    const make = () => app.conversation(['ann', 'bob']);
    const [a, b, c, d] = [await make(), await make(), await make(), await make()];
    for (const chat of [a, b, d]) await app.send(chat, 'bob');
    await app.send(c, 'ann');
    await app.level('ann', a, 'none');
    expect(await app.list('ann', { unreadOnly: true })).toEqual([d, b, a]);
    const query = { sortBy: 'created_at', limit: 1, unreadOnly: true } as const;
    expect(
      await app.store.ask(app.app, { type: 'user_conversations', user: 'ann', ...query, now }),
    ).toMatchObject({ total: 3 });
  });

  test('a page of the unread starts after a conversation that was read meanwhile', async () => {
    const app = await openScenario(factory);
    const make = () => app.conversation(['ann', 'bob']);
    const [a, b, c] = [await make(), await make(), await make()];
    for (const chat of [a, b, c]) await app.send(chat, 'bob');
    await app.readAll('ann', b);
    expect(await app.list('ann', { unreadOnly: true, fromId: b })).toEqual([a]);
  });
}
