/** Conversations over HTTP: made, found again, changed, listed and read. */

import { randomUUID } from 'node:crypto';
import { limits } from '@badged/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badgeOf, conversationOf, messageFrom, openWorld, uuidOf, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const create = (body: object, headers: Record<string, string> = {}) =>
  world.inApp('POST', '/conversations', { body, headers });

describe('creating', () => {
  test('answers with ids, addresses and what was asked for', async () => {
    const answer = await create({
      participants: ['1234', '5678'],
      metadata: { title: 'Lunch', deep: { a: 'b', n: 5 } },
    });
    const body = answer.json();
    expect(answer.statusCode).toBe(201);
    expect(body.id).toMatch(/^layer:\/\/\/conversations\/[0-9a-f-]{36}$/);
    expect(body).toEqual({
      id: body.id,
      url: `http://localhost:80/apps/${world.app}/conversations/${uuidOf(body.id)}`,
      messages_url: `http://localhost:80/apps/${world.app}/conversations/${uuidOf(body.id)}/messages`,
      created_at: '2030-01-01T12:00:00.000Z',
      participants: ['1234', '5678'],
      participant_count: 2,
      participants_url: `http://localhost:80/apps/${world.app}/conversations/${uuidOf(body.id)}/participants`,
      distinct: false,
      metadata: { title: 'Lunch', deep: { a: 'b', n: 5 } },
    });
    const read = await world.inApp('GET', `/conversations/${encodeURIComponent(body.id)}`);
    expect(read.json()).toEqual(body);
  });

  test('a distinct conversation exists once for each set of participants', async () => {
    const first = await create({ participants: ['d1', 'd2'], distinct: true, metadata: { a: 'x', b: 'y' } });
    expect(first.statusCode).toBe(201);
    for (const metadata of [undefined, null, { b: 'y', a: 'x' }]) {
      const again = await create({ participants: ['d2', 'd1'], distinct: true, metadata });
      expect(again.statusCode).toBe(200);
      expect(again.json()).toEqual(first.json());
      expect(again.headers.location).toBe(first.json().url);
    }
    await world.inApp('PATCH', `/conversations/${uuidOf(first.json().id)}`, {
      body: [{ operation: 'add', property: 'participants', value: 'd3' }],
    });
    expect((await create({ participants: ['d1', 'd2'], distinct: true })).statusCode).toBe(201);
  });

  test('promise 3: the same id again answers the same, in either form', async () => {
    const id = randomUUID();
    const first = await create({ id, participants: ['a', 'b'], metadata: { t: 'x' } });
    const again = await create({
      id: `layer:///conversations/${id.toUpperCase()}`,
      participants: ['b', 'a', 'a'],
      distinct: false,
      metadata: { t: 'x' },
    });
    expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
    expect(again.json()).toEqual(first.json());
  });

  test('promise 3: the same request id again creates nothing, whatever the request says', async () => {
    const id = randomUUID();
    const before = (await world.inApp('GET', '/users/r1/conversations')).headers['layer-count'];
    expect(before).toBeUndefined();
    const first = await create({ participants: ['r1'] }, { 'if-none-match': id });
    const again = await create({ participants: ['r1'] }, { 'if-none-match': `"${id}"` });
    const other = await create({ participants: ['r1', 'r2'] }, { 'if-none-match': id.toUpperCase() });
    expect([first.statusCode, again.statusCode, other.statusCode]).toEqual([201, 201, 201]);
    expect(again.json()).toEqual(first.json());
    expect(other.json()).toEqual(first.json());
    expect((await world.inApp('GET', '/users/r1/conversations')).headers['layer-count']).toBe('1');
  });
});

