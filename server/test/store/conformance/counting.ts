/** Promises 1, 2 and 10: what is counted, and that every number can be itemised. */
import { badge } from '@badged/core';
import { expect, test } from 'vitest';
import { openScenario } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function counting(factory: StoreFactory): void {
  test('promise 1: unread is what others sent and one has not read; sending reads nothing', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    await app.sendMany(chat, 'ann', 2);
    await app.send(chat, 'bob');
    expect([await app.unread('ann'), await app.unread('bob'), await app.unread('cem')]).toEqual([1, 2, 3]);
  });

  test('promise 1: there is no cap', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.sendMany(chat, 'ann', 1_200);
    expect(await app.unread('bob')).toBe(1_200);
  });

  test('promise 1: a message from a named system sender counts for everybody, also for one of that name', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.sendFrom(chat, 'ann');
    expect([await app.unread('ann'), await app.unread('bob')]).toEqual([1, 1]);
  });

  test('promise 1: a silent message counts for nobody', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.send(chat, 'ann', { silent: true });
    expect(await app.unread('bob')).toBe(0);
    expect((await app.explain('bob')).conversations).toEqual([]);
  });

  test('promise 1: a deleted message does not count, whether it was read or not', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const [one = '', two = '', three = ''] = await app.sendMany(chat, 'ann', 3);
    await app.read('bob', two);
    await app.deleteMessage(one);
    await app.deleteMessage(two);
    expect(await app.unread('bob')).toBe(1);
    await app.deleteMessage(three);
    expect(await app.unread('bob')).toBe(0);
  });

  test('promise 2: each mode makes its badge of the same counts, and disabled is not 0', async () => {
    const app = await openScenario(factory);
    const [one, two] = [await app.conversation(['ann', 'bob']), await app.conversation(['ann', 'bob'])];
    await app.sendMany(one, 'ann', 3);
    await app.send(two, 'ann');
    await app.external('bob', 10);
    await app.announce(['bob']);
    const badges = async (includeAnnouncements: boolean) => {
      const found: (number | null)[] = [];
      for (const mode of ['unread_messages', 'unread_conversations', 'external', 'disabled'] as const) {
        await app.store.apps.update(app.app, { settings: { mode, includeAnnouncements } });
        const counts = await app.badge('bob');
        expect(counts.settings).toEqual({ mode, includeAnnouncements });
        found.push(badge(counts, counts.settings));
      }
      return found;
    };
    expect(await badges(true)).toEqual([15, 13, 11, null]);
    expect(await badges(false)).toEqual([14, 12, 10, null]);
  });

  test('promise 2: a user with nothing unread has counts of 0, an unknown user has none', async () => {
    const app = await openScenario(factory);
    await app.conversation(['ann']);
    expect(await app.badge('ann')).toEqual({
      externalUnreadCount: 0,
      unreadConversationCount: 0,
      unreadMessageCount: 0,
      unreadAnnouncementCount: 0,
      settings: { mode: 'unread_messages', includeAnnouncements: true },
      external: {},
    });
    expect(await app.store.ask(app.app, { type: 'badge', user: 'zoe', now: 0 })).toBeUndefined();
    expect(await app.store.ask(app.app, { type: 'explanation', user: 'zoe', now: 0 })).toBeUndefined();
  });

  test('several badges are answered in the order asked, unknown users in their places', async () => {
    const app = await openScenario(factory);
    await app.sendMany(await app.conversation(['ann', 'bob']), 'ann', 2);
    const badges = await app.store.ask(app.app, {
      type: 'badges',
      users: ['zoe', 'bob', 'ann', 'bob'],
      now: 0,
    });
    expect(badges.map((each) => each?.unreadMessageCount)).toEqual([undefined, 2, 0, 2]);
  });

  test('promise 10: explain itemises the badge, and the items sum to it', async () => {
    const app = await openScenario(factory);
    const quiet = await app.conversation(['ann', 'bob']);
    const loud = await app.conversation(['ann', 'bob']);
    await app.sendMany(quiet, 'ann', 2);
    const [, second = ''] = await app.sendMany(loud, 'ann', 4);
    await app.level('bob', quiet, 'none');
    await app.read('bob', second);
    const [first, last] = [await app.announce(['bob']), await app.announce('everyone')];
    await app.external('bob', 4, 'tasks');
    const { badge, conversations, announcements } = await app.explain('bob');
    expect(badge).toEqual(await app.badge('bob'));
    expect(conversations.map((each) => each.id).sort()).toEqual([quiet, loud].sort());
    expect(conversations.map((each) => each.unreadMessageCount).sort()).toEqual([2, 3]);
    expect(conversations.reduce((sum, each) => sum + each.badgeCount, 0)).toBe(badge.unreadMessageCount);
    expect(announcements).toEqual([first, last]);
    expect(badge.unreadAnnouncementCount).toBe(2);
    expect(badge.external).toEqual({ tasks: 4 });
  });

  test('promise 10: explain shows the cursor, what was acknowledged beyond it, and what counts for nobody', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.sendMany(chat, 'ann', 2);
    await app.join(chat, 'cem');
    const [three = '', , five = '', six = '', , , nine = ''] = await app.sendMany(chat, 'ann', 7);
    await app.send(chat, 'cem');
    await app.send(chat, 'ann', { silent: true });
    await app.read('cem', six, three, five);
    await app.deleteMessage(nine);
    expect((await app.explain('cem')).conversations).toEqual([
      {
        id: chat,
        head: 11,
        joined: 2,
        cursor: 3,
        acknowledged: [5, 6, 10, 10],
        acknowledgedCount: 3,
        uncounted: 2,
        unreadMessageCount: 3,
        badgeCount: 3,
        level: 'all',
        mutedUntil: null,
      },
    ]);
  });

  test('promise 10: in explain, head − cursor − acknowledged − uncounted is what is unread', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const [, two = '', three = ''] = await app.sendMany(chat, 'ann', 4);
    await app.send(chat, 'bob', { silent: true });
    await app.read('bob', two, three);
    await app.deleteMessage(two);
    const [item] = (await app.explain('bob')).conversations;
    expect(item).toMatchObject({ head: 5, cursor: 0, acknowledged: [2, 3, 5, 5], uncounted: 0 });
    expect(item?.unreadMessageCount).toBe(2);
  });
}
