/** The signed-in user's chat badges: the listing, its pages, clearing, and the shape of errors. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badgeOf, conversationOf, messageFrom, openWorld, text, type World } from '../http/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const api = async (user: string, method: 'GET' | 'DELETE', path: string, app?: string) =>
  world.send(method, `/api/v2${path}`, { token: await world.userToken(user, app) });

interface Listing {
  entities: { entity: { id: string; type: string; jid: string; jabberId: string }; unreadCount: number }[];
  total: number;
}

const listing = async (user: string, query = '') =>
  (await api(user, 'GET', `/badges/chats${query}`)).json<Listing>();
const clear = (user: string, jabberId: string) =>
  api(user, 'DELETE', `/badges/chats/${encodeURIComponent(jabberId)}`);

describe('the listing', () => {
  test('shows the other person where two talk, and the room otherwise, newest first', async () => {
    const two = await conversationOf(world, 'ann', 'bob');
    const many = await conversationOf(world, 'ann', 'bob', 'cem');
    await messageFrom(world, two, 'bob');
    world.clock.now += 1_000;
    await messageFrom(world, many, 'cem');
    await messageFrom(world, many, 'cem');
    const domain = `${world.app}.badged`;
    const jid = `${many}@conference.${domain}`;
    const answer = await api('ann', 'GET', '/badges/chats');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      entities: [
        {
          entity: { id: many, type: 'group', jid, jabberId: jid },
          unreadCount: 2,
          lastUnreadNotificationDate: new Date(world.clock.now).toISOString(),
        },
        {
          entity: { id: 'bob', type: 'person', jid: `bob@${domain}`, jabberId: `bob@${domain}` },
          unreadCount: 1,
          lastUnreadNotificationDate: new Date(world.clock.now - 1_000).toISOString(),
        },
      ],
      pageSize: 25,
      pageNumber: 1,
      total: 2,
      pageCount: 1,
      firstUri: '/api/v2/badges/chats?pageSize=25&pageNumber=1',
      selfUri: '/api/v2/badges/chats?pageSize=25&pageNumber=1',
      lastUri: '/api/v2/badges/chats?pageSize=25&pageNumber=1',
    });
  });

  test('promise 2: with muted conversations and mentions, its sum is still the badge', async () => {
    const muted = await conversationOf(world, 'mia', 'x');
    const mentions = await conversationOf(world, 'mia', 'x', 'y');
    const notifications = (chat: string, body: object) =>
      world.inApp('PUT', `/users/mia/conversations/${chat}/notifications`, { body });
    expect((await notifications(muted, { level: 'none' })).statusCode).toBeLessThan(300);
    expect((await notifications(mentions, { level: 'mentions' })).statusCode).toBeLessThan(300);
    await messageFrom(world, muted, 'x');
    await messageFrom(world, mentions, 'x');
    const body = { sender: { user_id: 'y' }, parts: text('hello'), mentions: ['mia'] };
    await world.inApp('POST', `/conversations/${mentions}/messages`, { body });
    const { entities } = await listing('mia');
    expect(entities.map(({ entity, unreadCount }) => [entity.id, unreadCount])).toEqual([[mentions, 1]]);
    expect((await badgeOf(world, 'mia')).unread_message_count).toBe(1);
  });

  test('a user whom nobody has named has none', async () => {
    expect(await listing('nobody')).toMatchObject({ entities: [], total: 0 });
  });
});

describe('pages', () => {
  const count = 1_000;
  beforeAll(async () => {
    for (let index = 0; index < count; index += 1) {
      const id = await conversationOf(world, 'many', `friend ${index}`);
      await messageFrom(world, id, `friend ${index}`);
      world.clock.now += 1;
    }
  }, 120_000);

  test.each([1, 25, 500])(
    'of %i: first, last and past the end, with exact totals and addresses',
    async (size) => {
      const pages = count / size;
      const uri = (page: number) => `/api/v2/badges/chats?pageSize=${size}&pageNumber=${page}`;
      const get = (page: number) => listing('many', `?pageSize=${size}&pageNumber=${page}`);
      const common = {
        pageSize: size,
        total: count,
        pageCount: pages,
        firstUri: uri(1),
        lastUri: uri(pages),
      };
      const first = await get(1);
      expect(first).toMatchObject({ ...common, pageNumber: 1, selfUri: uri(1), nextUri: uri(2) });
      expect(first).not.toHaveProperty('previousUri');
      expect(first.entities[0]?.entity.id).toBe(`friend ${count - 1}`);
      const last = await get(pages);
      expect(last).toMatchObject({ ...common, selfUri: uri(pages), previousUri: uri(pages - 1) });
      expect(last).not.toHaveProperty('nextUri');
      expect(last.entities.at(-1)?.entity.id).toBe('friend 0');
      expect([first.entities.length, last.entities.length]).toEqual([size, size]);
      const past = await get(pages + 1);
      expect(past).toMatchObject({ ...common, entities: [], previousUri: uri(pages) });
      expect(past).not.toHaveProperty('nextUri');
    },
  );

  test('all pages together are every entity once', async () => {
    const ids = new Set<string>();
    for (const page of [1, 2, 3, 4])
      for (const { entity } of (await listing('many', `?pageSize=250&pageNumber=${page}`)).entities)
        ids.add(entity.id);
    expect(ids.size).toBe(count);
  });

  test.each(['pageSize=0', 'pageSize=501', 'pageSize=x', 'pageSize=1.5', 'pageNumber=0', 'pageNumber=-1'])(
    '%s is a bad request',
    async (query) => {
      const answer = await api('many', 'GET', `/badges/chats?${query}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toEqual({
        message: expect.stringMatching(/page(Size|Number)/),
        code: 'bad.request',
        status: 400,
        contextId: answer.headers['x-request-id'],
        details: [],
        errors: [],
      });
    },
  );
});

describe('clearing', () => {
  test('reads everything from the entity, in every conversation with them, and nothing else', async () => {
    const chats = [await conversationOf(world, 'cleo', 'dan'), await conversationOf(world, 'dan', 'cleo')];
    const room = await conversationOf(world, 'cleo', 'dan', 'eve');
    for (const chat of [...chats, room]) await messageFrom(world, chat, 'dan');
    const jabberId = `dan@${world.app}.badged`;
    expect((await clear('cleo', jabberId)).statusCode).toBe(204);
    expect((await clear('cleo', jabberId)).statusCode).toBe(204);
    expect((await listing('cleo')).entities.map(({ entity }) => entity.id)).toEqual([room]);
    expect((await badgeOf(world, 'cleo')).unread_message_count).toBe(1);
    expect((await clear('cleo', `${room}@conference.${world.app}.badged`)).statusCode).toBe(204);
    expect((await badgeOf(world, 'cleo')).unread_message_count).toBe(0);
  });

  test('whatever a listing shows can be cleared by its jabberId, for any user id, and both APIs agree', async () => {
    const odd = fc.oneof(
      fc.constantFrom(
        'a@b.example',
        'a/b',
        'a b',
        `"o'clock"`,
        '💬👩‍👩‍👧',
        '\\40',
        'a\\b',
        '&<>:',
        '%2F',
        '..',
        '?#',
        ' x ',
      ),
      fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((id) => !id.includes('\0')),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(odd, async (sender) => {
        run += 1;
        const reader = `reader ${run}`;
        const chat = await conversationOf(world, reader, sender);
        await messageFrom(world, chat, sender);
        const [shown] = (await listing(reader)).entities;
        expect(shown?.entity).toMatchObject({ id: sender, type: 'person' });
        expect((await clear(reader, shown?.entity.jabberId ?? '')).statusCode).toBe(204);
        expect((await listing(reader)).total).toBe(0);
        expect((await badgeOf(world, reader)).unread_message_count).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('what is no JID is a bad request, and who is no entity of the user’s is not found', async () => {
    for (const wrong of ['a@b@c', '@x', 'x@', 'a b@x', 'a b', 'a/b', `"a"`, 'a:b', '<a>'])
      expect((await clear('cleo', wrong)).json()).toMatchObject({ status: 400, code: 'bad.request' });
    const domain = `${world.app}.badged`;
    const stranger = await conversationOf(world, 'x', 'y', 'z');
    for (const foreign of [`nobody@${domain}`, 'dan@elsewhere.example', `${stranger}@conference.${domain}`])
      expect((await clear('cleo', foreign)).json()).toMatchObject({ status: 404, code: 'not.found' });
  });

  test('a jabberId without a domain is a user of the app’s own, and of the caller’s conversations', async () => {
    const odd = 'o’neil/2';
    for (const friend of ['bare', odd])
      await messageFrom(world, await conversationOf(world, 'lena', friend), friend);
    const room = await conversationOf(world, 'lena', 'bare', odd);
    await messageFrom(world, room, 'bare');
    expect((await clear('lena', 'bare')).statusCode).toBe(204);
    expect((await listing('lena')).entities.map(({ entity }) => entity.id)).toEqual([odd, room]);
    for (const wrong of [odd, 'a b', '"', '\\20@'])
      expect((await clear('lena', wrong)).json()).toMatchObject({ status: 400, code: 'bad.request' });
    for (const unknown of ['nobody', 'lena', room, `conference.${world.app}.badged`, 'o’neil\\2F2'])
      expect((await clear('lena', unknown)).json()).toMatchObject({ status: 404, code: 'not.found' });
    expect((await clear('lena', 'o’neil\\2f2')).statusCode).toBe(204);
    expect((await listing('lena')).entities.map(({ entity }) => entity.id)).toEqual([room]);
  });

  test('promise 8: the same names in another app are other people', async () => {
    await messageFrom(world, await conversationOf(world, 'iso', 'dan'), 'dan');
    const other = await api('iso', 'GET', '/badges/chats', world.otherApp);
    expect(other.json()).toMatchObject({ total: 0 });
    const jabberId = encodeURIComponent(`dan@${world.app}.badged`);
    expect((await api('iso', 'DELETE', `/badges/chats/${jabberId}`, world.otherApp)).statusCode).toBe(404);
    expect((await listing('iso')).total).toBe(1);
  });
});

describe('errors', () => {
  test('of addresses and methods that there are not', async () => {
    expect((await api('ann', 'GET', '/nothing')).json()).toMatchObject({ status: 404, code: 'not.found' });
    const answer = await world.http.inject({ method: 'PATCH', url: '/api/v2/badges/chats' });
    expect(answer.json()).toMatchObject({ status: 405, code: 'method.not.allowed' });
    expect(answer.headers.allow).toContain('GET');
  });

  test('without a token', async () => {
    const answer = await world.http.inject('/api/v2/badges/chats');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ status: 401, code: 'authentication.required' });
  });
});
