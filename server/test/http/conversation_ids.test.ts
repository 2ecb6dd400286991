/** Conversation ids may be any text. Whatever goes in comes out the same, by every way in and out. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyText, strangeTexts } from './any_text.js';
import { badgeOf, openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const prefix = 'layer:///conversations/';
const uriOf = (id: string) => `${prefix}${encodeURIComponent(id)}`;
const inPath = encodeURIComponent;
const sender = { user_id: 'bob' };

const anyId = anyText(prefix);
const examples = strangeTexts(prefix).map((id): [string] => [id]);

/** An id that no other run has, with the text at both ends. */
function unique(text: string): string {
  const short = [...text].slice(0, 25).join('');
  return `${short}|${randomUUID()}|${short}`;
}

const create = (id: string, ...participants: string[]) =>
  world.inApp('POST', '/conversations', { body: { id, participants } });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('an id of any text round-trips', () => {
  test('in paths, bodies, responses, lists, explanations and URLs', async () => {
    await fc.assert(
      fc.asyncProperty(anyId, async (text) => {
        const id = unique(text);
        const user = randomUUID();
        const made = (await create(id, user, 'bob')).json();
        expect(made.id).toBe(uriOf(id));
        const headers = bearer(world.token);
        expect((await world.http.inject({ url: made.url, headers })).json()).toEqual(made);
        expect((await world.inApp('GET', `/conversations/${inPath(made.id)}`)).json()).toEqual(made);

        const sent = await world.http.inject({
          method: 'POST',
          url: made.messages_url,
          headers,
          payload: { sender, parts: [{ body: 'x', mime_type: 'text/plain' }] },
        });
        expect(sent.json().conversation).toEqual({ id: made.id, url: made.url });

        const list = (await world.inApp('GET', `/users/${user}/conversations`)).json();
        expect(list).toMatchObject([{ id: made.id, unread_message_count: 1 }]);
        expect((await world.http.inject({ url: list[0].url, headers })).json()).toEqual(list[0]);
        const page = `/users/${user}/conversations?from_id=`;
        for (const from of [id, made.id])
          expect((await world.inApp('GET', page + inPath(from))).json()).toEqual([]);

        const explained = (await world.inApp('GET', `/users/${user}/badge/explain`)).json();
        expect(explained.items).toMatchObject([{ kind: 'conversation', of: made.id, adds: 1 }]);
        const snapshot = (await world.inApp('GET', `/users/${user}/badge?conversations=true`)).json();
        expect(snapshot.conversations).toMatchObject([{ id: made.id }]);

        const read = `/users/${user}/conversations/${inPath(id)}/mark_all_read`;
        expect((await world.inApp('POST', read)).statusCode).toBe(204);
        expect(await badgeOf(world, user)).toMatchObject({ badge: 0 });
      }),
      { numRuns: 100, examples },
    );
  });

  test('in a batch', async () => {
    await fc.assert(
      fc.asyncProperty(anyId, async (text) => {
        const id = unique(text);
        const user = randomUUID();
        const responses = await world.inApp('POST', '/events', {
          body: [
            { operation: 'create_conversation', id, participants: [user, 'bob'] },
            { operation: 'send_message', conversation_id: id, sender },
            { operation: 'send_message', conversation_id: uriOf(id), sender },
            { operation: 'mark_all_read', conversation_id: id, user_id: user, position: 1 },
          ],
        });
        expect(responses.json().map(({ status }: { status: number }) => status)).toEqual([
          201, 201, 201, 204,
        ]);
        expect(await badgeOf(world, user)).toMatchObject({ badge: 1 });
      }),
      { numRuns: 50, examples },
    );
  });

  test("as the jabberId of a room, which lists and clears that room's badge", async () => {
    await fc.assert(
      fc.asyncProperty(anyId, async (text) => {
        const id = unique(text);
        const user = randomUUID();
        const token = await world.userToken(user);
        await create(id, user, 'bob', 'cem');
        await world.inApp('POST', `/conversations/${inPath(id)}/messages`, { body: { sender } });
        const listing = (await world.send('GET', '/api/v2/badges/chats', { token })).json();
        expect(listing.entities).toMatchObject([{ entity: { id, type: 'group' }, unreadCount: 1 }]);
        const { jabberId } = listing.entities[0].entity;
        const cleared = await world.send('DELETE', `/api/v2/badges/chats/${inPath(jabberId)}`, { token });
        expect(cleared.statusCode).toBeLessThan(300);
        expect(await badgeOf(world, user)).toMatchObject({ badge: 0 });
      }),
      { numRuns: 50, examples },
    );
  });
});

describe('which ids are the same conversation', () => {
  test('a UUID in any case, plain or as a URI', async () => {
    const id = randomUUID();
    const made = (await create(id.toUpperCase(), 'ann')).json();
    expect(made.id).toBe(uriOf(id));
    for (const spelling of [id, id.toUpperCase(), uriOf(id), uriOf(id.toUpperCase())])
      expect((await world.inApp('GET', `/conversations/${inPath(spelling)}`)).json()).toEqual(made);
  });

  test('any other text exactly as it is written', async () => {
    for (const id of ['Room', 'room', 'ROOM', 'room ', '42', '042']) await create(id, id);
    const read = await world.inApp('GET', '/conversations/Room');
    expect(read.json()).toMatchObject({ id: uriOf('Room'), participants: ['Room'] });
    expect((await world.inApp('GET', '/conversations/rOOM')).statusCode).toBe(404);
  });

  test('promise 3: the same id with the same content is the same one, with other content refused', async () => {
    const first = (await create('lunch/2030', 'ann', 'bob')).json();
    expect((await create(uriOf('lunch/2030'), 'bob', 'ann')).json()).toEqual(first);
    const other = await create('lunch/2030', 'ann');
    expect([other.statusCode, other.json().data]).toEqual([409, first]);
  });
});

test('"." and "..", which clients take out of a URL, are found at the URL of the response', async () => {
  for (const id of ['.', '..']) {
    const made = (await create(id, 'dot')).json();
    expect(made.id).toBe(uriOf(id));
    const headers = bearer(world.token);
    expect((await world.http.inject({ url: made.url, headers })).json()).toEqual(made);
  }
});

test('what is too long, empty, not Unicode or a URI of a URI is refused by its name', async () => {
  for (const id of [
    'x'.repeat(256),
    'ü'.repeat(128),
    '',
    'a\0b',
    '\ud83e',
    uriOf(uriOf('a')),
    `${prefix}%ZZ`,
  ]) {
    const created = await create(id, 'a');
    expect(created.json(), id).toMatchObject({ id: 'invalid_property', data: { property: 'id' } });
    const body = [{ operation: 'mark_all_read', user_id: 'a', conversation_id: id }];
    const [read] = (await world.inApp('POST', '/events', { body })).json();
    expect(read.body, id).toMatchObject({ code: 105, data: { property: 'conversation_id' } });
  }
});
