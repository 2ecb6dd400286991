/** Promise 5: what was answered is there after the store was closed and opened again. */
import type { Command } from '@badged/core';
import { expect, type TestContext, test } from 'vitest';
import { anApp, now, openScenario, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const users = ['ann', 'bob', 'cem', 'dan', 'zoe'];

export function durability(factory: StoreFactory): void {
  test('promise 5: every answer is the same after the store was opened again', async (context) => {
    const app = await openScenario(factory);
    await live(app);
    const before = await everything(app);
    await reopenOrSkip(app, context);
    expect(await everything(app)).toEqual(before);
    await reopenOrSkip(app, context);
    expect(await everything(app)).toEqual(before);
  });

  test('promises 3 and 5: repeats are repeats, also after the store was opened again', async (context) => {
    const app = await openScenario(factory);
    const ids = await live(app);
    const repeats: readonly Command[] = [
      {
        type: 'create_conversation',
        id: ids.chat,
        participants: ['ann'],
        distinct: false,
        metadata: null,
        at: 1,
      },
      sending(ids.chat, ids.made),
      sending(ids.chat, ids.chosen, 7),
      sending(ids.chat, ids.chosen, 8),
      sending(ids.other, ids.made),
      { type: 'announce', id: ids.announcement, recipients: 'everyone', at: 1 },
      { type: 'delete_conversation', conversation: ids.gone },
      {
        type: 'create_conversation',
        id: ids.gone,
        participants: ['ann'],
        distinct: false,
        metadata: null,
        at: 1,
      },
      { type: 'mark_all_read', user: 'cem', conversations: [{ conversation: ids.chat, position: 2 }] },
      { type: 'read_message', user: 'cem', message: uuid(99) },
    ];
    const before = [await outcomes(app, repeats), await everything(app)];
    await reopenOrSkip(app, context);
    expect([await outcomes(app, repeats), await everything(app)]).toEqual(before);
  });

  test('promise 5: work goes on where it ended', async (context) => {
    const app = await openScenario(factory);
    const ids = await live(app);
    await reopenOrSkip(app, context);
    const before = await app.unread('cem');
    expect((await app.send(ids.chat, 'ann')).position).toBe(8);
    await app.read('cem', ids.made, ids.chosen);
    expect(await app.unread('cem')).toBe(before - 1);
    await app.unreadFrom('cem', ids.chat, 1);
    expect(await app.unread('cem')).toBe(before + 2);
    await app.deleteMessage(ids.made);
    expect(await app.unread('cem')).toBe(before + 1);
    const late = await app.conversation(['new', 'ann'], { id: uuid(500) });
    expect((await app.list('ann'))[0]).toBe(late);
    await app.announce('everyone', uuid(501));
    expect((await app.explain('new')).announcements).toEqual([uuid(501)]);
  });

  test('promise 5: apps, tokens and secrets are kept, what was deleted stays deleted', async (context) => {
    const app = await openScenario(factory);
    const { apps } = app.store;
    const [gone, other] = [await app.anotherApp(2), await app.anotherApp(3)];
    const hash = Uint8Array.from([1, 2, 3]);
    for (const [index, each] of [app, gone, app].entries()) {
      await apps.addToken({ id: uuid(index), app: each.app, label: 'backend', hash, createdAt: now });
    }
    for (const each of [gone, other]) await each.external('ann', 3);
    await apps.revokeToken(app.app, uuid(0));
    await apps.update(other.app, { settings: { mode: 'external' } });
    await apps.secret('key', hash);
    await apps.secret('replaced', hash);
    await apps.replaceSecret('replaced', Uint8Array.from([4]));
    await apps.delete(gone.app);
    await reopenOrSkip(app, context);
    const after = app.store.apps;
    const settings = { ...anApp(3).settings, mode: 'external' };
    expect(await after.list()).toEqual([anApp(1), { ...anApp(3), settings }]);
    expect((await after.tokens(app.app)).map((each) => [each.id, [...each.hash]])).toEqual([
      [uuid(2), [1, 2, 3]],
    ]);
    expect([await after.token(uuid(0)), await after.token(uuid(1))]).toEqual([undefined, undefined]);
    expect([...(await after.secret('key', Uint8Array.from([9])))]).toEqual([1, 2, 3]);
    expect([...(await after.secret('replaced', Uint8Array.from([9])))]).toEqual([4]);
    expect(await app.store.ask(gone.app, { type: 'badge', user: 'ann', now })).toBeUndefined();
    expect(await app.store.ask(other.app, { type: 'badge', user: 'ann', now })).toMatchObject({
      externalUnreadCount: 3,
      settings,
    });
  });
}

async function reopenOrSkip(app: Scenario, context: TestContext): Promise<void> {
  if (!(await app.reopen())) context.skip('this store keeps nothing when it is closed');
}

/** A life with every kind of command in it. */
async function live(app: Scenario) {
  const chat = await app.conversation(['ann', 'bob', 'cem'], { metadata: { title: 'Tea' }, distinct: true });
  const made = (await app.send(chat, 'ann')).id;
  const identity = { id: uuid(70), fingerprint: 7 };
  const chosen = (await app.send(chat, 'ann', { identity, mentions: ['bob'] })).id;
  const other = await app.conversation(['ann', 'bob'], { at: 5 });
  await app.level('bob', chat, 'mentions', now + 5);
  await app.block('cem', 'bob', 'dan');
  await app.send(chat, 'bob');
  await app.send(chat, 'ann', { silent: true });
  await app.read('cem', (await app.send(chat, 'ann')).id);
  await app.join(chat, 'dan');
  await app.deleteMessage((await app.sendFrom(chat, 'system')).id);
  await app.sendFrom(chat, 'system');
  await app.change(chat, { operation: 'set', property: 'metadata', path: ['a', 'b'], value: 1 });
  await app.sendMany(other, 'ann', 3);
  await app.readAll('bob', other);
  await app.unreadFrom('bob', other, 2);
  await app.leave(other, 'ann');
  const gone = await app.conversation(['ann']);
  await app.do({ type: 'delete_conversation', conversation: gone });
  await app.external('ann', 0);
  await app.external('zoe', 3, 'tasks');
  const announcement = await app.announce('everyone');
  await app.do({ type: 'read_announcement', user: 'ann', announcement });
  await app.announce(['zoe', 'ann']);
  return { chat, other, gone, made, chosen, announcement };
}

function sending(conversation: string, id: string, fingerprint?: number): Command {
  return {
    type: 'send_message',
    conversation,
    identity: { id, ...(fingerprint !== undefined && { fingerprint }) },
    sender: { userId: 'bob' },
    mentions: [],
    silent: false,
    at: now,
  };
}

async function outcomes(app: Scenario, commands: readonly Command[]) {
  const found = [];
  for (const command of commands) {
    const { value, refusal } = await app.execute(command);
    found.push({ value, code: refusal?.code });
  }
  return found;
}

/** All that can be asked about everybody. */
async function everything({ store, app }: Scenario) {
  const answers = [];
  for (const user of users) {
    const query = { limit: 100, unreadOnly: false };
    answers.push({
      explained: await store.ask(app, { type: 'explanation', user, now }),
      created: await store.ask(app, {
        type: 'user_conversations',
        user,
        ...query,
        sortBy: 'created_at',
        now,
      }),
      active: await store.ask(app, {
        type: 'user_conversations',
        user,
        ...query,
        sortBy: 'last_message',
        now,
      }),
      blocks: await store.ask(app, { type: 'blocks', user }),
    });
  }
  return answers;
}
