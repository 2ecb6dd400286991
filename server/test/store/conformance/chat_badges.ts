/** Chat badges: the counted messages by whom they came from. */
import type { ChatEntity } from '@badged/core';
import { expect, test } from 'vitest';
import { now, openScenario, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const person = (user: string): ChatEntity => ({ type: 'person', user });
const room = (conversation: string): ChatEntity => ({ type: 'group', conversation });

async function badges(app: Scenario, user: string, at = now) {
  const listed = await app.store.ask(app.app, { type: 'chat_badges', user, now: at });
  const total = listed.reduce((sum, { unreadCount }) => sum + unreadCount, 0);
  expect(total, 'promise 2: the badge is the sum over exactly the list').toBe(
    (await app.store.ask(app.app, { type: 'badge', user, now: at }))?.unreadMessageCount ?? 0,
  );
  return listed.map(({ entity, unreadCount, newestUnreadAt }) => [entity, unreadCount, newestUnreadAt]);
}

export function chatBadges(factory: StoreFactory): void {
  test('where two take part it is the other person, with all such conversations together', async () => {
    const app = await openScenario(factory);
    const [one, two] = [await app.conversation(['ann', 'bob']), await app.conversation(['bob', 'ann'])];
    await app.send(one, 'bob', { at: 10 });
    await app.send(two, 'bob', { at: 30 });
    await app.send(one, 'bob', { at: 20 });
    expect(await badges(app, 'ann')).toEqual([[person('bob'), 3, 30]]);
    expect(await badges(app, 'bob')).toEqual([]);
    await app.readAll('ann', two);
    expect(await badges(app, 'ann')).toEqual([[person('bob'), 2, 20]]);
    const ids = await app.store.ask(app.app, {
      type: 'conversations_with',
      user: 'ann',
      entity: person('bob'),
    });
    expect([...ids].sort()).toEqual([one, two].sort());
  });

  test('with any other number it is the room, also alone; and it changes as people come and go', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    await app.send(chat, 'bob', { at: 10 });
    expect(await badges(app, 'ann')).toEqual([[room(chat), 1, 10]]);
    await app.leave(chat, 'bob');
    expect(await badges(app, 'ann')).toEqual([[person('cem'), 1, 10]]);
    expect(
      await app.store.ask(app.app, { type: 'conversations_with', user: 'ann', entity: room(chat) }),
    ).toEqual([chat]);
    await app.leave(chat, 'cem');
    expect(await badges(app, 'ann')).toEqual([[room(chat), 1, 10]]);
    expect(
      await app.store.ask(app.app, { type: 'conversations_with', user: 'ann', entity: person('cem') }),
    ).toEqual([]);
  });

  test('newest message first; at the same time in one order', async () => {
    const app = await openScenario(factory);
    for (const [user, at] of [
      ['zoe', 5],
      ['bob', 5],
      ['cem', 9],
      ['eve', 1],
    ] as const) {
      await app.send(await app.conversation(['ann', user]), user, { at });
    }
    const order = (await badges(app, 'ann')).map(([entity]) => entity);
    expect(order).toEqual([person('cem'), person('bob'), person('zoe'), person('eve')]);
  });

  test('the time is that of the newest counted message, whatever was read, deleted or sent above it', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    for (const at of [10, 20, 30]) await app.send(chat, 'bob', { at });
    await app.send(chat, 'ann', { at: 40 });
    await app.send(chat, 'bob', { at: 50, silent: true });
    const last = await app.send(chat, 'bob', { at: 60 });
    await app.send(chat, 'ann', { at: 70 });
    expect(await badges(app, 'ann')).toEqual([[person('bob'), 4, 60]]);
    await app.deleteMessage(last.id);
    expect(await badges(app, 'ann')).toEqual([[person('bob'), 3, 30]]);
    await app.readAll('ann', chat, 1);
    expect(await badges(app, 'ann')).toEqual([[person('bob'), 2, 30]]);
  });

  test('what the badge does not count is not in the list: muted, and with mentions the others', async () => {
    const app = await openScenario(factory);
    const [muted, mentions] = [
      await app.conversation(['ann', 'bob']),
      await app.conversation(['ann', 'cem', 'dan']),
    ];
    await app.send(muted, 'bob');
    await app.level('ann', muted, 'all', now + 1_000);
    await app.level('ann', mentions, 'mentions');
    await app.send(mentions, 'cem', { at: 10, mentions: ['ann'] });
    await app.send(mentions, 'dan', { at: 20 });
    expect(await badges(app, 'ann')).toEqual([[room(mentions), 1, 10]]);
    expect((await badges(app, 'ann', now + 1_000)).length).toBe(2);
    expect(
      await app.store.ask(app.app, { type: 'conversations_with', user: 'ann', entity: person('bob') }),
    ).toEqual([muted]);
  });

  test('nobody, and what is no entity of the user', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['bob', 'cem']);
    await app.external('ann', 3);
    expect(await badges(app, 'ann')).toEqual([]);
    expect(await badges(app, 'nobody')).toEqual([]);
    for (const entity of [person('bob'), person('ann'), person('nobody'), room(chat), room(uuid(99))]) {
      expect(await app.store.ask(app.app, { type: 'conversations_with', user: 'ann', entity })).toEqual([]);
      expect(await app.store.ask(app.app, { type: 'conversations_with', user: 'nobody', entity })).toEqual(
        [],
      );
    }
  });

  test('promise 8: only of this app', async () => {
    const here = await openScenario(factory);
    const there = await here.anotherApp(2);
    const id = uuid(77);
    for (const app of [here, there]) await app.conversation(['ann', 'bob'], { id });
    await there.send(id, 'bob', { at: 10 });
    expect(await badges(here, 'ann')).toEqual([]);
    expect(await badges(there, 'ann')).toEqual([[person('bob'), 1, 10]]);
    await here.do({ type: 'delete_conversation', conversation: id });
    expect(
      await here.store.ask(here.app, { type: 'conversations_with', user: 'ann', entity: person('bob') }),
    ).toEqual([]);
    expect(
      await there.store.ask(there.app, { type: 'conversations_with', user: 'ann', entity: person('bob') }),
    ).toEqual([id]);
  });
}
