/** Badges over HTTP: the number, what it is made of, and the external counts in it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badgeOf, conversationOf, messageFrom, openWorld, text, uuidOf, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const put = async (path: string, body: unknown) => (await world.inApp('PUT', path, { body })).statusCode;
const configure = (body: object) =>
  world.send('PATCH', `/admin/apps/${world.app}`, { token: world.adminToken, body });

test('the three counts come first, then the badge and what made it', async () => {
  expect(await put('/users/1234/badge', { external_unread_count: 13 })).toBe(204);
  const answer = await world.inApp('GET', '/users/1234/badge');
  expect(answer.body).toBe(
    '{"external_unread_count":13,"unread_conversation_count":0,"unread_message_count":0,' +
      '"unread_announcement_count":0,"badge":13,"badge_mode":"unread_messages"}',
  );
});

test('0 is kept as 0, and a POST is as good as a PUT', async () => {
  expect(await put('/users/zero/badge', { external_unread_count: 0 })).toBe(204);
  expect(await badgeOf(world, 'zero')).toMatchObject({ external_unread_count: 0, badge: 0 });
  const post = await world.inApp('POST', '/users/zero/badge', { body: { external_unread_count: 4 } });
  expect([post.statusCode, post.body]).toEqual([204, '']);
  expect(await badgeOf(world, 'zero')).toMatchObject({ external_unread_count: 4 });
  expect(await put('/users/zero/badge', { external_unread_count: 2_147_483_647 })).toBe(204);
});

test("a user whom the app has not named reads 0 with their own token, and is unknown to the app's", async () => {
  const token = await world.userToken('unnamed');
  const read = (path: string, of = token) => world.inApp('GET', `/users/unnamed/${path}`, { token: of });
  const zero = {
    external_unread_count: 0,
    unread_conversation_count: 0,
    unread_message_count: 0,
    unread_announcement_count: 0,
    badge: 0,
    badge_mode: 'unread_messages',
  };
  expect((await read('badge')).json()).toEqual(zero);
  expect((await read('badge?conversations=true')).json()).toEqual({
    ...zero,
    conversations: [],
    more_conversations: false,
  });
  expect((await read('badge/explain')).json()).toMatchObject({ ...zero, items: [] });
  const list = await read('conversations');
  expect([list.json(), list.headers['layer-count']]).toEqual([[], '0']);
  for (const path of ['badge', 'badge?conversations=true', 'badge/explain', 'conversations'])
    expect((await read(path, world.token)).statusCode, path).toBe(404);
  expect((await read('conversations/room-42')).statusCode).toBe(404);

  await configure({ badge_mode: 'disabled' });
  expect((await read('badge')).json()).toMatchObject({ badge: null, badge_mode: 'disabled' });
  await configure({ badge_mode: 'unread_messages' });
});

test('named counts are added to the unnamed one, and removed one by one', async () => {
  await put('/users/named/badge', { external_unread_count: 1 });
  expect(await put('/users/named/badge/external/tasks', { count: 3 })).toBe(204);
  expect(await put(`/users/named/badge/external/${encodeURIComponent('a/b é')}`, { count: 5 })).toBe(204);
  expect(await badgeOf(world, 'named')).toMatchObject({ external_unread_count: 9 });
  const { external } = (await world.inApp('GET', '/users/named/badge/explain')).json();
  expect(external).toEqual({ '': 1, tasks: 3, 'a/b é': 5 });
  const gone = await world.inApp('DELETE', '/users/named/badge/external/tasks');
  expect([gone.statusCode, (await badgeOf(world, 'named')).badge]).toEqual([204, 6]);
  expect(await put('/users/named/badge/external/tasks', { count: -1 })).toBe(422);
  expect(await put(`/users/named/badge/external/${'n'.repeat(256)}`, { count: 1 })).toBe(422);
});

test('many users are set at once, and read at one moment', async () => {
  const post = (body: object) => world.inApp('POST', '/users/badge', { body });
  const set = await post({ users: { u1: 12, u2: 0 } });
  expect([set.statusCode, set.body]).toEqual([204, '']);
  const read = await post({ user_ids: ['u2', 'stranger', 'u1'] });
  expect(read.statusCode).toBe(200);
  const again = await world.inApp('POST', '/badges/read', { body: { user_ids: ['u2', 'stranger', 'u1'] } });
  expect([again.statusCode, again.json()]).toEqual([200, read.json()]);
  expect(read.json().users).toMatchObject({ u1: { badge: 12 }, u2: { badge: 0 }, stranger: null });
  expect((await post({ users: {}, user_ids: [] })).json()).toMatchObject({ code: 105 });
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`many${i}`, 1]));
  expect((await post({ users: many })).json()).toMatchObject({ code: 105, data: { property: 'users' } });
  expect((await post({ user_ids: Object.keys(many) })).json()).toMatchObject({
    data: { property: 'user_ids' },
  });
});

test('a user may be called badge', async () => {
  expect(await put('/users/badge/badge', { external_unread_count: 2 })).toBe(204);
  expect(await badgeOf(world, 'badge')).toMatchObject({ badge: 2 });
  expect((await world.inApp('PATCH', '/users/badge', { body: [] })).statusCode).toBe(202);
});

test('an ETag saves the answer as long as nothing changed', async () => {
  await put('/users/tagged/badge', { external_unread_count: 1 });
  const get = (tag: string) =>
    world.inApp('GET', '/users/tagged/badge', { headers: { 'if-none-match': tag } });
  const tag = `${(await world.inApp('GET', '/users/tagged/badge')).headers.etag}`;
  expect(tag).toMatch(/^"[\w-]+"$/);
  for (const tags of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const answer = await get(tags);
    expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', tag]);
  }
  await put('/users/tagged/badge', { external_unread_count: 2 });
  expect((await get(tag)).statusCode).toBe(200);
});

test('promise 2: each mode makes another number of the same counts', async () => {
  const id = await conversationOf(world, 'p1', 'p2');
  await messageFrom(world, id, 'p1');
  await messageFrom(world, id, 'p1');
  await messageFrom(world, await conversationOf(world, 'p1', 'p2'), 'p1');
  await put('/users/p2/badge', { external_unread_count: 10 });
  await world.inApp('POST', '/announcements', {
    body: { recipients: ['p2'], sender: { name: 'x' }, parts: text('x') },
  });
  const badge = async (badge_mode: string, include_announcements: boolean) => {
    await configure({ badge_mode, include_announcements });
    return (await badgeOf(world, 'p2')).badge;
  };
  expect(await badge('unread_messages', false)).toBe(13);
  expect(await badge('unread_messages', true)).toBe(14);
  expect(await badge('unread_conversations', false)).toBe(12);
  expect(await badge('unread_conversations', true)).toBe(13);
  expect(await badge('external', false)).toBe(10);
  expect(await badge('external', true)).toBe(11);
  expect(await badge('disabled', true)).toBe(null);
  await configure({ badge_mode: 'unread_messages', include_announcements: false });
});

describe('promise 10: the items of an explanation sum to the badge', () => {
  const counts = async (): Promise<{ id: string; announcement: string }> => {
    const id = await conversationOf(world, 'e1', 'e2');
    const [first] = [
      await messageFrom(world, id, 'e1'),
      await messageFrom(world, id, 'e1'),
      await messageFrom(world, id, 'e1'),
    ];
    await messageFrom(world, id, 'e2');
    const deleted = await messageFrom(world, id, 'e1');
    await world.inApp('DELETE', `/conversations/${id}/messages/${deleted}`);
    await world.inApp('POST', `/users/e2/messages/${first}/receipts`, { body: { type: 'read' } });
    const muted = await conversationOf(world, 'e1', 'e2');
    await messageFrom(world, muted, 'e1');
    await world.inApp('PUT', `/users/e2/conversations/${muted}/notifications`, { body: { level: 'none' } });
    await put('/users/e2/badge', { external_unread_count: 3 });
    await put('/users/e2/badge/external/tasks', { count: 4 });
    const announced = await world.inApp('POST', '/announcements', {
      body: { recipients: ['e2'], sender: { name: 'x' }, parts: text('x') },
    });
    return { id, announcement: announced.json().id };
  };

  test.each([
    ['unread_messages', true, 10],
    ['unread_messages', false, 9],
    ['unread_conversations', true, 9],
    ['external', false, 7],
    ['disabled', true, null],
  ])('%s, announcements included: %s', async (badge_mode, include_announcements, badge) => {
    const { id, announcement } = seen ?? (await counts());
    seen = { id, announcement };
    await configure({ badge_mode, include_announcements });
    const token = await world.userToken('e2');
    const explained = (await world.inApp('GET', '/users/e2/badge/explain', { token })).json();
    const sum = explained.items.reduce((total: number, { adds }: { adds: number }) => total + adds, 0);
    expect(explained).toMatchObject({
      badge,
      badge_mode,
      include_announcements,
      announcements: [announcement],
    });
    expect(sum).toBe(badge ?? 0);
    expect(explained.summary).toContain(badge === null ? 'disabled' : `${badge}`);
    const conversation = explained.conversations.find((one: { id: string }) => uuidOf(one.id) === id);
    expect(conversation).toMatchObject({ unread_message_count: 2, badge_count: 2, last_position: 5 });
    for (const { because } of explained.items) expect(because).toMatch(/^[A-Z0-9].+\.$/);
    await configure({ badge_mode: 'unread_messages', include_announcements: false });
  });
  let seen: { id: string; announcement: string } | undefined;
});
