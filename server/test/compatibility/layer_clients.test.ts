/**
 * "The vendors' clients run as they are": what they send, and that docs/compatibility.md says what becomes of it. The
 * requests of the client for Node.js were recorded, and are replayed byte by byte.
 */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  badgeOf,
  conversationOf,
  type Method,
  messageFrom,
  openWorld,
  text,
  type World,
} from '../http/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** What a call changes or reads. */
interface Place {
  readonly ann: string;
  readonly bob: string;
  readonly c: string;
  readonly m: string;
}

interface Call {
  readonly body?: object;
  /** In place of a body of its own: how the response looks. */
  readonly shape?: object;
}

const sent = { parts: text('hi') };
const readableOf = (user_id: string) => ({ position: 1, parts: [], sender: { user_id, name: null } });

/** By the row of the table. A row without an entry is sent without a body, and its status alone is compared. */
const callsOf = (ann: string, bob: string): Readonly<Record<string, Call>> => ({
  'POST /conversations': { body: { participants: [bob, ann] }, shape: { participants: [ann, bob] } },
  'GET /conversations/:c': { shape: { participants: [ann, bob], distinct: false, metadata: {} } },
  'GET /users/:u/conversations': { shape: [{ unread_message_count: 1 }] },
  'GET /users/:u/conversations/:c': { shape: { unread_message_count: 1, last_message: { position: 1 } } },
  'PATCH /conversations/:c': {
    body: [
      { operation: 'add', property: 'participants', value: 'cem' },
      { operation: 'set', property: 'metadata.number', value: '123' },
    ],
  },
  'POST /users/:u/conversations/:c/mark_all_read': { body: {} },
  'POST /conversations/:c/messages': {
    body: { ...sent, sender: { name: 't-bone' } },
    shape: { sender: { user_id: null, name: 't-bone' }, recipient_status: { [ann]: 'sent', [bob]: 'sent' } },
  },
  'POST /users/:u/conversations/:c/messages': {
    body: { parts: [{ mime_type: 'image/png', content: { id: 'layer:///content/1', size: 10001 } }] },
    shape: { sender: { user_id: bob }, parts: [{ mime_type: 'image/png', content: { size: 10001 } }] },
  },
  'GET /conversations/:c/messages': { shape: [readableOf(ann)] },
  'GET /conversations/:c/messages/:m': { shape: { ...readableOf(ann), recipient_status: { [bob]: 'sent' } } },
  'GET /users/:u/conversations/:c/messages': { shape: [{ ...readableOf(ann), is_unread: true }] },
  'GET /users/:u/messages/:m': { shape: { ...readableOf(ann), is_unread: true } },
  'POST /users/:u/messages/:m/receipts': { body: { type: 'read' } },
  'POST /announcements': {
    body: { ...sent, recipients: [bob], sender_id: `layer:///identities/${ann}` },
    shape: { sender: { user_id: ann, name: null }, recipients: [bob], parts: sent.parts },
  },
  'POST /notifications': {
    body: { recipients: [bob], notification: { text: 'Hi', recipients: { [bob]: { text: 'Hi, Bob' } } } },
  },
  'PUT /users/:u/badge': { body: { external_unread_count: 13 } },
  'POST /users/:u/badge': { body: { external_unread_count: 13 } },
  'PATCH /users/:u/badge': { body: [{ operation: 'set', property: 'external_unread_count', value: 13 }] },
  'GET /users/:u/badge': {
    shape: { external_unread_count: 0, unread_conversation_count: 1, unread_message_count: 1 },
  },
  'GET /users/:u/blocks': { shape: [] },
  'POST /users/:u/blocks': { body: { user_id: bob } },
  'PATCH /users/:u': { body: [{ operation: 'add', property: 'blocks', value: 'eve' }] },
  'POST /users/:u/push_tokens': { body: { token: 'x'.repeat(64), type: 'fcm', device_id: 'phone' } },
});

/** What bob's unread messages are afterwards, where it is not 1 as before. */
const unreadAfter: Readonly<Record<string, number>> = {
  'DELETE /conversations/:c': 0,
  'DELETE /users/:u/conversations/:c?leave=true': 0,
  'DELETE /users/:u/conversations/:c?mode=my_devices': 0,
  'DELETE /users/:u/conversations/:c?mode=all_participants': 0,
  'POST /users/:u/conversations/:c/mark_all_read': 0,
  'POST /conversations/:c/messages': 2,
  'DELETE /conversations/:c/messages/:m': 0,
  'DELETE /users/:u/messages/:m': 0,
  'DELETE /users/:u/messages/:m?mode=my_devices': 0,
  'POST /users/:u/messages/:m/receipts': 0,
};