describe('changing', () => {
  test('applies as a whole or not at all', async () => {
    const id = await conversationOf(world, 'a', 'b');
    const patch = (body: object[]) => world.inApp('PATCH', `/conversations/${id}`, { body });
    const done = await patch([
      { operation: 'add', property: 'participants', value: 'c' },
      { operation: 'add', property: 'participants', value: 'layer:///identities/c' },
      { operation: 'remove', property: 'participants', value: 'a' },
      { operation: 'remove', property: 'participants', value: 'nobody' },
      { operation: 'set', property: 'metadata.a.b', value: 'x' },
      { operation: 'set', property: 'metadata.n', value: 5 },
    ]);
    expect([done.statusCode, done.body]).toEqual([204, '']);
    const changed = (await world.inApp('GET', `/conversations/${id}`)).json();
    expect(changed).toMatchObject({ participants: ['b', 'c'], metadata: { a: { b: 'x' }, n: 5 } });
    const refused = await patch([
      { operation: 'delete', property: 'metadata.n' },
      { operation: 'set', property: 'participants', value: ['z'] },
      { operation: 'set', property: 'metadata.a.b.c', value: 'x' },
    ]);
    expect(refused.json()).toMatchObject({ code: 105, data: { property: 'metadata.a.b' } });
    expect((await world.inApp('GET', `/conversations/${id}`)).json()).toEqual(changed);
    await patch([
      { operation: 'set', property: 'participants', value: ['z'] },
      { operation: 'delete', property: 'metadata.a' },
      { operation: 'delete', property: 'metadata.never' },
    ]);
    const end = (await world.inApp('GET', `/conversations/${id}`)).json();
    expect(end).toMatchObject({ participants: ['z'], metadata: { n: 5 } });
    await patch([{ operation: 'set', property: 'metadata', value: { whole: 'new' } }]);
    expect((await world.inApp('GET', `/conversations/${id}`)).json().metadata).toEqual({ whole: 'new' });
  });

  test.each(['constructor', 'toString', 'hasOwnProperty'])('metadata may be called %s', async (key) => {
    const id = await conversationOf(world, 'a');
    const body = [{ operation: 'set', property: `metadata.${key}.inner`, value: 'x' }];
    expect((await world.inApp('PATCH', `/conversations/${id}`, { body })).statusCode).toBe(204);
    const { metadata } = (await world.inApp('GET', `/conversations/${id}`)).json();
    expect(Object.entries(metadata)).toEqual([[key, { inner: 'x' }]]);
  });

  test('more than 100 operations are refused, by a batch too', async () => {
    const id = await conversationOf(world, 'a');
    const set = (n: number) => ({ operation: 'set', property: 'metadata.n', value: n });
    const body = Array.from({ length: limits.patchOperations + 1 }, (_, n) => set(n));
    expect((await world.inApp('PATCH', `/conversations/${id}`, { body })).statusCode).toBe(400);
    const item = { operation: 'change_conversation', conversation_id: id, operations: body };
    const [inBatch] = (await world.inApp('POST', '/events', { body: [item] })).json();
    expect(inBatch).toMatchObject({ body: { data: { property: 'operations' } } });
    const fewer = body.slice(1);
    expect((await world.inApp('PATCH', `/conversations/${id}`, { body: fewer })).statusCode).toBe(204);
    const { metadata } = (await world.inApp('GET', `/conversations/${id}`)).json();
    expect(metadata).toEqual({ n: limits.patchOperations });
  });

  test('metadata that is too large or too deep is refused, by its value or by its path', async () => {
    const id = await conversationOf(world, 'a');
    const deep = Array.from({ length: limits.metadataLevels - 10 }).reduce((inner) => ({ a: inner }), 1);
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`key${n}`, n]));
    for (const [property, value] of [
      [`metadata${'.a'.repeat(11)}`, deep],
      ['metadata', many],
      ['metadata.x', many],
      [`metadata${'.a'.repeat(limits.metadataLevels + 1)}`, 1],
      [`metadata.${'x'.repeat(limits.metadataBytes)}`, 1],
    ] as const) {
      const body = [{ operation: 'set', property, value }];
      const refused = await world.inApp('PATCH', `/conversations/${id}`, { body });
      expect(refused.json()).toMatchObject({ code: 105, data: { property: 'metadata' } });
    }
    const body = [{ operation: 'set', property: `metadata${'.a'.repeat(limits.metadataLevels)}`, value: 1 }];
    expect((await world.inApp('PATCH', `/conversations/${id}`, { body })).statusCode).toBe(204);
  });

  test('deleting twice is deleting once, for everybody', async () => {
    const id = await conversationOf(world, 'x1', 'x2');
    await messageFrom(world, id, 'x1');
    expect((await badgeOf(world, 'x2')).badge).toBe(1);
    for (const _ of [1, 2])
      expect((await world.inApp('DELETE', `/conversations/${id}`)).statusCode).toBe(204);
    expect((await badgeOf(world, 'x2')).badge).toBe(0);
    expect((await world.inApp('GET', `/conversations/${id}`)).statusCode).toBe(410);
  });
});

