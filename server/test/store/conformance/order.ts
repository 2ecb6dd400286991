/** What is sent without waiting in between, and what happens at the end. */
import type { Command } from '@badged/core';
import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/store/port.js';
import { anApp, now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function order(factory: StoreFactory): void {
  test('commands issued without waiting take effect in that order', async () => {
    const app = await openScenario(factory);
    const conversation = uuid(77);
    const send = { type: 'send_message', conversation, mentions: [], silent: false, at: now } as const;
    const commands: Command[] = [
      {
        type: 'create_conversation',
        id: conversation,
        participants: ['ann'],
        distinct: false,
        metadata: null,
        at: 1,
      },
      { ...send, sender: { userId: 'ann' }, identity: { id: uuid(1) } },
      {
        type: 'change_conversation',
        conversation,
        operations: [{ operation: 'add', property: 'participants', user: 'bob' }],
      },
      { ...send, sender: { userId: 'ann' }, identity: { id: uuid(2) } },
      { ...send, sender: { userId: 'bob' }, identity: { id: uuid(3) } },
      { type: 'read_message', user: 'bob', message: uuid(2) },
      { type: 'delete_message', message: uuid(3) },
      { ...send, sender: { name: 'system' }, identity: { id: uuid(4) } },
    ];
    const outcomes = await Promise.all(commands.map((command) => app.execute(command)));
    expect(outcomes.map((each) => each.refusal)).toEqual(commands.map(() => undefined));
    expect([await app.unread('ann'), await app.unread('bob')]).toEqual([1, 1]);
  });

  test('a refused command does not take those around it with it', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann', 'bob']);
    const send = { type: 'send_message', conversation, mentions: [], silent: false, at: now } as const;
    const senders = ['ann', 'zoe', 'ann', 'nobody', 'bob', 'zoe'];
    const sent = senders.map((userId) => app.execute({ ...send, sender: { userId } }));
    const positions = (await Promise.all(sent)).map((each) => each.value?.position);
    expect(positions).toEqual([1, undefined, 2, undefined, 3, undefined]);
    expect(await app.unread('bob')).toBe(2);
  });

  test('promise 3: a repeat that overtakes the answer to the first is a repeat all the same', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const twice = [app.send(chat, 'ann', { id: uuid(77) }), app.send(chat, 'ann', { id: uuid(77) })];
    const [first, second] = await Promise.all(twice);
    expect(second).toEqual(first);
    expect(await app.unread('bob')).toBe(1);
  });

  test('nothing is carried out or answered for an app that does not exist', async () => {
    const { store } = await openScenario(factory);
    const app = uuid(99);
    const refused = await store.execute(app, {
      type: 'set_external',
      counts: [{ user: 'ann', name: '', count: 1 }],
    });
    expect(refused.refusal?.code).toBe('not_found');
    const query = { sortBy: 'created_at', limit: 100, unreadOnly: false } as const;
    expect(await store.badge(app, 'ann', now)).toBeUndefined();
    expect(await store.badges(app, ['ann', 'bob'], now)).toEqual([undefined, undefined]);
    expect(await store.explain(app, 'ann', now)).toBeUndefined();
    expect(await store.conversation(app, uuid(1))).toBeUndefined();
    expect(await store.userConversation(app, 'ann', uuid(1), now)).toBeUndefined();
    expect(await store.userConversations(app, 'ann', query, now)).toBeUndefined();
    expect(await store.blocks(app, 'ann')).toBeUndefined();
  });

  test('closing finishes what was accepted; later calls reject with StoreUnavailable', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const accepted = app.send(chat, 'ann');
    await app.store.ready();
    await app.store.close();
    expect((await accepted).position).toBe(1);
    const { store } = app;
    const query = { sortBy: 'created_at', limit: 100, unreadOnly: false } as const;
    const later = [
      () => store.execute(app.app, { type: 'delete_conversation', conversation: chat }),
      () => store.badge(app.app, 'bob', now),
      () => store.badges(app.app, ['bob'], now),
      () => store.explain(app.app, 'bob', now),
      () => store.conversation(app.app, chat),
      () => store.userConversation(app.app, 'bob', chat, now),
      () => store.userConversations(app.app, 'bob', query, now),
      () => store.blocks(app.app, 'bob'),
      () => store.ready(),
      () => store.apps.create(anApp(2)),
      () => store.apps.list(),
      () => store.apps.update(app.app, { name: 'late' }),
      () => store.apps.delete(app.app),
    ];
    for (const call of later) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
  });
}