/** What the client sent: dynamic ids and the token are in braces. */
interface Recorded {
  readonly call: string;
  readonly status: number;
  readonly request: string;
}

const recorded: readonly Recorded[] = JSON.parse(
  await readFile(new URL('layer_api_node.json', import.meta.url), 'utf8'),
);

const page = await readFile(new URL('../../../docs/compatibility.md', import.meta.url), 'utf8');
const layer = page.slice(page.indexOf("## Layer's Platform API"), page.indexOf('### The client for Node.js'));
const rows = [...layer.matchAll(/^\| `([A-Z]+) (\S+)` \| (works|differs|not offered) \| (.*)\|$/gm)];

describe('each call of the page does what its row says', () => {
  test('the tables have all the calls that are tried below', () => {
    const listed = rows.map(([, method, path]) => `${method} ${path}`);
    expect(listed).toEqual(
      expect.arrayContaining([...Object.keys(callsOf('', '')), ...Object.keys(unreadAfter)]),
    );
    expect(layer.match(/^\| `/gm)).toHaveLength(rows.length);
  });

  test.each(rows.map(([, method = '', path = '', result = '']) => [method, path, result] as const))(
    '%s %s %s',
    async (method, path, result) => {
      const place = await newPlace();
      const { body, shape } = callsOf(place.ann, place.bob)[`${method} ${path}`] ?? {};
      const response = await world.inApp(
        method as Method,
        pathOf(path, place),
        body === undefined ? {} : { body },
      );
      if (result === 'not offered') {
        expect(response.statusCode).toBe(404);
        expect(response.json()).toMatchObject({ id: 'invalid_endpoint' });
        expect(response.json().message).toMatch(/ not offered by this service/);
        return;
      }
      expect(response.statusCode).toBeLessThan(300);
      if (shape !== undefined) expect(response.json()).toMatchObject(shape);
      const { unread_message_count } = await badgeOf(world, place.bob);
      expect(unread_message_count).toBe(unreadAfter[`${method} ${path}`] ?? 1);
    },
  );
});

let places = 0;

/** A conversation with one message, which bob has not read. Both users are new. */
async function newPlace(): Promise<Place> {
  places += 1;
  const [ann, bob] = [`ann${places}`, `bob${places}`];
  const c = await conversationOf(world, ann, bob);
  return { ann, bob, c, m: await messageFrom(world, c, ann) };
}

function pathOf(path: string, { bob, c, m }: Place): string {
  const names: Readonly<Record<string, string>> = { u: bob, c, m, user: 'eve', device: 'phone' };
  return path.replace(/:([a-z]+)/g, (_, name: string) => names[name] ?? name);
}

test('promise: what the client for Node.js sends, byte by byte, has the responses that it expects', async () => {
  await world.http.listen({ host: '127.0.0.1', port: 0 });
  const known: Record<string, string> = { app: world.app, token: world.token };
  const statuses: (readonly [string, number])[] = [];
  for (const { call, request } of recorded) {
    const { status, body } = await replay(
      request.replace(/\{([a-z]+)\}/g, (_, name: string) => known[name] ?? ''),
    );
    statuses.push([call, status]);
    if (call === 'conversations.create') known.conversation = lastOf(body);
    if (call === 'messages.sendTextFromName') known.message = lastOf(body);
  }
  expect(statuses).toEqual(recorded.map(({ call, status }) => [call, status]));
});

async function replay(request: string): Promise<{ status: number; body: string }> {
  const [address] = world.http.addresses();
  if (typeof address !== 'object') throw new Error('the application does not listen');
  const socket = connect(address.port, '127.0.0.1');
  socket.write(request, 'latin1');
  const response = await textOf(socket);
  return { status: Number(response.split(' ')[1]), body: response.slice(response.indexOf('\r\n\r\n') + 4) };
}

/** The UUID at the end of the id of what was created. */
function lastOf(body: string): string {
  return /"id":"layer:\/\/\/[a-z]+\/([0-9a-f-]{36})"/.exec(body)?.[1] ?? '';
}
