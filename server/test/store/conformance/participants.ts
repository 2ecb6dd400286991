/** The participants of a conversation: in its view while they are few, and in pages. */
import { limits } from '@badged/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { now, openScenario, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function participants(factory: StoreFactory): void {
  test('a view has up to 100 participants; beyond, only their number', async () => {
    const app = await openScenario(factory);
    const users = Array.from({ length: limits.participantsInView }, (_, number) => `user ${number}`);
    const room = await app.conversation(users);
    const views = async () => [
      await app.store.ask(app.app, { type: 'conversation', conversation: room }),
      await app.store.ask(app.app, { type: 'user_conversation', user: 'user 1', conversation: room, now }),
    ];
    const shown = { participantCount: users.length, participants: users };
    for (const view of await views()) expect(view).toMatchObject(shown);
    await app.join(room, 'one more');
    for (const view of await views())
      expect(view).toMatchObject({ participantCount: users.length + 1, participants: null });
    await app.leave(room, 'user 1');
    expect((await views())[0]).toMatchObject({ participantCount: users.length });
  });

  test('a view has those first who joined before a message, then those whom the app named first', async () => {
    const app = await openScenario(factory);
    await app.conversation(['zoe', 'bob', 'ann']);
    const room = await app.conversation(['cem', 'bob', 'zoe']);
    await app.send(room, 'bob');
    await app.join(room, 'ann');
    const view = await app.store.ask(app.app, { type: 'conversation', conversation: room });
    expect(view?.participants).toEqual(['zoe', 'bob', 'cem', 'ann']);
  });

  test('the pages have every participant once, in the order in which the app first named them', async () => {
    const app = await openScenario(factory);
    const known = Array.from({ length: 30 }, (_, number) => `user ${number}`);
    await app.conversation(known);
    const members = fc.uniqueArray(fc.constantFrom(...known), { minLength: 1 });
    const rooms = fc.tuple(members, members, fc.integer({ min: 1, max: 31 }));
    await fc.assert(
      fc.asyncProperty(rooms, fc.context(), async ([first, then, limit], log) => {
        const room = await app.conversation(first);
        await app.change(room, { operation: 'set', property: 'participants', users: then });
        const pages = await pagesOf(app, room, limit);
        log.log(JSON.stringify(pages));
        expect(pages.flat()).toEqual(known.filter((user) => then.includes(user)));
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
      }),
      { numRuns: 30 },
    );
  });

  test('a page continues after a user who left, and is empty after one whom the app never named', async () => {
    const app = await openScenario(factory);
    const room = await app.conversation(['ann', 'bob', 'cem', 'dan']);
    await app.leave(room, 'bob');
    const page = (fromId: string) =>
      app.store.ask(app.app, { type: 'participants', conversation: room, fromId, limit: 10 });
    expect(await page('bob')).toEqual({ total: 3, participants: ['cem', 'dan'] });
    expect(await page('zoe')).toEqual({ total: 3, participants: [] });
  });

  test('there are none of a conversation that does not exist, or that the user takes no part in', async () => {
    const app = await openScenario(factory);
    const room = await app.conversation(['ann', 'bob']);
    const query = { type: 'participants', conversation: room, limit: 10 } as const;
    const all = { total: 2, participants: ['ann', 'bob'] };
    expect(await app.store.ask(app.app, { ...query, participant: 'ann' })).toEqual(all);
    expect(await app.store.ask(app.app, { ...query, participant: 'zoe' })).toBeUndefined();
    expect(await app.store.ask(app.app, { ...query, conversation: uuid(99) })).toBeUndefined();
    expect(await app.store.ask(uuid(98), query)).toBeUndefined();
    await app.leave(room, 'ann');
    expect(await app.store.ask(app.app, { ...query, participant: 'ann' })).toBeUndefined();
    await app.do({ type: 'delete_conversation', conversation: room });
    expect(await app.store.ask(app.app, query)).toBeUndefined();
  });

  test('promise 6: a large conversation that is deleted is gone from every count and list at once', async () => {
    const app = await openScenario(factory);
    const users = Array.from({ length: limits.usersPerRequest }, (_, number) => `user ${number}`);
    const room = await app.conversation(users);
    const other = await app.conversation(users.slice(0, 3));
    await app.send(room, 'user 0');
    await app.send(other, 'user 0');
    await app.do({ type: 'delete_conversation', conversation: room });
    for (const user of ['user 1', 'user 2']) {
      expect(await app.unread(user)).toBe(1);
      expect(await app.list(user)).toEqual([other]);
    }
    expect(await app.unread(`user ${users.length - 1}`)).toBe(0);
    await app.leave(other, 'user 1');
    await app.conversation(users.slice(0, 3), { id: uuid(66) });
    await app.send(uuid(66), 'user 0');
    expect([await app.unread('user 1'), await app.unread('user 2')]).toEqual([1, 2]);
  });
}

async function pagesOf(app: Scenario, conversation: string, limit: number): Promise<(readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  for (let fromId: string | undefined; ; ) {
    const query = {
      type: 'participants',
      conversation,
      limit,
      ...(fromId !== undefined && { fromId }),
    } as const;
    const page = await app.store.ask(app.app, query);
    if (page === undefined || page.participants.length === 0) return pages;
    pages.push(page.participants);
    fromId = page.participants.at(-1);
  }
}
