/** How many users one request may name: the same on every route, refused before any of them is read. */
import { limits } from '@badged/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Method, openWorld, text, type World } from './world.js';

const most = limits.usersPerRequest;
const patchType = { 'content-type': 'application/vnd.layer-patch+json' };

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Each names these users. */
const requests: readonly [name: string, Method, path: string, body: (users: readonly string[]) => unknown][] =
  [
    ['create_conversation', 'POST', '/conversations', (participants) => ({ participants })],
    [
      'create_announcement',
      'POST',
      '/announcements',
      (recipients) => ({ recipients, sender: { name: 'system' }, parts: text('hello') }),
    ],
    [
      'create_notification',
      'POST',
      '/notifications',
      (recipients) => ({ recipients, notification: { text: 'hello' } }),
    ],
    ...(['add', 'remove', 'set'] as const).map((operation): (typeof requests)[number] => [
      `change_conversation, ${operation}`,
      'PATCH',
      '/conversations/room',
      (value) => [{ operation, property: 'participants', value }],
    ]),
    [
      'change_conversation, two lists',
      'PATCH',
      '/conversations/room',
      (users) => [
        { operation: 'add', property: 'participants', value: users.slice(1) },
        { operation: 'remove', property: 'participants', value: users[0] },
      ],
    ],
    ['change_blocks', 'PATCH', '/users/owner', (value) => [{ operation: 'add', property: 'blocks', value }]],
  ];

describe('the users that one request may name', () => {
  test.each(requests)(`are no more than ${most}: %s`, async (_name, method, path, body) => {
    await world.inApp('POST', '/conversations', { body: { id: 'room', participants: ['ann'] } });
    const users = Array.from({ length: most + 1 }, (_, number) => `user ${number}`);
    const headers = method === 'PATCH' ? { headers: patchType } : {};
    const refused = await world.inApp(method, path, { body: body(users), ...headers });
    expect(refused.statusCode).toBe(422);
    expect(refused.json()).toMatchObject({ id: 'invalid_property' });
    expect(refused.json().message).toContain(`${most}`);
  });

  test(`are ${most} if the caller likes`, async () => {
    const participants = Array.from({ length: most }, (_, number) => `user ${number}`);
    const created = await world.inApp('POST', '/conversations', { body: { participants } });
    expect(created.statusCode).toBe(201);
  });

  test('a refused request names a list that is not even read', async () => {
    const participants = Array.from({ length: most + 1 }, () => '');
    const refused = await world.inApp('POST', '/conversations', { body: { participants } });
    expect(refused.json().message).toContain('Send the others in further requests.');
  });

  test('add and remove of a patch take one user or a list', async () => {
    await world.inApp('POST', '/conversations', { body: { id: 'lists', participants: ['ann'] } });
    const patch = (operation: 'add' | 'remove', value: unknown) =>
      world.inApp('PATCH', '/conversations/lists', {
        body: [{ operation, property: 'participants', value }],
        headers: patchType,
      });
    const participants = async () => (await world.inApp('GET', '/conversations/lists')).json().participants;
    await patch('add', ['bob', 'cem', 'bob']);
    await patch('add', 'dan');
    expect(await participants()).toEqual(['ann', 'bob', 'cem', 'dan']);
    await patch('remove', ['ann', 'cem', 'zoe']);
    await patch('remove', 'dan');
    expect(await participants()).toEqual(['bob']);
    const wrong = await patch('add', ['ann', 1]);
    expect(wrong.json()).toMatchObject({ id: 'invalid_property', data: { property: 'value' } });
  });
});
