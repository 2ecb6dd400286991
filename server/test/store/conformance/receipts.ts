/** Promises 3 and 4: receipts in any order, as often as they come, and marking all read or unread. */
import { expect, test } from 'vitest';
import { openScenario, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

async function withMessages(factory: StoreFactory, count: number) {
  const app = await openScenario(factory);
  const chat = await app.conversation(['ann', 'bob']);
  return { app, chat, ids: await app.sendMany(chat, 'ann', count) };
}

export function receipts(factory: StoreFactory): void {
  test('promise 4: receipts may arrive in any order; the result is the same', async () => {
    const { app, ids } = await withMessages(factory, 9);
    const left = [];
    for (const index of [4, 8, 0, 5, 3, 7, 1, 6, 2]) {
      await app.read('bob', ids[index] ?? '');
      left.push(await app.unread('bob'));
    }
    expect(left).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  test('promise 3: applying a receipt twice changes nothing', async () => {
    const { app, ids } = await withMessages(factory, 3);
    await app.read('bob', ids[1] ?? '', ids[1] ?? '');
    expect(await app.unread('bob')).toBe(2);
    await app.read('bob', ids[0] ?? '', ids[1] ?? '', ids[0] ?? '');
    expect(await app.unread('bob')).toBe(1);
  });

  test('promise 3: a receipt for something unknown is refused whole', async () => {
    const { app, ids } = await withMessages(factory, 2);
    await app.conversation(['ann', 'zoe']);
    for (const type of ['read_message', 'deliver_message'] as const) {
      for (const [user, message] of [
        ['bob', uuid(99)],
        ['zoe', ids[0] ?? ''],
        ['nobody', ids[0] ?? ''],
      ] as const) {
        expect(await app.refusal({ type, user, message })).toEqual({ code: 'not_found' });
      }
    }
    expect(await app.unread('bob')).toBe(2);
    expect(await app.isKnown('nobody')).toBe(false);
  });

  test('promise 3: an id that resembles one of a message is not a message', async () => {
    const { app, chat, ids } = await withMessages(factory, 2);
    const chosen = await app.send(chat, 'ann', { id: uuid(77) });
    const [last] = await app.sendMany(chat, 'ann', 1);
    const known = new Set([...ids, chosen.id, last]);
    const forged = [...known].flatMap((id) => neighbours(id ?? '')).filter((id) => !known.has(id));
    const outcomes = forged.map((message) => app.execute({ type: 'read_message', user: 'bob', message }));
    const codes = (await Promise.all(outcomes)).map((each) => each.refusal?.code);
    expect(new Set(codes)).toEqual(new Set(['not_found']));
    expect(await app.unread('bob')).toBe(4);
  });

  test('a delivery receipt changes no count', async () => {
    const { app, ids } = await withMessages(factory, 1);
    await app.do({ type: 'deliver_message', user: 'bob', message: ids[0] ?? '' });
    expect(await app.unread('bob')).toBe(1);
  });

  test('reading what is deleted, was sent before one joined, or is one’s own changes nothing', async () => {
    const { app, chat, ids } = await withMessages(factory, 3);
    await app.join(chat, 'cem');
    await app.sendMany(chat, 'ann', 2);
    const own = await app.send(chat, 'cem');
    await app.read('cem', ids[0] ?? '', own.id);
    expect(await app.unread('cem')).toBe(2);
    await app.deleteMessage(ids[1] ?? '');
    await app.read('bob', ids[1] ?? '');
    expect(await app.unread('bob')).toBe(5);
  });

  test('a receipt for a message of a deleted conversation is not_found', async () => {
    const { app, chat, ids } = await withMessages(factory, 1);
    await app.do({ type: 'delete_conversation', conversation: chat });
    for (const type of ['read_message', 'deliver_message'] as const) {
      const refusal = await app.refusal({ type, user: 'bob', message: ids[0] ?? '' });
      expect(refusal).toEqual({ code: 'not_found' });
    }
  });

  test('promise 4: read one by one and all at once, in either order, is the same', async () => {
    const { app, chat, ids } = await withMessages(factory, 6);
    await app.read('bob', ids[4] ?? '');
    await app.readAll('bob', chat, 3);
    expect(await app.unread('bob')).toBe(2);
    await app.readAll('bob', chat, 1);
    expect(await app.unread('bob')).toBe(2);
    await app.readAll('bob', chat);
    expect(await app.unread('bob')).toBe(0);
    await app.send(chat, 'ann');
    expect(await app.unread('bob')).toBe(1);
  });

  test('mark all read reads several conversations in one step, each up to its position', async () => {
    const { app, chat } = await withMessages(factory, 3);
    const other = await app.conversation(['ann', 'bob']);
    await app.sendMany(other, 'ann', 2);
    const conversations = [{ conversation: chat, position: 2 }, { conversation: other }];
    await app.do({ type: 'mark_all_read', user: 'bob', conversations });
    expect(await unreadIn(app, 'bob')).toEqual({ [chat]: 1 });
  });

  test('promise 3: if one of the conversations is not there, none is read', async () => {
    const { app, chat } = await withMessages(factory, 3);
    const foreign = await app.conversation(['ann', 'zoe']);
    const gone = await app.conversation(['ann', 'bob']);
    await app.do({ type: 'delete_conversation', conversation: gone });
    for (const conversation of [foreign, gone, uuid(99)]) {
      const conversations = [{ conversation: chat }, { conversation }];
      const refusal = await app.refusal({ type: 'mark_all_read', user: 'bob', conversations });
      expect(refusal).toEqual({ code: 'not_found' });
    }
    expect(await app.unread('bob')).toBe(3);
  });

  test('a position is 0 … head to be read, 1 … head to be unread', async () => {
    const { app, chat: conversation } = await withMessages(factory, 3);
    const invalid = { code: 'invalid_property', property: 'position' };
    for (const position of [-1, 4]) {
      const command = {
        type: 'mark_all_read',
        user: 'bob',
        conversations: [{ conversation, position }],
      } as const;
      expect(await app.refusal(command)).toEqual(invalid);
    }
    for (const position of [0, -1, 4]) {
      const command = { type: 'mark_unread', user: 'bob', conversation, position } as const;
      expect(await app.refusal(command)).toEqual(invalid);
    }
    await app.readAll('bob', conversation, 0);
    expect(await app.unread('bob')).toBe(3);
    await app.readAll('bob', conversation, 3);
    await app.unreadFrom('bob', conversation, 3);
    expect(await app.unread('bob')).toBe(1);
  });

  test('marking unread makes the messages from the position upwards count again', async () => {
    const { app, chat, ids } = await withMessages(factory, 6);
    await app.readAll('bob', chat);
    await app.unreadFrom('bob', chat, 4);
    expect(await app.unread('bob')).toBe(3);
    await app.read('bob', ids[4] ?? '');
    await app.unreadFrom('bob', chat, 6);
    expect(await app.unread('bob')).toBe(2);
    await app.unreadFrom('bob', chat, 1);
    expect(await app.unread('bob')).toBe(6);
  });

  test('what is one’s own, blocked then, deleted, silent or from before joining stays uncounted', async () => {
    const { app, chat } = await withMessages(factory, 2);
    await app.join(chat, 'cem');
    await app.send(chat, 'cem');
    await app.send(chat, 'ann', { silent: true });
    await app.block('cem', 'bob');
    await app.send(chat, 'bob');
    await app.unblock('cem', 'bob');
    await app.send(chat, 'bob');
    await app.deleteMessage((await app.send(chat, 'ann')).id);
    await app.send(chat, 'ann');
    await app.readAll('cem', chat);
    await app.unreadFrom('cem', chat, 1);
    expect(await app.unread('cem')).toBe(2);
    await app.unreadFrom('cem', chat, 7);
    expect(await app.unread('cem')).toBe(2);
  });

  test('mark_unread reaches back 10,000 messages and no further', async () => {
    const { app, chat } = await withMessages(factory, 1);
    const message = {
      conversation: chat,
      sender: { userId: 'ann' },
      mentions: [],
      silent: false,
      at: 1,
    } as const;
    const send = () => app.store.execute<'send_message'>(app.app, { type: 'send_message', ...message });
    await Promise.all(Array.from({ length: 10_000 }, send));
    await app.readAll('bob', chat);
    const back = { type: 'mark_unread', user: 'bob', conversation: chat } as const;
    expect(await app.refusal({ ...back, position: 1 })).toEqual({
      code: 'invalid_property',
      property: 'position',
    });
    await app.unreadFrom('bob', chat, 2);
    expect(await app.unread('bob')).toBe(10_000);
  });

  test('mark_unread is not_found where the conversation is not there for the user', async () => {
    const { app, chat: conversation } = await withMessages(factory, 1);
    const command = { type: 'mark_unread', user: 'zoe', conversation, position: 1 } as const;
    expect(await app.refusal(command)).toEqual({ code: 'not_found' });
    expect(await app.refusal({ ...command, conversation: uuid(99) })).toEqual({ code: 'not_found' });
  });
}

/** The ids that differ from this one in a single digit. */
function neighbours(id: string): string[] {
  return [...id].flatMap((digit, index) => {
    const others = digit === '-' ? [] : [...'0123456789abcdef'].filter((each) => each !== digit);
    return others.map((other) => id.slice(0, index) + other + id.slice(index + 1));
  });
}

async function unreadIn(app: Scenario, user: string): Promise<Record<string, number>> {
  const { conversations } = await app.explain(user);
  return Object.fromEntries(conversations.map((each) => [each.id, each.unreadMessageCount]));
}
