/** User ids may be any text. Whatever goes in comes out the same, by every way in and out. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyText, strangeTexts } from './any_text.js';
import { badgeOf, conversationOf, openWorld, text, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const userId = anyText('layer:///identities/');
const strange = strangeTexts('layer:///identities/');
const inPath = encodeURIComponent;

describe('an id of any text round-trips', () => {
  test('as participant, sender, reader, in the address and in answers', async () => {
    await fc.assert(
      fc.asyncProperty(userId, async (id) => {
        const sender = `${[...id].slice(0, 10).join('')}|sender`;
        const conversation = await conversationOf(world, id, sender);
        const read = await world.inApp('GET', `/conversations/${conversation}`);
        expect(read.json().participants.toSorted()).toEqual([id, sender].sort());

        const message = { sender: { user_id: sender }, parts: text('x'), mentions: [id] };
        const sent = await world.inApp('POST', `/conversations/${conversation}/messages`, { body: message });
        expect(sent.json().sender.user_id).toBe(sender);
        expect(Object.entries(sent.json().recipient_status)).toEqual(
          expect.arrayContaining([
            [id, 'sent'],
            [sender, 'read'],
          ]),
        );

        const token = await world.userToken(id);
        const before = Number((await badgeOf(world, id)).badge);
        const path = `/users/${inPath(id)}/conversations/${conversation}`;
        const view = (await world.inApp('GET', path, { token })).json();
        expect(view.unread_message_count).toBe(1);
        expect(
          (await world.http.inject({ url: view.url, headers: { authorization: `Bearer ${token}` } })).json(),
        ).toEqual(view);
        expect((await world.inApp('POST', `${path}/mark_all_read`, { token })).statusCode).toBe(204);
        expect(Number((await badgeOf(world, id)).badge)).toBe(before - 1);
      }),
      { numRuns: 120, examples: strange.map((id) => [id] as [string]) },
    );
  });

  test('as the URI of an identity, in the address and in bodies', async () => {
    await fc.assert(
      fc.asyncProperty(userId, async (id) => {
        const uri = `layer:///identities/${encodeURIComponent(id)}`;
        const body = { external_unread_count: 3 };
        expect((await world.inApp('PUT', `/users/${inPath(uri)}/badge`, { body })).statusCode).toBe(204);
        expect(await badgeOf(world, id)).toMatchObject({ external_unread_count: 3 });
        const conversation = await conversationOf(world, uri);
        const read = await world.inApp('GET', `/conversations/${conversation}`);
        expect(read.json().participants).toEqual([id]);
      }),
      { numRuns: 60, examples: strange.map((id) => [id] as [string]) },
    );
  });

  test('in bulk, blocks and announcements', async () => {
    await fc.assert(
      fc.asyncProperty(userId, async (id) => {
        const post = (path: string, body: unknown) => world.inApp('POST', path, { body });
        // As text, because a literal with such a key would set a prototype.
        expect((await post('/users/badge', `{"users":{${JSON.stringify(id)}:8}}`)).statusCode).toBe(204);
        const read = (await post('/users/badge', { user_ids: [id] })).json();
        expect(Object.entries(read.users)).toEqual([
          [id, expect.objectContaining({ external_unread_count: 8 })],
        ]);

        await post('/users/owner/blocks', { user_id: id });
        expect((await world.inApp('GET', '/users/owner/blocks')).json()).toEqual([{ user_id: id }]);
        await world.inApp('DELETE', `/users/owner/blocks/${inPath(id)}`);
        expect((await world.inApp('GET', '/users/owner/blocks')).json()).toEqual([]);

        const announcement = { recipients: [id], sender: { name: 'x' }, parts: text('x') };
        expect((await post('/announcements', announcement)).json().recipients).toEqual([id]);
      }),
      { numRuns: 60, examples: strange.map((id) => [id] as [string]) },
    );
  });
});

test('promise 8: no user gets a token of another by being called like a URI', async () => {
  for (const id of ['layer:///identities/boss', 'layer:///identities/bo%73s']) {
    const refused = await world.inApp('POST', `/users/${inPath(id)}/tokens`, { body: {} });
    expect(refused.json()).toMatchObject({ code: 105, data: { property: 'user_id' } });
  }
  const token = await world.userToken('layer://identities/boss');
  expect((await world.inApp('GET', '/users/boss/badge', { token })).statusCode).toBe(403);
});

test('an external count may have any name', async () => {
  await fc.assert(
    fc.asyncProperty(
      userId.filter((name) => name.trim() !== ''),
      async (name) => {
        const path = `/users/named/badge/external/${inPath(name)}`;
        expect((await world.inApp('PUT', path, { body: { count: 2 } })).statusCode).toBe(204);
        const { external } = (await world.inApp('GET', '/users/named/badge/explain')).json();
        expect(Object.entries(external)).toEqual([[name, 2]]);
        expect((await world.inApp('DELETE', path)).statusCode).toBe(204);
      },
    ),
    { numRuns: 40, examples: strange.filter((name) => name.trim() !== '').map((name) => [name] as [string]) },
  );
});

test('what is too long, empty or not Unicode is refused by its name', async () => {
  const bad = ['x'.repeat(256), 'ü'.repeat(128), 'x'.repeat(3000), 'a\0b'];
  for (const id of bad) {
    const answer = await world.inApp('GET', `/users/${inPath(id)}/badge`);
    expect(answer.json()).toMatchObject({ code: 105, data: { property: 'user_id' } });
  }
  expect((await world.inApp('GET', '/users//badge')).json()).toMatchObject({ code: 105 });
  const uri = inPath('layer:///identities/%ZZ');
  expect((await world.inApp('GET', `/users/${uri}/badge`)).json()).toMatchObject({ code: 105 });
});
