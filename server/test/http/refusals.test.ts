/** Requests that are refused for what is in them: the answer names what is wrong, and nothing has changed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorId } from '../../src/http/foundation/errors.js';
import { type Answer, expectError } from './expect_error.js';
import { conversationOf, messageFrom, openWorld, text, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('what is wrong is named', () => {
  const conversation = (body: object) => world.inApp('POST', '/conversations', { body });
  const message = async (body: object) => {
    const id = await conversationOf(world, 'a', 'b');
    return world.inApp('POST', `/conversations/${id}/messages`, { body });
  };
  const parts = text('hello');
  const sender = { user_id: 'a' };

  test.each<[string, () => Promise<Answer>, ErrorId, string]>([
    [
      'an empty list of participants',
      () => conversation({ participants: [] }),
      'invalid_property',
      'participants',
    ],
    [
      'participants that are no list',
      () => conversation({ participants: 'a' }),
      'invalid_property',
      'participants',
    ],
    [
      'a participant that is no text',
      () => conversation({ participants: [1] }),
      'invalid_property',
      'participants.0',
    ],
    ['an empty user id', () => conversation({ participants: [''] }), 'invalid_property', 'participants'],
    [
      'a user id of 256 bytes',
      () => conversation({ participants: ['ü'.repeat(128)] }),
      'invalid_property',
      'participants',
    ],
    [
      'half of a surrogate pair',
      () => conversation({ participants: ['\ud800'] }),
      'invalid_property',
      'participants',
    ],
    [
      'a conversation id that is too long',
      () => conversation({ id: 'x'.repeat(256), participants: ['a'] }),
      'invalid_property',
      'id',
    ],
    ['a message id that is no UUID', () => message({ sender, id: 'x' }), 'invalid_property', 'id'],
    [
      'a list in metadata',
      () => conversation({ participants: ['a'], metadata: { tags: ['x'] } }),
      'invalid_property',
      'metadata.tags',
    ],
    [
      'metadata that is no object',
      () => conversation({ participants: ['a'], metadata: 'x' }),
      'invalid_property',
      'metadata',
    ],
    ['a message with no parts', () => message({ sender, parts: [] }), 'invalid_property', 'parts'],
    [
      'a part without a body',
      () => message({ sender, parts: [{ mime_type: 'text/plain' }] }),
      'missing_property',
      'parts.0.body',
    ],
    ['a message from nobody', () => message({ parts }), 'missing_property', 'sender'],
    [
      'a message from two',
      () => message({ sender: { user_id: 'a', name: 'system' }, parts }),
      'invalid_property',
      'sender',
    ],
    [
      'a sender who takes no part',
      () => message({ sender: { user_id: 'z' }, parts }),
      'invalid_property',
      'sender.user_id',
    ],
    [
      'a mention of somebody else',
      () => message({ sender, parts, mentions: ['z'] }),
      'invalid_property',
      'mentions',
    ],
    [
      'a badge in a notification',
      () => message({ sender, parts, notification: { badge: 3 } }),
      'invalid_property',
      'notification.badge',
    ],
    [
      'a badge for APNs',
      () => message({ sender, parts, notification: { apns: { aps: { badge: 0 } } } }),
      'invalid_property',
      'notification.apns.aps.badge',
    ],
    [
      'a badge for one recipient',
      () => message({ sender, parts, notification: { recipients: [{ user_id: 'b', badge: 1 }] } }),
      'invalid_property',
      'notification.recipients.0.badge',
    ],
    [
      'a notification text that is none',
      () => message({ sender, parts, notification: { text: 5 } }),
      'invalid_property',
      'notification.text',
    ],
    [
      'a page of none',
      () => world.inApp('GET', '/users/a/conversations?page_size=0'),
      'invalid_property',
      'page_size',
    ],
    [
      'a page of 101',
      () => world.inApp('GET', '/users/a/conversations?page_size=101'),
      'invalid_property',
      'page_size',
    ],
    [
      'a page of half',
      () => world.inApp('GET', '/users/a/conversations?page_size=1.5'),
      'invalid_property',
      'page_size',
    ],
    [
      'an unknown order',
      () => world.inApp('GET', '/users/a/conversations?sort_by=size'),
      'invalid_property',
      'sort_by',
    ],
    [
      'a page after what can be no conversation',
      () => world.inApp('GET', `/users/a/conversations?from_id=${'x'.repeat(256)}`),
      'invalid_property',
      'from_id',
    ],
    [
      'an external count that is text',
      () => world.inApp('PUT', '/users/a/badge', { body: { external_unread_count: '3' } }),
      'invalid_property',
      'external_unread_count',
    ],
    [
      'an external count of null',
      () => world.inApp('PUT', '/users/a/badge', { body: { external_unread_count: null } }),
      'invalid_property',
      'external_unread_count',
    ],
    [
      'a fraction of a count',
      () => world.inApp('PUT', '/users/a/badge', { body: { external_unread_count: 1.5 } }),
      'invalid_property',
      'external_unread_count',
    ],
    [
      'a badge call without a user',
      () => world.inApp('POST', '/users/badge', { body: { external_unread_count: 12 } }),
      'missing_property',
      'users',
    ],
    [
      'a user token that never ends',
      () => world.inApp('POST', '/users/a/tokens', { body: { expires_in: 1e9 } }),
      'invalid_property',
      'expires_in',
    ],
    [
      'an announcement by a user',
      () =>
        world.inApp('POST', '/announcements', {
          body: { recipients: ['a'], sender: { user_id: 'a' }, parts },
        }),
      'invalid_property',
      'sender.user_id',
    ],
    [
      'an announcement to somebody',
      () =>
        world.inApp('POST', '/announcements', {
          body: { recipients: 'somebody', sender: { name: 'x' }, parts },
        }),
      'invalid_property',
      'recipients',
    ],
    [
      'a muted_until without a zone',
      async () => notify({ level: 'all', muted_until: '2030-01-01T00:00:00' }),
      'invalid_property',
      'muted_until',
    ],
    ['an unknown level', async () => notify({ level: 'some' }), 'invalid_property', 'level'],
    [
      'an operation that is none',
      () => patch([{ operation: 'append', property: 'participants' }]),
      'invalid_property',
      '0.operation',
    ],
    [
      'a property that is none',
      () => patch([{ operation: 'set', property: 'title', value: 'x' }]),
      'invalid_property',
      'property',
    ],
    [
      'an addition of nobody',
      () => patch([{ operation: 'add', property: 'participants' }]),
      'missing_property',
      'value',
    ],
    [
      'metadata that would be a prototype',
      () => patch([{ operation: 'set', property: 'metadata.__proto__.x', value: 'x' }]),
      'invalid_property',
      'metadata.__proto__.x',
    ],
  ])('%s', async (_what, send, id, property) => {
    expectError(await send(), id, { property });
  });

  const notify = async (body: object) => {
    const id = await conversationOf(world, 'a', 'b');
    return world.inApp('PUT', `/users/a/conversations/${id}/notifications`, { body });
  };
  const patch = async (body: object) => {
    const id = await conversationOf(world, 'a', 'b');
    return world.inApp('PATCH', `/conversations/${id}`, { body });
  };

  test('nothing that was refused has changed anything', async () => {
    await world.inApp('PUT', '/users/steady/badge', { body: { external_unread_count: 7 } });
    for (const external_unread_count of [-1, '8', null, 1.5, 2 ** 31, true, [8]]) {
      const answer = await world.inApp('PUT', '/users/steady/badge', { body: { external_unread_count } });
      expect(answer.statusCode).toBe(422);
    }
    const partly = await world.inApp('POST', '/users/badge', { body: { users: { steady: 9, other: -1 } } });
    expectError(partly, 'invalid_property', { property: 'users.other' });
    expect((await world.inApp('GET', '/users/steady/badge')).json().external_unread_count).toBe(7);
  });

  test('what does not exist is not found, and what is no id does not exist', async () => {
    const id = await conversationOf(world, 'a', 'b');
    const message = await messageFrom(world, id, 'a');
    for (const [method, path] of [
      ['GET', `/conversations/${randomUUID()}`],
      ['GET', '/conversations/none'],
      ['GET', `/users/stranger/conversations`],
      ['GET', `/users/stranger/conversations/${id}`],
      ['GET', '/users/stranger/blocks'],
      ['GET', '/users/stranger/badge/explain'],
      ['DELETE', `/conversations/${randomUUID()}`],
      ['DELETE', `/conversations/${id}/messages/${randomUUID()}`],
      ['DELETE', `/conversations/${await conversationOf(world, 'a')}/messages/${message}`],
    ] as const) {
      expectError(await world.inApp(method, path), 'not_found');
    }
    const receipt = { body: { type: 'read' } };
    expectError(
      await world.inApp('POST', `/users/stranger/messages/${message}/receipts`, receipt),
      'not_found',
    );
    expectError(
      await world.inApp('POST', `/users/a/messages/${randomUUID()}/receipts`, receipt),
      'not_found',
    );
    expectError(
      await world.inApp('POST', `/users/a/announcements/${randomUUID()}/receipts`, receipt),
      'not_found',
    );
  });
});
