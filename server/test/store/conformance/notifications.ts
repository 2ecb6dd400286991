/** Notification levels and muting: what the badge makes of what is unread. */
import { expect, test } from 'vitest';
import { now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function notifications(factory: StoreFactory): void {
  test('promise 2: the badge sums what each conversation contributes: all, mentions, or nothing', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.sendMany(chat, 'ann', 3);
    await app.send(chat, 'ann', { mentions: ['bob'] });
    const counts = [];
    for (const level of ['all', 'mentions', 'none'] as const) {
      await app.level('bob', chat, level);
      const view = await app.store.ask(app.app, {
        type: 'user_conversation',
        user: 'bob',
        conversation: chat,
        now,
      });
      const { unreadMessageCount, unreadConversationCount } = await app.badge('bob');
      counts.push([view?.level, view?.unreadMessageCount, view?.badgeCount, unreadMessageCount]);
      expect(unreadConversationCount).toBe(unreadMessageCount > 0 ? 1 : 0);
    }
    expect(counts).toEqual([
      ['all', 4, 4, 4],
      ['mentions', 4, 1, 1],
      ['none', 4, 0, 0],
    ]);
  });

  test('a mention counts until it is read, and again when marked unread', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    await app.level('bob', chat, 'mentions');
    const { id } = await app.send(chat, 'ann', { mentions: ['bob', 'cem', 'bob'] });
    await app.send(chat, 'ann', { mentions: ['cem'] });
    expect(await app.unread('bob')).toBe(1);
    await app.read('bob', id);
    expect(await app.unread('bob')).toBe(0);
    await app.unreadFrom('bob', chat, 1);
    expect(await app.unread('bob')).toBe(1);
    await app.readAll('bob', chat);
    await app.unreadFrom('bob', chat, 2);
    expect(await app.unread('bob')).toBe(0);
  });

  test('a mention in a deleted, silent or own message, or by somebody blocked, does not count', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.level('bob', chat, 'mentions');
    const { id } = await app.send(chat, 'ann', { mentions: ['bob'] });
    await app.send(chat, 'ann', { mentions: ['bob'], silent: true });
    await app.send(chat, 'bob', { mentions: ['bob'] });
    await app.block('bob', 'ann');
    await app.send(chat, 'ann', { mentions: ['bob'] });
    expect(await app.unread('bob')).toBe(1);
    await app.deleteMessage(id);
    expect(await app.unread('bob')).toBe(0);
    await app.unreadFrom('bob', chat, 1);
    expect(await app.unread('bob')).toBe(0);
  });

  test('mentions of before coming back do not count', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.send(chat, 'ann', { mentions: ['bob'] });
    await app.leave(chat, 'bob');
    await app.join(chat, 'bob');
    await app.level('bob', chat, 'mentions');
    expect(await app.unread('bob')).toBe(0);
    await app.unreadFrom('bob', chat, 1);
    expect(await app.unread('bob')).toBe(0);
  });

  test('a muted conversation counts for nothing until its time has come, but is listed with its count', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.sendMany(chat, 'ann', 2);
    await app.level('bob', chat, 'all', now);
    const seen = [];
    for (const at of [now - 1, now, now + 1]) {
      const view = await app.store.ask(app.app, {
        type: 'user_conversation',
        user: 'bob',
        conversation: chat,
        now: at,
      });
      const { unreadMessageCount, unreadConversationCount } = await app.badge('bob', at);
      const [item] = (await app.explain('bob', at)).conversations;
      expect(item).toMatchObject({ unreadMessageCount: 2, badgeCount: view?.badgeCount });
      expect([view?.unreadMessageCount, view?.level, item?.mutedUntil]).toEqual([2, 'all', view?.mutedUntil]);
      seen.push([view?.mutedUntil, view?.badgeCount, unreadMessageCount, unreadConversationCount]);
    }
    expect(seen).toEqual([
      [now, 0, 0, 0],
      [null, 2, 2, 1],
      [null, 2, 2, 1],
    ]);
  });

  test('unmuting counts what arrived meanwhile', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.level('bob', chat, 'mentions', now + 1_000);
    await app.send(chat, 'ann', { mentions: ['bob'] });
    await app.send(chat, 'ann');
    expect(await app.unread('bob')).toBe(0);
    await app.level('bob', chat, 'mentions', null);
    expect(await app.unread('bob')).toBe(1);
    await app.level('bob', chat, 'all', null);
    expect(await app.unread('bob')).toBe(2);
  });

  test('the level is the participant’s own', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    await app.level('bob', chat, 'none');
    await app.send(chat, 'ann');
    expect([await app.unread('bob'), await app.unread('cem')]).toEqual([0, 1]);
  });

  test('a level is not_found where the conversation is not there for the user', async () => {
    const app = await openScenario(factory);
    const [chat, gone] = [await app.conversation(['ann']), await app.conversation(['ann', 'bob'])];
    await app.do({ type: 'delete_conversation', conversation: gone });
    for (const conversation of [chat, gone, uuid(99)]) {
      const levels = { level: 'all', mutedUntil: null } as const;
      const refusal = await app.refusal({ type: 'set_notifications', user: 'bob', conversation, ...levels });
      expect(refusal).toEqual({ code: 'not_found' });
    }
  });
}
