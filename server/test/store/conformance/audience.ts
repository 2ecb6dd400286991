/** Whom a push is for, now: of each kind exactly those, and of them only who has a device. */
import { expect, test } from 'vitest';
import type { Audience } from '../../../src/store/push_port.js';
import { minute, openPush, type Push } from '../push_scenario.js';
import { now, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const all = ['ann', 'bob', 'cem', 'dan'];

export function audience(factory: StoreFactory): void {
  people(factory);
  messages(factory);
  announcements(factory);
}

function people(factory: StoreFactory): void {
  test('everyone is everybody who has a device, known or not', async () => {
    const push = await withDevices(factory, ['bob', 'ann', 'bob']);
    await push.app.external('cem', 1);
    expect(await push.audience({ kind: 'everyone' })).toEqual(['ann', 'bob']);
  });

  test('of named users, each who has a device is meant once', async () => {
    const push = await withDevices(factory, ['ann', 'bob', '__proto__', 'cem']);
    await push.unregister('cem', '3');
    const users = ['bob', 'zoe', '__proto__', 'bob', 'cem'];
    expect(await push.audience({ kind: 'users', users })).toEqual(['__proto__', 'bob']);
  });

  test('of a conversation, those who take part now are meant', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(['ann', 'bob', 'zoe']);
    const audience = { kind: 'conversation', conversation } as const;
    expect(await push.audience(audience)).toEqual(['ann', 'bob']);
    await push.app.join(conversation, 'cem');
    await push.app.leave(conversation, 'ann');
    expect(await push.audience(audience)).toEqual(['bob', 'cem']);
    await push.app.do({ type: 'delete_conversation', conversation });
    expect(await push.audience(audience)).toEqual([]);
    expect(await push.audience({ kind: 'conversation', conversation: uuid(99) })).toEqual([]);
  });

  test('in a conversation larger than the number of devices, and in a smaller one, it is the same', async () => {
    const push = await withDevices(factory, all);
    const crowd = Array.from({ length: 40 }, (_, index) => `user ${index}`);
    for (const others of [crowd, []]) {
      const conversation = await push.app.conversation(['ann', 'cem', ...others]);
      expect(await push.audience({ kind: 'conversation', conversation })).toEqual(['ann', 'cem']);
      const { position } = await push.app.send(conversation, 'ann');
      expect(await push.audience({ kind: 'message', conversation, position })).toEqual(['cem']);
    }
  });

  test('among some users those are found whom the audience means, with devices or without', async () => {
    const push = await openPush(factory);
    const { store, app } = push.app;
    const conversation = await push.app.conversation(['ann', 'bob', 'cem']);
    const { position } = await push.app.send(conversation, 'ann');
    const announcement = await push.app.announce(['cem', 'dan']);
    await push.register('zoe', 'z');
    const audiences: readonly (readonly [Audience, readonly string[]])[] = [
      [{ kind: 'everyone' }, ['bob', 'cem', 'nobody']],
      [{ kind: 'users', users: ['ann', 'cem', 'zoe'] }, ['cem']],
      [{ kind: 'conversation', conversation }, ['bob', 'cem']],
      [{ kind: 'message', conversation, position }, ['bob', 'cem']],
      [{ kind: 'announcement', announcement }, ['cem']],
    ];
    for (const [audience, expected] of audiences) {
      const found = await store.ask(app, {
        type: 'recipients',
        audience,
        users: new Set(['bob', 'cem', 'nobody']),
        now,
      });
      expect([...found].sort(), audience.kind).toEqual(expected);
    }
    await push.app.level('bob', conversation, 'all', now + 1);
    const message = { kind: 'message', conversation, position } as const;
    expect(
      await store.ask(app, { type: 'recipients', audience: message, users: new Set(['bob']), now }),
    ).toEqual([]);
    expect(
      await store.ask(app, { type: 'recipients', audience: message, users: new Set(['bob']), now: now + 1 }),
    ).toEqual(['bob']);
  });
}

