/** Creating conversations, also distinct ones, and deleting them. */
import { limits } from '@badged/core';
import { expect, test } from 'vitest';
import { now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const create = {
  type: 'create_conversation',
  id: uuid(77),
  distinct: false,
  metadata: null,
  at: now,
} as const;

const invalidParticipants = { code: 'invalid_property', property: 'participants' };

export function conversations(factory: StoreFactory): void {
  test('a created conversation is answered as it can be read, each participant once, in the order given', async () => {
    const app = await openScenario(factory);
    const command = { ...create, participants: ['bob', 'ann', 'bob', 'Z'], metadata: { title: 'Tea' } };
    const conversation = {
      id: uuid(77),
      createdAt: now,
      distinct: false,
      metadata: { title: 'Tea' },
      participants: ['bob', 'ann', 'Z'],
      participantCount: 3,
    };
    expect(await app.do(command)).toEqual({ created: true, conversation });
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: uuid(77) })).toEqual(
      conversation,
    );
    expect(await app.isKnown('bob')).toBe(true);
  });

  test('a conversation that nobody made is not there', async () => {
    const app = await openScenario(factory);
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: uuid(99) })).toBeUndefined();
  });

  test('promise 3: the same id applied twice changes nothing and answers what there is', async () => {
    const app = await openScenario(factory);
    await app.do({ ...create, participants: ['ann', 'bob'] });
    await app.join(uuid(77), 'cem');
    const again = await app.do({ ...create, participants: ['zoe'], metadata: { title: 'Tea' }, at: 1 });
    expect(again).toMatchObject({ created: false, conversation: { participants: ['ann', 'bob', 'cem'] } });
    expect(again.conversation).toMatchObject({ metadata: {}, createdAt: now });
    expect(await app.isKnown('zoe')).toBe(false);
  });

  test('the same id with another fingerprint is id_in_use; where one side has none, it is a repeat', async () => {
    const app = await openScenario(factory);
    const participants = ['ann'];
    await app.do({ ...create, participants, fingerprint: 7 });
    const refusal = await app.refusal({ ...create, participants, fingerprint: 8 });
    expect(refusal).toEqual({ code: 'id_in_use', existing: uuid(77) });
    expect(await app.do({ ...create, participants, fingerprint: 7 })).toMatchObject({ created: false });
    expect(await app.do({ ...create, participants })).toMatchObject({ created: false });
  });

  test('a conversation is created with 1 to 2,000 participants, duplicates dropped', async () => {
    const app = await openScenario(factory);
    expect(await app.refusal({ ...create, participants: [] })).toEqual(invalidParticipants);
    const users = Array.from({ length: limits.usersPerRequest + 1 }, (_, number) => `user ${number}`);
    expect(await app.refusal({ ...create, participants: users })).toEqual(invalidParticipants);
    expect(await app.isKnown('user 0')).toBe(false);
    await app.do({ ...create, participants: [...users.slice(1), 'user 1'] });
    await app.send(uuid(77), 'user 1');
    expect([await app.unread('user 1'), await app.unread('user 2')]).toEqual([0, 1]);
  });

  test('a change adds and removes 2,000 participants in all, also where it undoes its own steps', async () => {
    const app = await openScenario(factory);
    const most = limits.usersPerRequest;
    const users = Array.from({ length: most }, (_, number) => `user ${number}`);
    await app.do({ ...create, participants: users });
    const all = { operation: 'set', property: 'participants', users } as const;
    const none = { ...all, users: [] };
    const more = { operation: 'add', property: 'participants', user: 'one more' } as const;
    for (const operations of [[none, more], [none, all], [{ ...all, users: ['one more'] }], [more, none]]) {
      const change = { type: 'change_conversation', conversation: uuid(77), operations } as const;
      expect(await app.refusal(change), JSON.stringify(operations).slice(0, 60)).toEqual(invalidParticipants);
    }
    expect(await app.isKnown('one more')).toBe(false);
    await app.change(uuid(77), none);
    await app.change(uuid(77), { ...all, users: users.slice(0, most / 2) }, none);
    await app.change(uuid(77), all);
    await app.change(uuid(77), ...Array.from({ length: 50 }, () => all));
    await app.send(uuid(77), 'user 1');
    expect([await app.unread('user 1'), await app.unread('user 2')]).toEqual([0, 1]);
  });

  test('there is one distinct conversation of the same participants, in whatever order they are named', async () => {
    const app = await openScenario(factory);
    const first = await app.conversation(['ann', 'bob', 'cem'], { distinct: true });
    const again = { ...create, distinct: true, participants: ['cem', 'ann', 'bob', 'ann'] };
    expect(await app.do(again)).toMatchObject({ created: false, conversation: { id: first } });
    expect(await app.do({ ...again, participants: ['ann', 'bob'] })).toMatchObject({ created: true });
    expect(await app.do({ ...again, id: uuid(78), distinct: false })).toMatchObject({ created: true });
    expect(await app.do({ ...again, id: uuid(79), participants: ['ann'] })).toMatchObject({ created: true });
  });

  test('a distinct conversation with equal metadata is answered, with other metadata it is a conflict', async () => {
    const app = await openScenario(factory);
    const metadata = { title: 'Tea', room: { floor: 1, name: 'Red' } };
    const participants = ['ann', 'bob'];
    const first = await app.conversation(participants, { distinct: true, metadata });
    const again = { ...create, distinct: true, participants };
    const existing = { created: false, conversation: { id: first, metadata } };
    const reordered = { room: { name: 'Red', floor: 1 }, title: 'Tea' };
    expect(await app.do({ ...again, metadata: reordered })).toMatchObject(existing);
    expect(await app.do({ ...again, metadata: null })).toMatchObject(existing);
    for (const other of [{}, { title: 'Tea' }, { ...metadata, room: 'Red' }, { ...metadata, more: null }]) {
      const refusal = await app.refusal({ ...again, metadata: other });
      expect(refusal).toEqual({ code: 'conflict', existing: first });
    }
  });

  test('a distinct conversation that changed its participants, or was deleted, is not found again', async () => {
    const app = await openScenario(factory);
    const participants = ['ann', 'bob'];
    const again = (number: number) => ({ ...create, id: uuid(number), distinct: true, participants });
    const first = await app.conversation(participants, { distinct: true });
    await app.join(first, 'bob');
    await app.leave(first, 'zoe');
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: first })).toMatchObject({
      distinct: true,
    });
    await app.leave(first, 'bob');
    await app.join(first, 'bob');
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: first })).toMatchObject({
      distinct: false,
    });
    expect(await app.do(again(81))).toMatchObject({ created: true });
    await app.do({ type: 'delete_conversation', conversation: uuid(81) });
    expect(await app.do(again(82))).toMatchObject({ created: true });
  });

  test('two participants of whom one blocks the other: participant_blocked; a third may be there', async () => {
    const app = await openScenario(factory);
    const before = await app.conversation(['ann', 'bob'], { distinct: true });
    await app.block('ann', 'bob');
    for (const participants of [
      ['ann', 'bob'],
      ['bob', 'ann'],
      ['bob', 'ann', 'bob'],
    ]) {
      expect(await app.refusal({ ...create, participants })).toEqual({
        code: 'participant_blocked',
        property: 'participants',
      });
    }
    const distinct = { ...create, participants: ['ann', 'bob'], distinct: true };
    expect(await app.do(distinct)).toMatchObject({ created: false, conversation: { id: before } });
    expect(await app.do({ ...create, participants: ['ann', 'bob', 'cem'] })).toMatchObject({ created: true });
    await app.unblock('ann', 'bob');
    const after = { ...create, id: uuid(78), participants: ['ann', 'bob'] };
    expect(await app.do(after)).toMatchObject({ created: true });
  });

  test('promise 6: deleting a conversation takes it from counts and lists at once', async () => {
    const app = await openScenario(factory);
    const [gone, stays] = [await app.conversation(['ann', 'bob']), await app.conversation(['ann', 'bob'])];
    await app.sendMany(gone, 'ann', 3);
    await app.send(stays, 'ann');
    await app.do({ type: 'delete_conversation', conversation: gone });
    expect(await app.badge('bob')).toMatchObject({ unreadMessageCount: 1, unreadConversationCount: 1 });
    expect(await app.list('bob')).toEqual([stays]);
    expect((await app.explain('bob')).conversations.map((each) => each.id)).toEqual([stays]);
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: gone })).toBeUndefined();
    expect(
      await app.store.ask(app.app, { type: 'user_conversation', user: 'bob', conversation: gone, now }),
    ).toBeUndefined();
  });

  test('promise 3: deleting it twice changes nothing; deleting what never was is not_found', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann']);
    for (let times = 0; times < 2; times += 1) await app.do({ type: 'delete_conversation', conversation });
    const never = await app.refusal({ type: 'delete_conversation', conversation: uuid(99) });
    expect(never).toEqual({ code: 'not_found' });
  });

  test('the id of a deleted conversation is never used again', async () => {
    const app = await openScenario(factory);
    const command = { ...create, participants: ['ann'], fingerprint: 7 };
    await app.do(command);
    await app.do({ type: 'delete_conversation', conversation: uuid(77) });
    expect(await app.refusal(command)).toEqual({ code: 'id_in_use' });
  });

  test('a deleted conversation cannot be changed', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann']);
    await app.do({ type: 'delete_conversation', conversation });
    for (const id of [conversation, uuid(99)]) {
      const change = { type: 'change_conversation', conversation: id, operations: [] } as const;
      expect(await app.refusal(change)).toEqual({ code: 'not_found' });
    }
  });
}

/** The limit is decided in the core, the same for every store. The largest conversation takes seconds to make, so one store does it. */
export function largestConversation(factory: StoreFactory): void {
  test('a conversation grows to 100,000 participants, and no further', async () => {
    const app = await openScenario(factory);
    const most = limits.participantsPerConversation;
    const all = Array.from({ length: most }, (_, number) => `user ${number}`);
    const property = 'participants';
    const adding = (user: string) => ({ operation: 'add', property, user }) as const;
    await app.conversation(['user 0'], { id: uuid(77) });
    for (let count = 0; count < most; count += limits.usersPerRequest)
      await app.change(uuid(77), ...all.slice(count, count + limits.usersPerRequest).map(adding));
    const operations = [adding('one more')];
    const change = { type: 'change_conversation', conversation: uuid(77), operations } as const;
    expect(await app.refusal(change)).toEqual(invalidParticipants);
    expect(await app.isKnown('one more')).toBe(false);
    await app.send(uuid(77), 'user 1');
    expect([await app.unread('user 1'), await app.unread('user 2')]).toEqual([0, 1]);
  });
}
