/** Joining and leaving: what counts afterwards, and what a change of participants does to the conversation. */
import { expect, test } from 'vitest';
import { now, openScenario } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const property = 'participants';

export function participation(factory: StoreFactory): void {
  test('promise 1: who joins later starts at the head', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann']);
    await app.sendMany(chat, 'ann', 3);
    await app.join(chat, 'bob');
    expect(await app.unread('bob')).toBe(0);
    await app.send(chat, 'ann');
    expect(await app.unread('bob')).toBe(1);
  });

  test('promise 6: leaving drops the contribution at once; coming back starts afresh at the head', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const [first = ''] = await app.sendMany(chat, 'ann', 3);
    await app.level('bob', chat, 'mentions');
    await app.leave(chat, 'bob');
    expect(await app.unread('bob')).toBe(0);
    expect(await app.list('bob')).toEqual([]);
    expect(
      await app.store.ask(app.app, { type: 'user_conversation', user: 'bob', conversation: chat, now }),
    ).toBeUndefined();
    const receipt = { type: 'read_message', user: 'bob', message: first } as const;
    expect(await app.refusal(receipt)).toEqual({ code: 'not_found' });
    await app.send(chat, 'ann');
    await app.join(chat, 'bob');
    expect(await app.unread('bob')).toBe(0);
    await app.send(chat, 'ann');
    expect(await app.unread('bob')).toBe(1);
    await app.unreadFrom('bob', chat, 1);
    expect(await app.unread('bob')).toBe(1);
    const view = await app.store.ask(app.app, {
      type: 'user_conversation',
      user: 'bob',
      conversation: chat,
      now,
    });
    expect(view).toMatchObject({ level: 'all', mutedUntil: null });
  });

  test('adding who is there and removing who is not are no-ops', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob'], { distinct: true });
    await app.sendMany(chat, 'ann', 2);
    await app.join(chat, 'bob');
    await app.leave(chat, 'zoe');
    expect(await app.unread('bob')).toBe(2);
    expect(await app.isKnown('zoe')).toBe(false);
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: chat })).toMatchObject({
      distinct: true,
    });
  });

  test('leaving and coming back in one command is leaving and coming back', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob'], { distinct: true });
    await app.sendMany(chat, 'ann', 2);
    await app.change(
      chat,
      { operation: 'remove', property, user: 'bob' },
      { operation: 'add', property, user: 'bob' },
    );
    expect(await app.unread('bob')).toBe(0);
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: chat })).toMatchObject({
      distinct: false,
    });
    await app.send(chat, 'ann');
    expect(await app.unread('bob')).toBe(1);
  });

  test('coming and leaving in one command is not taking part, and makes no user known', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.change(
      chat,
      { operation: 'add', property, user: 'zoe' },
      { operation: 'remove', property, user: 'zoe' },
    );
    expect(await app.participants(chat)).toEqual(['ann', 'bob']);
    expect(await app.isKnown('zoe')).toBe(false);
  });

  test('of the users that a command names, those who take part in the end become known', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann']);
    await app.change(
      chat,
      { operation: 'set', property, users: ['one', 'two', 'three'] },
      { operation: 'set', property, users: ['four', 'three'] },
    );
    await app.send(chat, 'four');
    expect(await app.participants(chat)).toEqual(['four', 'three']);
    expect([await app.isKnown('one'), await app.isKnown('two')]).toEqual([false, false]);
    expect([await app.unread('three'), await app.unread('four')]).toEqual([1, 0]);
  });

  test('setting the participants leaves those who stay as they are', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    await app.sendMany(chat, 'ann', 2);
    await app.change(chat, { operation: 'set', property, users: ['zoe', 'bob', 'ann', 'zoe'] });
    expect(await app.participants(chat)).toEqual(['ann', 'bob', 'zoe']);
    expect([await app.unread('bob'), await app.unread('zoe'), await app.unread('cem')]).toEqual([2, 0, 0]);
  });

  test('setting the same participants keeps a conversation distinct, others do not', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob'], { distinct: true });
    await app.change(chat, { operation: 'set', property, users: ['bob', 'ann'] });
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: chat })).toMatchObject({
      distinct: true,
    });
    await app.change(chat, { operation: 'set', property, users: ['bob'] });
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: chat })).toMatchObject({
      distinct: false,
    });
  });

  test('everyone may leave, and somebody may come again', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.send(chat, 'ann');
    await app.change(chat, { operation: 'set', property, users: [] });
    expect(await app.participants(chat)).toEqual([]);
    await app.sendFrom(chat, 'system');
    await app.join(chat, 'bob');
    expect((await app.send(chat, 'bob')).recipientStatus).toEqual({ bob: 'read' });
    expect(await app.unread('bob')).toBe(0);
  });

  test('a repeated message names as recipients those who had joined before it', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const sent = await app.send(chat, 'ann');
    await app.read('bob', sent.id);
    await app.join(chat, 'cem');
    const again = await app.send(chat, 'ann', { id: sent.id });
    expect(again.recipientStatus).toEqual({ ann: 'read', bob: 'sent' });
  });

  test('a user is known through taking part, and stays known after leaving', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann']);
    expect(await app.isKnown('bob')).toBe(false);
    await app.join(chat, 'bob');
    await app.leave(chat, 'bob');
    expect(await app.isKnown('bob')).toBe(true);
  });
}
