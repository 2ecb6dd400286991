/** How much a request may hold is limited before anything is done with it. */
import { limits } from '@badged/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { structureExceeds } from '../../src/http/foundation/json_structure.js';
import { openWorld, text, type World } from './world.js';

/** The body schemas of all routes, by method and URL. */
const bodies = new Map<string, unknown>();
let world: World;
beforeAll(async () => {
  world = await openWorld({
    beforeReady: (http) =>
      http.addHook('onRoute', ({ method, url, schema }) => {
        if (schema?.body !== undefined) bodies.set(`${method} ${url}`, schema.body);
      }),
  });
});
afterAll(() => world.close());

describe('the schemas of bodies', () => {
  test('bound every list that they contain', () => {
    expect(bodies.size).toBeGreaterThan(25);
    const unbound = [...bodies].flatMap(([route, schema]) =>
      listsIn(schema)
        .filter(({ list }) => member(list, 'maxItems') === undefined)
        .map(({ path }) => `${route}: ${path}`),
    );
    expect(unbound).toEqual([]);
  });

  test('say how to go on where a list is too long', async () => {
    const user_ids = Array.from({ length: limits.batchOperations + 1 }, () => 'a');
    const refused = await world.inApp('POST', '/badges/read', { body: { user_ids } });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().message).toBe(
      'user_ids must be a list of at most 1000 items. Send the others in further requests.',
    );
    const recipients = Array.from({ length: limits.usersPerRequest + 1 }, () => 'a');
    const announcement = { recipients, sender: { name: 'system' }, parts: text('news') };
    const longer = await world.inApp('POST', '/announcements', { body: announcement });
    expect(longer.json().message).toMatch(/^recipients must be a list of at most \d+ items\./);
  });

  test('bound the texts for single recipients of a notification', async () => {
    const recipients = (count: number) =>
      Array.from({ length: count }, (_, number) => ({ user_id: `user ${number}`, text: 'hello' }));
    const send = async (count: number) => {
      const notification = { text: 'hello', recipients: recipients(count) };
      return world.inApp('POST', '/notifications', { body: { recipients: ['user 0'], notification } });
    };
    expect((await send(limits.ownTextsPerNotification)).statusCode).toBe(202);
    expect((await send(limits.ownTextsPerNotification + 1)).json()).toMatchObject({
      id: 'invalid_property',
      data: { property: 'notification.recipients' },
    });
  });
});

describe('the structure of a JSON text', () => {
  test('of up to 64 levels passes, whatever the strings in it say', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const { depth } = measured(value);
        expect(structureExceeds(bytes) === undefined).toBe(depth <= limits.jsonDepth);
      }),
    );
  });

  test.each([
    ['levels of nesting', (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`, limits.jsonDepth],
    // One of the objects and arrays is the list itself.
    ['objects and arrays', (n: number) => `[${list('{}', n - 1)}]`, limits.jsonContainers],
    // One of the values is the list itself.
    ['values', (n: number) => `[${list('1', n - 1)}]`, limits.jsonValues],
    ['members of objects', manyMembers, limits.jsonMembers],
    ['members of one object', (n: number) => `{${list('"a":1', n)}}`, limits.jsonMembersPerObject],
  ])('may have up to so many %s, and no more', (what, make, limit) => {
    expect(structureExceeds(Buffer.from(make(limit)))).toBeUndefined();
    expect(structureExceeds(Buffer.from(make(limit + 1)))).toBe(`${what} than ${limit.toLocaleString('en')}`);
  });

  test('does not count what is inside of strings', () => {
    const noise = JSON.stringify(`${'[{,:'.repeat(60_000)}\\"${'"'.repeat(1_000)}`);
    expect(structureExceeds(Buffer.from(`{"a":${noise}}`))).toBeUndefined();
  });

  test('is checked on every route, and in every line of a batch', async () => {
    const body = `{"participants":[${list('1', limits.jsonValues)}]}`;
    const refused = await world.inApp('POST', '/conversations', { body });
    expect(refused.statusCode).toBe(400);
    expect(refused.json().message).toBe('The JSON has more values than 50,000. Send it in several requests.');
    const lines = await world.inApp('POST', '/events', {
      body: `${body}\n{"operation":"set_badge","user_id":"a","external_unread_count":1}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const statuses = lines.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).status);
    expect(statuses).toEqual([400, 204]);
  });
});

/** Spread over objects, each with as many as one may have, but the last. */
function manyMembers(count: number): string {
  const most = limits.jsonMembersPerObject;
  const objects = Array.from({ length: Math.ceil(count / most) }, (_, index) => {
    const members = Math.min(most, count - index * most);
    return `{${list('"a":1', members)}}`;
  });
  return `[${objects.join()}]`;
}

function list(item: string, count: number): string {
  return Array.from({ length: count }, () => item).join();
}

function measured(value: unknown): { depth: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0 };
  return { depth: 1 + Math.max(0, ...Object.values(value).map((inner) => measured(inner).depth)) };
}

/** Every list in a schema, however deep, with the path that leads there. */
function listsIn(schema: unknown, path = ''): { path: string; list: object }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = member(schema, 'type') === 'array' ? [{ path, list: schema }] : [];
  const inner = Object.entries(schema).flatMap(([key, value]) => listsIn(value, `${path}/${key}`));
  return [...own, ...inner];
}

function member(value: object, key: string): unknown {
  return Reflect.get(value, key);
}