function messages(factory: StoreFactory): void {
  test('a message is for those for whom it is unread: not its sender, nor who joined later or left', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(['ann', 'bob', 'cem']);
    const { position } = await push.app.send(conversation, 'ann');
    const audience = { kind: 'message', conversation, position } as const;
    await push.app.join(conversation, 'dan');
    expect(await push.audience(audience)).toEqual(['bob', 'cem']);
    await push.app.leave(conversation, 'cem');
    expect(await push.audience(audience)).toEqual(['bob']);
    await push.app.join(conversation, 'cem');
    expect(await push.audience(audience)).toEqual(['bob']);
    for (const wrong of [0, 2, 99]) {
      expect(await push.audience({ ...audience, position: wrong })).toEqual([]);
    }
    expect(await push.audience({ ...audience, conversation: uuid(99) })).toEqual([]);
    await push.app.do({ type: 'delete_conversation', conversation });
    expect(await push.audience(audience)).toEqual([]);
  });

  test('a system sender’s message is for every participant', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(['ann', 'bob']);
    const { position } = await push.app.sendFrom(conversation, 'ann');
    expect(await push.audience({ kind: 'message', conversation, position })).toEqual(['ann', 'bob']);
  });

  test('a message that was read meanwhile is for nobody any more, until it is marked unread', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(['ann', 'bob', 'cem']);
    await push.app.send(conversation, 'ann');
    const { id, position } = await push.app.send(conversation, 'ann');
    await push.app.send(conversation, 'ann');
    const audience = { kind: 'message', conversation, position } as const;
    await push.app.read('bob', id);
    expect(await push.audience(audience)).toEqual(['cem']);
    await push.app.readAll('cem', conversation, position);
    expect(await push.audience(audience)).toEqual([]);
    await push.app.unreadFrom('bob', conversation, position);
    expect(await push.audience(audience)).toEqual(['bob']);
    await push.app.unreadFrom('ann', conversation, 1);
    expect(await push.audience(audience)).toEqual(['bob']);
  });

  test('a message is not for who blocked its sender when it was sent, whatever happens to the block', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(['ann', 'bob', 'cem']);
    await push.app.block('bob', 'ann');
    const { position } = await push.app.send(conversation, 'ann');
    await push.app.unblock('bob', 'ann');
    await push.app.block('cem', 'ann');
    await push.app.unreadFrom('bob', conversation, 1);
    expect(await push.audience({ kind: 'message', conversation, position })).toEqual(['cem']);
  });

  test('a deleted message, and a silent one, is for nobody', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(['ann', 'bob']);
    const { id, position } = await push.app.send(conversation, 'ann', { mentions: ['bob'] });
    const silent = await push.app.send(conversation, 'ann', { mentions: ['bob'], silent: true });
    expect(await push.audience({ kind: 'message', conversation, position })).toEqual(['bob']);
    expect(await push.audience({ kind: 'message', conversation, position: silent.position })).toEqual([]);
    await push.app.deleteMessage(id);
    expect(await push.audience({ kind: 'message', conversation, position })).toEqual([]);
  });

  test('the level lets through all, those that mention the user, or none', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(all);
    const [first, second] = [
      await push.app.send(conversation, 'ann', { mentions: ['cem', 'dan'] }),
      await push.app.send(conversation, 'ann'),
    ];
    await push.app.level('cem', conversation, 'mentions');
    await push.app.level('dan', conversation, 'none');
    const meant = (position: number) => push.audience({ kind: 'message', conversation, position });
    expect([await meant(first.position), await meant(second.position)]).toEqual([['bob', 'cem'], ['bob']]);
    await push.app.readAll('cem', conversation);
    expect(await meant(first.position)).toEqual(['bob']);
    await push.app.unreadFrom('cem', conversation, 1);
    await push.app.level('dan', conversation, 'all');
    expect([await meant(first.position), await meant(second.position)]).toEqual([
      ['bob', 'cem', 'dan'],
      ['bob', 'dan'],
    ]);
  });

  test('a muted conversation rings for nobody until its time has come', async () => {
    const push = await withDevices(factory, all);
    const conversation = await push.app.conversation(['ann', 'bob']);
    const { position } = await push.app.send(conversation, 'ann', { mentions: ['bob'] });
    for (const level of ['all', 'mentions'] as const) {
      await push.app.level('bob', conversation, level, now + minute);
      const audience = { kind: 'message', conversation, position } as const;
      expect(await push.audience(audience, now + minute - 1)).toEqual([]);
      expect(await push.audience(audience, now + minute)).toEqual(['bob']);
    }
  });
}

function announcements(factory: StoreFactory): void {
  test('an announcement is for those whom it names, until they have read it', async () => {
    const push = await withDevices(factory, all);
    const announcement = await push.app.announce(['ann', 'bob', 'zoe']);
    await push.app.announce(['cem']);
    const audience = { kind: 'announcement', announcement } as const;
    expect(await push.audience(audience)).toEqual(['ann', 'bob']);
    await push.app.do({ type: 'read_announcement', user: 'ann', announcement });
    await push.app.do({ type: 'deliver_announcement', user: 'bob', announcement });
    expect(await push.audience(audience)).toEqual(['bob']);
    expect(await push.audience({ kind: 'announcement', announcement: uuid(99) })).toEqual([]);
  });

  test('an announcement to everyone is for everybody known then, until they have read it', async () => {
    const push = await withDevices(factory, all);
    await push.app.conversation(['ann', 'bob', 'cem']);
    const [first, second] = [await push.app.announce('everyone'), await push.app.announce('everyone')];
    await push.app.external('dan', 1);
    await push.app.do({ type: 'read_announcement', user: 'bob', announcement: second });
    const meant = (announcement: string) => push.audience({ kind: 'announcement', announcement });
    expect(await meant(first)).toEqual(['ann', 'bob', 'cem']);
    expect(await meant(second)).toEqual(['ann', 'cem']);
    await push.app.do({ type: 'read_announcement', user: 'bob', announcement: first });
    expect(await meant(first)).toEqual(['ann', 'cem']);
  });
}

/** Each with the id of its place. */
async function withDevices(factory: StoreFactory, users: readonly string[]): Promise<Push> {
  const push = await openPush(factory);
  for (const [index, user] of users.entries()) await push.register(user, `${index}`);
  return push;
}