describe("a user's view", () => {
  test('carries the count and the last message, for the app and for the user', async () => {
    const id = await conversationOf(world, 'v1', 'v2');
    const message = await messageFrom(world, id, 'v1');
    const token = await world.userToken('v2');
    const view = (await world.inApp('GET', `/users/v2/conversations/${id}`, { token })).json();
    expect(view).toMatchObject({
      id: `layer:///conversations/${id}`,
      url: `http://localhost:80/apps/${world.app}/users/v2/conversations/${id}`,
      unread_message_count: 1,
      last_message: {
        id: `layer:///messages/${message}`,
        position: 1,
        sender: { user_id: 'v1', name: null },
        sent_at: '2030-01-01T12:00:00.000Z',
        is_unread: true,
      },
      notifications: { level: 'all', muted_until: null },
    });
    expect((await world.inApp('GET', `/users/v2/conversations/${id}`)).json()).toEqual(view);
    expect((await world.inApp('GET', `/users/stranger/conversations/${id}`)).statusCode).toBe(404);
  });

  test('the list has pages, two orders, and a form with the unread ones only', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      world.clock.now += 1000;
      made.push(await conversationOf(world, 'l1', 'l2'));
    }
    world.clock.now += 1000;
    await messageFrom(world, made[1] ?? '', 'l1');
    const list = async (query: string) => {
      const answer = await world.inApp('GET', `/users/l2/conversations${query}`);
      const ids = answer.json().map(({ id }: { id: string }) => made.indexOf(uuidOf(id)));
      return [ids, answer.headers['layer-count']];
    };
    expect(await list('')).toEqual([[4, 3, 2, 1, 0], '5']);
    expect(await list('?sort_by=created_at&page_size=2')).toEqual([[4, 3], '5']);
    expect(await list(`?page_size=2&from_id=${made[3]}`)).toEqual([[2, 1], '5']);
    const uri = encodeURIComponent(`layer:///conversations/${made[1]}`);
    expect(await list(`?from_id=${uri}`)).toEqual([[0], '5']);
    expect(await list(`?from_id=${randomUUID()}`)).toEqual([[], '5']);
    expect(await list('?sort_by=last_message')).toEqual([[1, 4, 3, 2, 0], '5']);
    expect(await list('?unread=true')).toEqual([[1], '1']);
    expect(await list('?unread=false&page_size=100')).toEqual([[4, 3, 2, 1, 0], '5']);
  });
});

describe('reading and muting a whole conversation', () => {
  test('up to a position, to the end, and back', async () => {
    const id = await conversationOf(world, 'm1', 'm2');
    for (let i = 0; i < 5; i += 1) await messageFrom(world, id, 'm1');
    const token = await world.userToken('m2');
    const unread = async () => (await badgeOf(world, 'm2')).badge;
    const post = async (path: string, body?: object) => {
      const answer = await world.inApp('POST', `/users/m2/conversations/${id}/${path}`, { token, body });
      return answer.statusCode;
    };
    expect(await unread()).toBe(5);
    expect([await post('mark_all_read', { position: 2 }), await unread()]).toEqual([204, 3]);
    expect([await post('mark_all_read'), await unread()]).toEqual([204, 0]);
    expect([await post('mark_unread', { position: 4 }), await unread()]).toEqual([204, 2]);
    expect([await post('mark_unread', { position: 6 }), await unread()]).toEqual([422, 2]);
    expect([await post('mark_unread', { position: 0 }), await unread()]).toEqual([422, 2]);
    expect([await post('mark_unread'), await unread()]).toEqual([422, 2]);
    expect([await post('mark_all_read', { position: 6 }), await unread()]).toEqual([422, 2]);
    expect([await post('mark_all_read', {}), await unread()]).toEqual([204, 0]);
  });

  test('a muted conversation is listed with its count, and counts for nothing until it is over', async () => {
    const id = await conversationOf(world, 'n1', 'n2');
    await messageFrom(world, id, 'n1');
    const set = async (body: object) =>
      (await world.inApp('PUT', `/users/n2/conversations/${id}/notifications`, { body })).statusCode;
    const view = async () => (await world.inApp('GET', `/users/n2/conversations/${id}`)).json();
    const until = new Date(world.clock.now + 60_000).toISOString();
    expect(await set({ level: 'all', muted_until: until })).toBe(204);
    expect((await badgeOf(world, 'n2')).badge).toBe(0);
    expect(await view()).toMatchObject({ unread_message_count: 1, notifications: { muted_until: until } });
    world.clock.now += 60_000;
    expect((await badgeOf(world, 'n2')).badge).toBe(1);
    expect((await view()).notifications).toEqual({ level: 'all', muted_until: null });
    expect(await set({ level: 'mentions' })).toBe(204);
    expect((await badgeOf(world, 'n2')).badge).toBe(0);
    expect(await set({ level: 'none', muted_until: null })).toBe(204);
    expect((await view()).notifications).toEqual({ level: 'none', muted_until: null });
  });
});
