/** Properties that an endpoint does not know: misspellings are refused, and what clients in the field send is ignored. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminEndpoints } from '../../src/http/admin/endpoints.js';
import type { Endpoint } from '../../src/http/foundation/endpoint.js';
import { editDistance, nearestName } from '../../src/http/foundation/validation/edit_distance.js';
import { firstMisspelling } from '../../src/http/foundation/validation/problem.js';
import { layerEndpoints } from '../../src/http/layer/endpoints.js';
import { expectError } from './expect_error.js';
import { conversationOf, messageFrom, openWorld, text, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const namesOf = ({ body, query }: Endpoint): string[] =>
  Object.keys({ ...body.properties, ...query.properties });

const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz_');
type Edit = (name: string, at: number, letter: string) => string;
const edits: readonly Edit[] = [
  (name, at) => name.slice(0, at) + name.slice(at + 1),
  (name, at, letter) => name.slice(0, at) + letter + name.slice(at),
  (name, at, letter) => name.slice(0, at) + letter + name.slice(at + 1),
  (name, at) => name.slice(0, at) + (name[at + 1] ?? '') + (name[at] ?? '') + name.slice(at + 2),
];
const edit = fc.record({ change: fc.constantFrom(...edits), at: fc.nat(30), letter: letters });

describe('the nearest name', () => {
  test('of one edit is found, whatever the edit', () => {
    const name = fc.constantFrom('position', 'external_unread_count', 'sender_id', 'unread', 'level', 'type');
    fc.assert(
      fc.property(name, edit, (known, { change, at, letter }) => {
        const misspelled = change(known, at % known.length, letter);
        expect(editDistance(misspelled, known, 2)).toBeLessThanOrEqual(1);
        expect(nearestName(misspelled, ['zzzzzzzzzz', known])).toBe(known);
      }),
    );
  });

  test('of two edits is found in names of four characters and more', () => {
    const name = fc.constantFrom('position', 'external_unread_count', 'sender_id', 'unread', 'level', 'type');
    fc.assert(
      fc.property(name, edit, edit, (known, first, second) => {
        const once = first.change(known, first.at % known.length, first.letter);
        const twice = second.change(once, second.at % Math.max(1, once.length), second.letter);
        // A swap of letters that the first edit put between others costs three in this measure.
        fc.pre(editDistance(twice, known, 2) <= 2);
        expect(nearestName(twice, [known])).toBe(known);
      }),
    );
  });

  test('is symmetric, and zero for the same name alone', () => {
    const word = fc.string({ unit: letters, maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b, 8)).toBe(editDistance(b, a, 8));
        expect(editDistance(a, b, 8) === 0).toBe(a === b);
      }),
    );
  });

  test.each([
    ['postion', ['position'], 'position'],
    ['psoition', ['position'], 'position'],
    ['userId', ['user_id', 'name'], 'user_id'],
    ['positions', ['position'], 'position'],
    ['seq', ['position', 'id'], undefined],
    ['to', ['id'], undefined],
    ['idd', ['id'], 'id'],
  ])('of %s among %j is %s', (name, known, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });
});

describe('a misspelled property is refused', () => {
  const conversation = (body: object) => world.inApp('POST', '/conversations', { body });

  test('{"postion": 0} does not read everything', async () => {
    const id = await conversationOf(world, 'a', 'b');
    await messageFrom(world, id, 'a');
    const url = `/users/b/conversations/${id}`;
    const response = await world.inApp('POST', `${url}/mark_all_read`, { body: { postion: 0 } });
    expectError(response, 'invalid_property', { property: 'postion' });
    expect(response.json().message).toBe('postion is unknown. Did you mean position?');
    expect((await world.inApp('GET', url)).json().unread_message_count).toBe(1);
  });

  test('in place of one that is required, too', async () => {
    const response = await conversation({ partcipants: ['a'] });
    expectError(response, 'invalid_property', { property: 'partcipants' });
    expect(response.json().message).toContain('Did you mean participants?');
  });

  test('in a query', async () => {
    const response = await world.inApp('GET', '/users/a/conversations?unraed=true');
    expectError(response, 'invalid_property', { property: 'unraed' });
    expectError(await world.inApp('GET', '/users/a/badge?conversation=true'), 'invalid_property', {
      property: 'conversation',
    });
  });

  test('at every depth', async () => {
    const id = await conversationOf(world, 'a', 'b');
    const send = (body: object) => world.inApp('POST', `/conversations/${id}/messages`, { body });
    const message = { sender: { user_id: 'a' }, parts: text('x') };
    for (const [body, property] of [
      [{ ...message, sender: { userid: 'a' } }, 'sender.userid'],
      [{ ...message, parts: [{ ...text('x')[0], encodng: 'base64' }] }, 'parts.0.encodng'],
      [{ ...message, notification: { txet: 'x' } }, 'notification.txet'],
      [
        { ...message, notification: { recipients: [{ user_id: 'b', tilte: 'x' }] } },
        'notification.recipients.0.tilte',
      ],
    ] as const) {
      expectError(await send(body), 'invalid_property', { property });
    }
    const patched = await world.inApp('PATCH', `/conversations/${id}`, {
      body: [{ operation: 'delete', property: 'metadata.a', vlaue: 'x' }],
    });
    expectError(patched, 'invalid_property', { property: '0.vlaue' });
  });

  test('in an operation of a batch, and the others are applied', async () => {
    const id = await conversationOf(world, 'a', 'b');
    await messageFrom(world, id, 'a');
    const read = { operation: 'mark_all_read', user_id: 'b', conversation_id: id };
    const response = await world.inApp('POST', '/events', {
      body: [
        { ...read, postion: 0 },
        { ...read, reqest_id: 'x' },
        { ...read, position: 0, note: 'ours' },
      ],
    });
    expect(response.json()).toMatchObject([
      { status: 422, body: { id: 'invalid_property', data: { property: 'postion' } } },
      { status: 422, body: { id: 'invalid_property', data: { property: 'reqest_id' } } },
      { status: 204 },
    ]);
    const unread = await world.inApp('GET', `/users/b/conversations/${id}`);
    expect(unread.json().unread_message_count).toBe(1);
  });

  test('on every endpoint, for every property that it takes', () => {
    const endpoints = layerEndpoints.filter((endpoint) => namesOf(endpoint).length > 0);
    const choice = fc
      .constantFrom(...endpoints)
      .chain((endpoint) =>
        fc.record({ endpoint: fc.constant(endpoint), name: fc.constantFrom(...namesOf(endpoint)), edit }),
      );
    fc.assert(
      fc.property(choice, ({ endpoint, name, edit: { change, at, letter } }) => {
        const misspelled = change(name, at % name.length, letter);
        fc.pre(!namesOf(endpoint).includes(misspelled) && misspelled !== '');
        const schema = name in endpoint.body.properties ? endpoint.body : endpoint.query;
        expect(firstMisspelling(schema, { [misspelled]: 1 })).toMatchObject({
          kind: 'unknown',
          path: [misspelled],
        });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('other unknown properties', () => {
  test('are ignored, since clients in the field send them', async () => {
    const body = { participants: ['a', 'b'], sync: true, type: 'group', created_by: 'a', url: null };
    expect((await world.inApp('POST', '/conversations', { body })).statusCode).toBe(201);
    expect((await world.inApp('GET', '/users/a/conversations?mode=my_devices&leave=true')).statusCode).toBe(
      200,
    );
  });

  test('names of the caller’s own are theirs: metadata, and what a push carries', async () => {
    const metadata = { titel: 'x', nam: 'y', participant: { postion: '1' } };
    const id = await conversationOf(world, 'a', 'b');
    const created = await world.inApp('POST', '/conversations', { body: { participants: ['a'], metadata } });
    expect([created.statusCode, created.json().metadata]).toEqual([201, metadata]);
    const notification = { text: 'x', apns: { txet: 1, aps: { soudn: 1 } }, data: { usr_id: 'x' } };
    const body = { sender: { user_id: 'a' }, parts: text('x'), notification };
    expect((await world.inApp('POST', `/conversations/${id}/messages`, { body })).statusCode).toBe(201);
    const users = { user_id: 1, user: 2, users: 3 };
    expect((await world.inApp('POST', '/users/badge', { body: { users } })).statusCode).toBe(204);
  });

  test('what the field’s clients send beside what we take is not refused by accident', async () => {
    const id = await conversationOf(world, 'a', 'b');
    const content = { id: 'layer:///content/x', size: 3, expiration: '2030-01-01T00:00:00Z' };
    const part = { id: 'layer:///messages/x/parts/0', body: 'x', mime_type: 'text/plain', size: 1, content };
    const notification = {
      title: 'x',
      text: 'y',
      sound: 'z',
      'click-action': 'open',
      'mutable-content': 1,
      'content-available': 1,
      'queue-name': 'q',
      icon: 'i',
      color: '#fff',
      tag: 't',
      badge_count: 1,
    };
    const sender = { user_id: 'a', url: null, display_name: 'A', avatar_url: null };
    const message = { sender, parts: [part], notification, object: 'message', conversation: { id } };
    const sent = await world.inApp('POST', `/conversations/${id}/messages`, { body: message });
    expect(sent.statusCode, sent.body).toBe(201);
    const subscription = { endpoint: 'https://fcm.googleapis.com/x', expirationTime: null, keys: {} };
    const device = {
      device_id: 'd',
      type: 'fcm',
      token: 't',
      client_id: 'c',
      environment: 'x',
      app_version: '1',
    };
    const registered = await world.inApp('POST', '/users/a/push_tokens', { body: device });
    expect(registered.statusCode, registered.body).toBe(202);
    const announced = await world.inApp('POST', '/announcements', {
      body: {
        recipients: ['a'],
        sender: { name: 'x' },
        parts: text('x'),
        sender_id: 'layer:///identities/a',
      },
    });
    expect(announced.statusCode, announced.body).toBe(202);
    const schema = layerEndpoints.find(({ name }) => name === 'register_push_token')?.body;
    expect(schema && firstMisspelling(schema, { subscription })).toBeUndefined();
  });

  test('are refused on /admin, with the names that there are', async () => {
    const create = (body: object) => world.send('POST', '/admin/apps', { token: world.adminToken, body });
    const response = await create({ name: 'x', colour: 'red' });
    expectError(response, 'invalid_property', { property: 'colour' });
    expect(response.json().message).toBe(
      'colour is unknown. Leave it out, or use one of name, badge_mode, include_announcements, jabber_domain.',
    );
    const misspelled = await create({ name: 'x', badge_mod: 'disabled' });
    expect(misspelled.json().message).toBe('badge_mod is unknown. Did you mean badge_mode?');
    const queried = await world.send('GET', '/admin/apps?page=2', { token: world.adminToken });
    expectError(queried, 'invalid_property', { property: 'page' });
  });

  test('on every endpoint of /admin that takes any', () => {
    for (const { name, body, query } of adminEndpoints) {
      expect([name, body, query]).toMatchObject([
        name,
        { additionalProperties: false },
        { additionalProperties: false },
      ]);
    }
  });
});

describe('the sentence says what is wrong and what to send', () => {
  test.each<[string, string, object, string]>([
    [
      'POST',
      '/users/a/conversations/ID/mark_unread',
      { position: -1 },
      'position must be an integer of 0 or more.',
    ],
    [
      'POST',
      '/users/a/conversations/ID/mark_unread',
      { position: 'x' },
      'position must be an integer of 0 or more.',
    ],
    [
      'POST',
      '/users/a/conversations/ID/mark_unread',
      {},
      'position is missing. Send an integer of 0 or more.',
    ],
    [
      'POST',
      '/conversations/ID/messages',
      { sender: 'a', parts: text('x') },
      'sender must be an object, such as {"user_id": "alice"}.',
    ],
    ['POST', '/users/a/tokens', { expires_in: 0 }, 'expires_in must be an integer from 1 to 2592000.'],
    [
      'PUT',
      '/users/a/badge',
      { external_unread_count: 2 ** 40 },
      'external_unread_count must be an integer from 0 to 2147483647.',
    ],
    ['POST', '/conversations', { participants: ['a'], distinct: 'yes' }, 'distinct must be true or false.'],
    [
      'PUT',
      '/users/a/conversations/ID/notifications',
      { level: 'some' },
      'level must be one of "all", "mentions" and "none".',
    ],
    ['POST', '/conversations', { participants: 'a' }, 'participants must be a list.'],
  ])('%s %s %j', async (method, path, body, message) => {
    const id = await conversationOf(world, 'a', 'b');
    const response = await world.inApp(method === 'PUT' ? 'PUT' : 'POST', path.replace('ID', id), { body });
    expect(response.json().message).toMatch(message);
  });
});
