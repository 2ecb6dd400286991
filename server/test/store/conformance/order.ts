/** What is sent without waiting in between, and what happens at the end. */
import type { Command, Outcome } from '@badged/core';
import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/store/port.js';
import { anApp, now, openScenario, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

type Execute = (app: Scenario, commands: readonly Command[]) => Promise<readonly Outcome[]>;

const ways: { readonly [name: string]: Execute } = {
  'issued without waiting': (app, commands) => Promise.all(commands.map((command) => app.execute(command))),
  'of one list': (app, commands) =>
    app.store.executeAll(
      app.app,
      commands.map((command) => ({ command })),
    ),
};

export function order(factory: StoreFactory): void {
  test.each(Object.entries(ways))('commands %s take effect in that order', async (_name, execute) => {
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
    const outcomes = await execute(app, commands);
    expect(outcomes.map((each) => each.refusal)).toEqual(commands.map(() => undefined));
    expect([await app.unread('ann'), await app.unread('bob')]).toEqual([1, 1]);
  });

  test('a refused command does not take those around it with it', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann', 'bob']);
    const send = { type: 'send_message', conversation, mentions: [], silent: false, at: now } as const;
    const senders = ['ann', 'zoe', 'ann', 'nobody', 'bob', 'zoe'];
    const commands = senders.map((userId) => ({ command: { ...send, sender: { userId } } }));
    const outcomes = await app.store.executeAll<'send_message'>(app.app, commands);
    const positions = outcomes.map((each) => each.value?.position);
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

  test('an alert of a list goes with its own command, and an empty list has no outcomes', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann', 'bob']);
    const command: Command<'send_message'> = {
      ...{ type: 'send_message', conversation, mentions: [], silent: false, at: now },
      sender: { userId: 'ann' },
    };
    const alert = { notification: '{}', expiresAt: now + 1 };
    await app.store.executeAll(app.app, [{ command }, { command, alert }, { command }]);
    const claimed = await app.store.push.claimAlerts(app.app, 10, { now, until: now + 1 });
    expect(claimed.map(({ audience }) => audience)).toEqual([{ kind: 'message', conversation, position: 2 }]);
    expect(await app.store.executeAll(app.app, [])).toEqual([]);
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
    expect(await store.ask(app, { type: 'badge', user: 'ann', now })).toBeUndefined();
    expect(await store.ask(app, { type: 'badges', users: ['ann', 'bob'], now })).toEqual([
      undefined,
      undefined,
    ]);
    expect(await store.ask(app, { type: 'explanation', user: 'ann', now })).toBeUndefined();
    expect(await store.ask(app, { type: 'conversation', conversation: uuid(1) })).toBeUndefined();
    expect(
      await store.ask(app, { type: 'user_conversation', user: 'ann', conversation: uuid(1), now }),
    ).toBeUndefined();
    expect(await store.ask(app, { type: 'user_conversations', user: 'ann', ...query, now })).toBeUndefined();
    expect(await store.ask(app, { type: 'blocks', user: 'ann' })).toBeUndefined();
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
      () => store.ask(app.app, { type: 'badge', user: 'bob', now }),
      () => store.ask(app.app, { type: 'badges', users: ['bob'], now }),
      () => store.ask(app.app, { type: 'explanation', user: 'bob', now }),
      () => store.ask(app.app, { type: 'conversation', conversation: chat }),
      () => store.ask(app.app, { type: 'user_conversation', user: 'bob', conversation: chat, now }),
      () => store.ask(app.app, { type: 'user_conversations', user: 'bob', ...query, now }),
      () => store.ask(app.app, { type: 'blocks', user: 'bob' }),
      () => store.ready(),
      () => store.apps.create(anApp(2)),
      () => store.apps.list(),
      () => store.apps.update(app.app, { name: 'late' }),
      () => store.apps.delete(app.app),
    ];
    for (const call of later) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
  });
}
