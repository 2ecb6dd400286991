/** Batches: in order, one bad operation at a time, as an array and as a stream over a real connection. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { layerEndpoints } from '../../src/http/layer/endpoints.js';
import { type Store, StoreUnavailable } from '../../src/store/port.js';
import { at } from './openapi_check.js';
import { badgeOf, conversationOf, openWorld, storeWith, text, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const parts = text('hello');
const batch = async (body: unknown) => (await world.inApp('POST', '/events', { body })).json();

test('operations take effect and are answered in order, and one bad one spoils no other', async () => {
  const conversation_id = randomUUID();
  const message_id = randomUUID();
  const announcement_id = randomUUID();
  const b = { user_id: 'b', conversation_id };
  const answers = await batch([
    { operation: 'create_conversation', id: conversation_id, participants: ['a', 'b'] },
    { operation: 'send_message', conversation_id, id: message_id, sender: { user_id: 'a' }, parts },
    { operation: 'send_message', conversation_id, sender: { user_id: 'z' }, parts },
    { operation: 'send_message', conversation_id, sender: { user_id: 'a' }, parts },
    { operation: 'send_message', conversation_id, sender: { user_id: 'a' }, parts },
    { operation: 'create_message_receipt', user_id: 'b', message_id, type: 'read' },
    { operation: 'mark_all_read', ...b, position: 2 },
    { operation: 'mark_unread', ...b, position: 2 },
    { operation: 'set_notifications', ...b, level: 'all' },
    {
      operation: 'change_conversation',
      conversation_id,
      operations: [{ operation: 'add', property: 'participants', value: 'c' }],
    },
    { operation: 'set_badge', user_id: 'b', external_unread_count: 10 },
    { operation: 'set_external_count', user_id: 'b', name: 'tasks', count: 100 },
    { operation: 'set_external_count', user_id: 'b', name: 'gone', count: 1000 },
    { operation: 'delete_external_count', user_id: 'b', name: 'gone' },
    { operation: 'set_badges', users: { c: 1 } },
    {
      operation: 'create_announcement',
      id: announcement_id,
      recipients: ['b'],
      sender: { name: 'x' },
      parts,
    },
    { operation: 'create_announcement_receipt', user_id: 'b', announcement_id, type: 'read' },
    { operation: 'create_block', owner_id: 'b', user_id: 'y' },
    { operation: 'delete_block', owner_id: 'b', user_id: 'y' },
    {
      operation: 'change_blocks',
      owner_id: 'b',
      operations: [{ operation: 'add', property: 'blocks', value: 'v' }],
    },
    { operation: 'delete_message', conversation_id, message_id },
    { operation: 'delete_conversation', conversation_id: await conversationOf(world, 'q') },
  ]);
  const status = answers.map((answer: { status: number }) => answer.status);
  expect(status).toEqual([
    201,
    201,
    422,
    201,
    201,
    ...Array(10).fill(204),
    202,
    ...Array(3).fill(204),
    202,
    204,
    204,
  ]);
  expect(answers[0].body.id).toBe(`layer:///conversations/${conversation_id}`);
  expect(answers[2].body).toMatchObject({ code: 105, data: { property: 'sender.user_id' } });
  expect(answers[4].body.position).toBe(3);
  expect(answers[5]).toEqual({ status: 204 });
  expect(await badgeOf(world, 'b')).toMatchObject({
    unread_message_count: 2,
    badge: 112,
    unread_announcement_count: 0,
  });
});

test('promise 3: the request id of an operation, and its own id, keep a repeat from doing it twice', async () => {
  const conversation_id = await conversationOf(world, 'r1', 'r2');
  const send = { operation: 'send_message', conversation_id, sender: { user_id: 'r1' }, parts };
  const items = [
    { ...send, request_id: randomUUID() },
    { ...send, id: randomUUID() },
  ];
  expect(await batch([...items, ...items])).toEqual([...(await batch(items)), ...(await batch(items))]);
  expect(await badgeOf(world, 'r2')).toMatchObject({ badge: 2 });
});

test('what is no operation is answered where it stands', async () => {
  const answers = await batch([
    5,
    null,
    [],
    {},
    { operation: 'get_badge', user_id: 'a' },
    { operation: 'constructor' },
    { operation: 'set_badge', external_unread_count: 1 },
    { operation: 'change_conversation', conversation_id: randomUUID(), operations: [{}] },
    { operation: 'create_conversation', participants: ['a'], request_id: 'x' },
    { operation: 'create_conversation', participants: ['a'], request_id: 5 },
  ]);
  expect(answers.map(({ body }: { body: { code: number } }) => body.code)).toEqual([
    10, 10, 10, 104, 9, 9, 104, 104, 3, 3,
  ]);
  expect(answers[7].body.data).toEqual({ property: 'operations.0.operation' });
});

test('a batch as a whole is a list of at most 1,000', async () => {
  expect(await batch([])).toEqual([]);
  expect(await batch({ operation: 'set_badge' })).toMatchObject({ code: 10 });
  const item = { operation: 'set_badge', user_id: 'many', external_unread_count: 1 };
  expect(await batch(Array(1000).fill(item))).toHaveLength(1000);
  expect(await batch(Array(1001).fill(item))).toMatchObject({ code: 10 });
});

test('its operations are those endpoints that write, by their names', async () => {
  const reading = [
    'get_badge',
    'explain_badge',
    'get_conversation',
    'list_participants',
    'list_user_conversation_participants',
    'list_user_conversations',
    'get_user_conversation',
    'list_blocks',
    'list_push_tokens',
    'list_own_push_tokens',
    'list_messages',
    'get_message',
    'list_user_messages',
    'get_user_message',
    'get_user_conversation_message',
  ];
  // The same as another one under another address, or nothing to do in a batch.
  const doubled = [
    'post_badge',
    'patch_badge',
    'send_user_message',
    'delete_user_message',
    'delete_user_conversation',
    'create_own_message_receipt',
    'create_own_announcement_receipt',
    'register_own_push_token',
    'unregister_own_push_token',
    'create_user_token',
  ];
  const others = layerEndpoints.filter(({ batch }) => !batch).map(({ name }) => name);
  expect(others.sort()).toEqual([...reading, ...doubled].sort());
  const document = (await world.send('GET', '/openapi.json')).json();
  const { schema } = document.paths['/apps/{app_uuid}/events'].post.requestBody.content['application/json'];
  const { schemas } = document.components;
  expect(schema.items.$ref).toBe('#/components/schemas/BatchOperation');
  const documented = schemas.BatchOperation.anyOf.map(({ $ref }: { $ref: string }) =>
    at(schemas[$ref.slice($ref.lastIndexOf('/') + 1)], ['properties', 'operation', 'const']),
  );
  expect(documented).toEqual(layerEndpoints.filter(({ batch }) => batch).map(({ name }) => name));
});

describe('as newline-delimited JSON', () => {
  const ndjson = { 'content-type': 'application/x-ndjson' };
  const count = (user_id: string, n: number) =>
    JSON.stringify({ operation: 'set_badge', user_id, external_unread_count: n });
  const stream = async (body: string | Buffer) => {
    const answer = await world.http.inject({
      method: 'POST',
      url: `/apps/${world.app}/events`,
      headers: { authorization: `Bearer ${world.token}`, ...ndjson, accept: 'application/x-ndjson' },
      payload: body,
    });
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    return answer.body
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };

  test('every line is answered by a line, blank ones excepted', async () => {
    const answers = await stream(
      `${count('s', 1)}\r\n\n  \n{"operation":\n${count('s', 2)}\n${count('s', -3)}\n${count('s', 4)}`,
    );
    expect(answers.map(({ status }) => status)).toEqual([204, 400, 204, 422, 204]);
    expect(await badgeOf(world, 's')).toMatchObject({ badge: 4 });
    expect(await stream('')).toEqual([]);
  });

  test('a line that is no UTF-8 or too long is refused alone', async () => {
    const long = Buffer.alloc(8 * 1024 * 1024 + 1, 'x');
    const lines = Buffer.concat([
      Buffer.from(`${count('t', 1)}\n`),
      long,
      Buffer.from(`\n\xff\n${count('t', 2)}\n`, 'latin1'),
    ]);
    const answers = await stream(lines);
    expect(answers.map(({ status }) => status)).toEqual([204, 400, 400, 204]);
    expect(await badgeOf(world, 't')).toMatchObject({ badge: 2 });
  });

  test('there may be more lines than an array may hold', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => count(`u${i % 7}`, i));
    const answers = await stream(lines.join('\n'));
    expect(answers).toEqual(Array(3000).fill({ status: 204 }));
    expect(await badgeOf(world, 'u3')).toMatchObject({ badge: 2999 - ((2999 - 3) % 7) });
  });
});

test('a batch of 100 commands is one step of the store, and what is refused before keeps its place', async () => {
  const steps: (readonly string[])[] = [];
  const recording = await openWorld({
    around: (store) =>
      storeWith(store, {
        execute: () => Promise.reject(new Error('a batch executes no command by itself')),
        executeAll: (app, commands) => {
          steps.push(commands.map(({ command }) => command.type));
          return store.executeAll(app, commands);
        },
      }),
  });
  const conversation_id = randomUUID();
  const sent = Array.from({ length: 98 }, () => ({
    operation: 'send_message',
    conversation_id,
    sender: { user_id: 'a' },
  }));
  const body = [
    { operation: 'create_conversation', id: conversation_id, participants: ['a', 'b'] },
    { operation: 'send_message' },
    ...sent,
    { operation: 'mark_all_read', conversation_id, user_id: 'b', position: 90 },
  ];
  const responses = (await recording.inApp('POST', '/events', { body })).json();
  expect(steps).toEqual([['create_conversation', ...sent.map(() => 'send_message'), 'mark_all_read']]);
  const status = responses.map((response: { status: number }) => response.status);
  expect(status).toEqual([201, 422, ...sent.map(() => 201), 204]);
  expect(responses[99].body.position).toBe(98);
  expect(await badgeOf(recording, 'b')).toMatchObject({ badge: 8 });
  await recording.close();
});

test('what is no command of the store runs in its place in the order', async () => {
  const steps: string[] = [];
  const recording = await openWorld({
    around: (store) =>
      storeWith(store, {
        executeAll: async (app, commands) => {
          const outcomes = await store.executeAll(app, commands);
          steps.push(commands.map(({ command }) => command.type).join());
          return outcomes;
        },
        push: storeWith(store.push, {
          register: async (...given) => {
            const changed = await store.push.register(...given);
            steps.push('register');
            return changed;
          },
          unregister: async (...given) => {
            const unregistered = await store.push.unregister(...given);
            steps.push('unregister');
            return unregistered;
          },
        }),
      }),
  });
  const count = { operation: 'set_badge', user_id: 'a', external_unread_count: 1 };
  const device = { user_id: 'a', device_id: 'phone' };
  const token = { type: 'fcm', token: 'token-of-a' };
  const body = [
    count,
    count,
    { operation: 'register_push_token', ...device, ...token },
    { operation: 'unregister_push_token', ...device },
    count,
  ];
  const responses = (await recording.inApp('POST', '/events', { body })).json();
  expect(responses).toEqual([204, 204, 202, 202, 204].map((status) => ({ status })));
  expect(steps).toEqual(['set_external,set_external', 'register', 'unregister', 'set_external']);
  await recording.close();
});

test('a store that cannot serve is said of every operation, each of which may be sent again', async () => {
  const closed = await openWorld({
    around: (store) =>
      storeWith(store, { executeAll: () => Promise.reject(new StoreUnavailable('out of reach')) }),
  });
  const body = [
    { operation: 'set_badge', user_id: 'a', external_unread_count: 1 },
    { operation: 'set_badge', user_id: 'a' },
  ];
  const responses = (await closed.inApp('POST', '/events', { body })).json();
  expect(responses.map((response: { status: number }) => response.status)).toEqual([503, 422]);
  await closed.close();
});

describe('over a connection', () => {
  let slow: World;
  let port: number;
  let release: () => void = () => {};
  /** Of each step of the store, how many commands it had. */
  let steps: number[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const entered = () => steps.reduce((sum, size) => sum + size, 0);
  beforeAll(async () => {
    slow = await openWorld({ around });
    await slow.http.listen({ host: '127.0.0.1', port: 0 });
    port = (slow.http.server.address() as AddressInfo).port;
  });
  afterAll(() => slow.close());

  /** A step does not end as long as the door is shut. */
  let door: Promise<void> = Promise.resolve();
  const shut = () => {
    steps = [];
    mostInFlight = 0;
    door = new Promise((resolve) => {
      release = resolve;
    });
  };
  const around = (store: Store): Store =>
    storeWith(store, {
      executeAll: async (app, commands) => {
        steps.push(commands.length);
        inFlight += 1;
        mostInFlight = Math.max(mostInFlight, inFlight);
        const outcomes = await store.executeAll(app, commands);
        await door;
        inFlight -= 1;
        return outcomes;
      },
    });

  function open(): { outgoing: ClientRequest; response: Promise<IncomingMessage> } {
    const headers = { authorization: `Bearer ${slow.token}`, 'content-type': 'application/x-ndjson' };
    const outgoing = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: `/apps/${slow.app}/events`,
      headers,
    });
    const response = once(outgoing, 'response').then(([incoming]) => incoming as IncomingMessage);
    return { outgoing, response };
  }
  const line = (n: number) =>
    `${JSON.stringify({ operation: 'set_badge', user_id: 'o', external_unread_count: n })}\n`;

  test('an answer comes before the next line is sent', async () => {
    const { outgoing, response } = open();
    outgoing.write(line(1));
    const answers = createInterface({ input: await response })[Symbol.asyncIterator]();
    for (let n = 1; n <= 3; n += 1) {
      expect((await answers.next()).value).toBe('{"status":204}');
      expect(await badgeOf(slow, 'o')).toMatchObject({ badge: n });
      if (n < 3) outgoing.write(line(n + 1));
    }
    outgoing.end();
    expect((await answers.next()).done).toBe(true);
  });

  test('at most 1,000 commands are in flight, in one step after the other, and the rest waits', async () => {
    shut();
    const { outgoing, response } = open();
    outgoing.end(Array.from({ length: 4000 }, (_, n) => line(n)).join(''));
    await vi.waitUntil(() => steps.length > 0, { timeout: 30_000 });
    release();
    const answers: string[] = [];
    for await (const answer of createInterface({ input: await response })) answers.push(answer);
    expect(answers).toHaveLength(4000);
    expect(await badgeOf(slow, 'o')).toMatchObject({ badge: 3999 });
    expect(Math.max(...steps)).toBeLessThanOrEqual(1000);
    expect([entered(), mostInFlight]).toEqual([4000, 1]);
  });

  test('a client that closes its connection stops its batch alone', async () => {
    shut();
    const { outgoing, response } = open();
    response.catch(() => {});
    outgoing.on('error', () => {});
    outgoing.write(line(5));
    const [incoming] = await once(slow.http.server, 'request');
    await vi.waitUntil(() => entered() === 1, { timeout: 30_000 });
    outgoing.destroy();
    await new Promise((resolve) => incoming.once('close', resolve));
    release();
    expect(await badgeOf(slow, 'o')).toMatchObject({ badge: 5 });
    const next = open();
    next.outgoing.end(line(6));
    const answers: string[] = [];
    for await (const answer of createInterface({ input: await next.response })) answers.push(answer);
    expect(answers).toEqual(['{"status":204}']);
  });
});
