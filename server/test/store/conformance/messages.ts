/** Sending and deleting messages: positions, repeats, and whole refusals. */
import { limits } from '@badged/core';
import { expect, test } from 'vitest';
import { openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const message = {
  type: 'send_message',
  sender: { userId: 'ann' },
  mentions: [],
  silent: false,
  at: 5,
} as const;

export function messages(factory: StoreFactory): void {
  test('positions are 1, 2, 3 … in each conversation', async () => {
    const app = await openScenario(factory);
    const [one, two] = [await app.conversation(['ann']), await app.conversation(['ann'])];
    const positions = [];
    for (const chat of [one, two, one, one]) positions.push((await app.send(chat, 'ann')).position);
    expect(positions).toEqual([1, 1, 2, 3]);
  });

  test('the answer says who is to read it: read for the sender, sent for the others', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    expect(await app.send(chat, 'ann', { id: uuid(77), at: 1234 })).toEqual({
      id: uuid(77),
      conversation: chat,
      position: 1,
      sender: { userId: 'ann' },
      sentAt: 1234,
      recipientStatus: { ann: 'read', bob: 'sent' },
    });
    const { sender, recipientStatus } = await app.sendFrom(chat, 'ann');
    expect({ sender, recipientStatus }).toEqual({
      sender: { name: 'ann' },
      recipientStatus: { ann: 'sent', bob: 'sent' },
    });
  });

  test('the status of recipients is left out above the limit, and not at it', async () => {
    const app = await openScenario(factory);
    const most = limits.recipientStatusParticipants;
    const users = Array.from({ length: most }, (_, number) => `user ${number}`);
    const [all, more] = [await app.conversation(users), await app.conversation([...users, 'ann'])];
    expect(Object.keys((await app.send(all, 'user 0')).recipientStatus ?? {})).toHaveLength(most);
    expect((await app.send(more, 'ann')).recipientStatus).toBeNull();
  });

  test('the store makes ids that differ', async () => {
    const app = await openScenario(factory);
    const [one, two] = [await app.conversation(['ann']), await app.conversation(['ann'])];
    const ids = [...(await app.sendMany(one, 'ann', 20)), ...(await app.sendMany(two, 'ann', 20))];
    expect(new Set(ids).size).toBe(40);
  });

  test('promise 3: the same message id applied twice changes nothing and answers the same', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const first = await app.send(chat, 'ann', { id: uuid(77) });
    await app.send(chat, 'ann');
    await app.readAll('bob', chat);
    await app.join(chat, 'cem');
    expect(await app.send(chat, 'bob', { id: uuid(77), at: 99 })).toEqual(first);
    expect([await app.unread('ann'), await app.unread('bob'), await app.unread('cem')]).toEqual([0, 0, 0]);
  });

  test('promise 3: an id that the store made is one too, and its repeat answers the same', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const [first] = [await app.send(chat, 'ann'), await app.send(chat, 'ann')];
    expect(await app.send(chat, 'ann', { id: first.id })).toEqual(first);
    expect(await app.unread('bob')).toBe(2);
  });

  test('promise 3: a repeat of a deleted message does not bring it back', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const first = await app.send(chat, 'ann', { id: uuid(77) });
    await app.deleteMessage(first.id);
    expect(await app.send(chat, 'ann', { id: uuid(77) })).toEqual(first);
    await app.send(chat, 'ann');
    expect(await app.send(chat, 'ann', { id: uuid(77) })).toEqual(first);
    expect(await app.unread('bob')).toBe(1);
  });

  test('the same id with another fingerprint is id_in_use; where one side has none, it is a repeat', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann', 'bob']);
    const send = (number: number, fingerprint?: number) => ({
      ...message,
      conversation,
      identity: { id: uuid(number), ...(fingerprint !== undefined && { fingerprint }) },
    });
    await app.do(send(77, 4_000_000_000));
    await app.do(send(78));
    expect(await app.refusal(send(77, 2))).toEqual({ code: 'id_in_use', existing: uuid(77) });
    const positions = [];
    for (const repeat of [send(77, 4_000_000_000), send(77), send(78, 9)]) {
      positions.push((await app.do(repeat)).position);
    }
    expect(positions).toEqual([1, 1, 2]);
    expect(await app.unread('bob')).toBe(2);
  });

  test('the id of a message in another conversation is id_in_use', async () => {
    const app = await openScenario(factory);
    const [one, two] = [await app.conversation(['ann', 'bob']), await app.conversation(['ann', 'bob'])];
    const ids = [(await app.send(one, 'ann')).id, (await app.send(one, 'ann', { id: uuid(77) })).id];
    for (const id of ids) {
      const again = { ...message, conversation: two, identity: { id } };
      expect(await app.refusal(again)).toEqual({ code: 'id_in_use', existing: id });
    }
    expect(await app.unread('bob')).toBe(2);
  });

  test('id_in_use names no existing message where it exists no more', async () => {
    const app = await openScenario(factory);
    const [one, two] = [await app.conversation(['ann']), await app.conversation(['ann'])];
    const [first, second] = [await app.send(one, 'ann'), await app.send(one, 'ann', { id: uuid(77) })];
    await app.deleteMessage(first.id);
    await app.do({ type: 'delete_conversation', conversation: one });
    for (const { id } of [first, second]) {
      const again = { ...message, conversation: two, identity: { id } };
      expect(await app.refusal(again)).toEqual({ code: 'id_in_use' });
    }
  });

  test('a message is refused whole: unknown conversation, sender or mention', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann', 'bob']);
    await app.conversation(['ann', 'zoe']);
    expect(await app.refusal({ ...message, conversation: uuid(99) })).toEqual({ code: 'not_found' });
    for (const userId of ['zoe', 'nobody']) {
      const refusal = await app.refusal({ ...message, conversation, sender: { userId } });
      expect(refusal).toEqual({ code: 'invalid_property', property: 'sender.user_id' });
      const unmentionable = await app.refusal({ ...message, conversation, mentions: ['bob', userId] });
      expect(unmentionable).toEqual({ code: 'invalid_property', property: 'mentions' });
    }
    expect(await app.unread('bob')).toBe(0);
    expect(await app.isKnown('nobody')).toBe(false);
    expect((await app.send(conversation, 'ann')).position).toBe(1);
  });

  test('nothing is sent to a deleted conversation, and a repeat of what was sent is not_found', async () => {
    const app = await openScenario(factory);
    const conversation = await app.conversation(['ann']);
    const { id } = await app.send(conversation, 'ann', { id: uuid(77) });
    await app.do({ type: 'delete_conversation', conversation });
    expect(await app.refusal({ ...message, conversation })).toEqual({ code: 'not_found' });
    expect(await app.refusal({ ...message, conversation, identity: { id } })).toEqual({ code: 'not_found' });
  });

  test('promise 3: deleting a message twice changes nothing', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    const [one = ''] = await app.sendMany(chat, 'ann', 2);
    for (let times = 0; times < 2; times += 1) await app.deleteMessage(one);
    expect(await app.unread('bob')).toBe(1);
  });

  test('deleting a silent message does not subtract it', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.send(chat, 'ann');
    await app.deleteMessage((await app.send(chat, 'ann', { silent: true })).id);
    expect(await app.unread('bob')).toBe(1);
  });

  test('a message that is not there is not deleted: unknown, of another conversation, of a deleted one', async () => {
    const app = await openScenario(factory);
    const [one, two] = [await app.conversation(['ann', 'bob']), await app.conversation(['ann', 'bob'])];
    const { id } = await app.send(one, 'ann');
    const remove = { type: 'delete_message', message: id } as const;
    expect(await app.refusal({ ...remove, message: uuid(99) })).toEqual({ code: 'not_found' });
    expect(await app.refusal({ ...remove, conversation: two })).toEqual({ code: 'not_found' });
    expect(await app.refusal({ ...remove, conversation: uuid(99) })).toEqual({ code: 'not_found' });
    expect(await app.unread('bob')).toBe(1);
    await app.do({ ...remove, conversation: one });
    expect(await app.unread('bob')).toBe(0);
    await app.do({ type: 'delete_conversation', conversation: one });
    expect(await app.refusal(remove)).toEqual({ code: 'not_found' });
  });
}
