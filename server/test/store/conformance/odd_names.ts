/** Ids and names are data: whatever they look like, they come back as they went in. */
import { limits } from '@badged/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const odd = [
  '__proto__',
  'constructor',
  'toString',
  ' ',
  'a/b%2F',
  "'; --",
  '0',
  'é',
  'e\u0301',
  '🦊',
  'A',
  'a',
];

export function oddNames(factory: StoreFactory): void {
  test('any user id takes part, sends, reads and is counted apart from all others', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(odd);
    expect(await app.participants(chat)).toEqual(odd.toSorted());
    const { recipientStatus } = await app.send(chat, '__proto__');
    const expected = odd.map((user) => [user, user === '__proto__' ? 'read' : 'sent']);
    expect(Object.entries(recipientStatus ?? {}).sort()).toEqual(expected.sort());
    await app.readAll('é', chat);
    await app.block('a', 'A');
    await app.send(chat, 'A');
    const badges = await app.store.ask(app.app, { type: 'badges', users: odd, now });
    const one = new Set(['__proto__', 'é', 'a', 'A']);
    const unread = badges.map((badge) => badge?.unreadMessageCount);
    expect(unread).toEqual(odd.map((user) => (one.has(user) ? 1 : 2)));
    expect(await app.store.ask(app.app, { type: 'blocks', user: 'a' })).toEqual(['A']);
  });

  test('any name of an external count is kept', async () => {
    const app = await openScenario(factory);
    for (const [index, name] of odd.entries()) await app.external('ann', index, name);
    const { external } = await app.badge('ann');
    expect(new Map(Object.entries(external))).toEqual(new Map(odd.map((name, index) => [name, index])));
  });

  test('any text of up to 255 bytes is a user id', async () => {
    const app = await openScenario(factory);
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 255 })
      .filter((each) => Buffer.byteLength(each) <= limits.userIdBytes && !each.includes('\0'));
    await fc.assert(
      fc.asyncProperty(text, fc.nat(1_000_000), async (user, count) => {
        await app.external(user, count);
        expect((await app.badge(user)).externalUnreadCount).toBe(count);
      }),
      { numRuns: 50 },
    );
  });

  test('any text of up to 255 bytes is the id of a conversation, apart from all others', async () => {
    const app = await openScenario(factory);
    const ids = [
      '42',
      'room-42',
      'Room-42',
      uuid(0xabcdef).toUpperCase(),
      uuid(0xabcdef).replaceAll('-', ''),
      ...odd,
    ];
    const all = [
      ...ids,
      'layer:///conversations/a',
      '\u0001',
      'x'.repeat(limits.conversationIdBytes),
      uuid(0xabcdef),
    ];
    for (const id of all) await app.conversation(['ann', 'bob'], { id });
    for (const [index, id] of all.entries())
      for (let sent = 0; sent <= index % 3; sent += 1) await app.send(id, 'ann');
    const unread = (await app.explain('bob')).conversations.map((each) => [each.id, each.unreadMessageCount]);
    expect(new Map(unread.map(([id, count]) => [id, count]))).toEqual(
      new Map(all.map((id, index) => [id, 1 + (index % 3)])),
    );
    for (const id of all)
      expect((await app.store.ask(app.app, { type: 'conversation', conversation: id }))?.id).toBe(id);
    await app.readAll('bob', 'Room-42');
    expect(await app.unread('bob')).toBe(unread.reduce((sum, [, count]) => sum + Number(count), 0) - 3);
  });

  test('no conversation id is empty, longer than 255 bytes, half a character, or holds NUL', async () => {
    const app = await openScenario(factory);
    const create = { type: 'create_conversation', participants: ['ann'], distinct: false } as const;
    for (const id of ['', 'x'.repeat(limits.conversationIdBytes + 1), 'é'.repeat(128), '\ud83e', 'a\0b']) {
      const refusal = await app.refusal({ ...create, id, metadata: null, at: 1 });
      expect(refusal).toEqual({ code: 'invalid_property', property: 'id' });
    }
    expect(await app.isKnown('ann')).toBe(false);
  });

  test('no user id is empty, longer than 255 bytes, half a character, or holds NUL', async () => {
    const app = await openScenario(factory);
    await app.external('x'.repeat(limits.userIdBytes), 1);
    for (const user of ['', 'x'.repeat(limits.userIdBytes + 1), 'é'.repeat(128), '\ud83e', 'a\0b']) {
      const create = {
        type: 'create_conversation',
        id: uuid(77),
        distinct: false,
        metadata: null,
        at: 1,
      } as const;
      const code = 'invalid_property';
      const participants = await app.refusal({ ...create, participants: ['ann', user] });
      expect(participants).toEqual({ code, property: 'participants' });
      const recipients = await app.refusal({
        type: 'announce',
        id: uuid(78),
        at: 1,
        recipients: ['ann', user],
      });
      expect(recipients).toEqual({ code, property: 'recipients' });
      const counts = [{ user, name: '', count: 1 }];
      expect(await app.refusal({ type: 'set_external', counts })).toMatchObject({ code });
      const operations = [{ operation: 'add', user }] as const;
      expect(await app.refusal({ type: 'change_blocks', owner: 'ann', operations })).toMatchObject({ code });
    }
    expect(await app.isKnown('ann')).toBe(false);
  });
}
