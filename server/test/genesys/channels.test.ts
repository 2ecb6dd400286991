/** Notification channels over real WebSockets, on the embedded store. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildHttp } from '../../src/http/http.js';
import { Live } from '../../src/live/live.js';
import { createApp } from '../../src/service/apps.js';
import { createClient } from '../../src/service/oauth/clients.js';
import { issueAccess } from '../../src/service/oauth/grants.js';
import { hashSecret } from '../../src/service/secrets.js';
import { openService, type Service } from '../../src/service/service.js';
import { sqliteUnderTest } from '../store/sqlite_under_test.js';
import { ChannelClient, isCount, isPong } from './channel_client.js';

let service: Service;
let http: FastifyInstance;
let app: string;
let domain: string;
let clock: { skewMs: number };
let dispose: () => Promise<void>;

async function open(liveOptions: ConstructorParameters<typeof Live>[1] = {}): Promise<void> {
  const { store, dispose: remove } = await sqliteUnderTest();
  clock = { skewMs: 0 };
  service = await openService(store, { now: () => Date.now() + clock.skewMs, newId: randomUUID });
  app = (await createApp(service, { name: 'app' })).app.id;
  domain = `${app}.badged`;
  const live = new Live(service, { coalesceMs: 1, ...liveOptions });
  http = buildHttp({ service, adminTokenHash: hashSecret('admin'), live });
  await http.listen({ host: '127.0.0.1', port: 0 });
  dispose = async () => {
    await http.close();
    await remove();
  };
}
beforeEach(() => open());
afterEach(() => dispose());

async function call(token: string, method: string, path: string, body?: unknown) {
  const { port } = http.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/api/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
}

/** An OAuth token for the user, of a client of its own. */
async function tokenFor(user: string, of = app): Promise<string> {
  const { client } = await createClient(service, of, {
    name: 'c',
    grantTypes: ['client_credentials'],
    user,
  });
  return (await issueAccess(service, client, null)).accessToken;
}

const topic = (user: string) => `v2.users.${user}.badges.chats`;

async function channel(token: string, user: string, subscribe = true) {
  const { json } = await call(token, 'POST', '/notifications/channels');
  const path = `/notifications/channels/${json.id}/subscriptions`;
  if (subscribe) expect((await call(token, 'POST', path, [{ id: topic(user) }])).status).toBe(200);
  return { id: json.id as string, uri: json.connectUri as string, expires: json.expires as string, path };
}

async function conversation(...participants: string[]): Promise<string> {
  const id = randomUUID();
  const at = service.now();
  await service.store.execute(app, {
    type: 'create_conversation',
    id,
    participants,
    distinct: false,
    metadata: null,
    at,
  });
  return id;
}

async function send(chat: string, userId: string): Promise<void> {
  const at = service.now();
  const rest = { mentions: [], silent: false, at };
  await service.store.execute(app, {
    type: 'send_message',
    conversation: chat,
    sender: { userId },
    ...rest,
  });
}

test('every change of an entity’s count is told, 0 included, whoever made it and wherever', async () => {
  const token = await tokenFor('ann');
  const { uri } = await channel(token, 'ann');
  const [two, room] = [await conversation('ann', 'bob'), await conversation('ann', 'bob', 'cem')];
  const client = await ChannelClient.connect(uri);
  await client.ping();
  await send(two, 'bob');
  const first = await client.frame(isCount(`bob@${domain}`, 1));
  expect(first).toEqual({
    topicName: topic('ann'),
    version: '2',
    eventBody: {
      entity: { jabberId: `bob@${domain}` },
      unreadCount: 1,
      lastUnreadNotificationDate: expect.stringMatching(/^\d{4}-.*Z$/),
    },
    metadata: { CorrelationId: expect.any(String) },
  });
  await send(room, 'cem');
  await client.frame(isCount(`${room}@conference.${domain}`, 1));
  const read = { type: 'mark_all_read', user: 'ann', conversations: [{ conversation: room }] } as const;
  await service.store.execute(app, read);
  await client.frame(isCount(`${room}@conference.${domain}`, 0));
  await call(token, 'DELETE', `/badges/chats/${encodeURIComponent(`bob@${domain}`)}`);
  await client.frame(isCount(`bob@${domain}`, 0));
  expect(client.counts()).toHaveLength(4);
});

test('promise 7: after a burst, the last count that was told of each entity is the truth', async () => {
  const token = await tokenFor('ann');
  const { uri } = await channel(token, 'ann');
  const chats = await Promise.all(['b', 'c', 'd'].map((user) => conversation('ann', user)));
  const client = await ChannelClient.connect(uri);
  await client.ping();
  await Promise.all(Array.from({ length: 90 }, (_, n) => send(chats[n % 3] ?? '', 'bcd'[n % 3] ?? '')));
  for (const user of 'bcd') await client.frame(isCount(`${user}@${domain}`, 30));
  await client.ping();
  const last = new Map(client.counts() as [string, number][]);
  expect([...last.values()]).toEqual([30, 30, 30]);
});

test('nothing is told that is not subscribed to, and a subscription holds from its answer on', async () => {
  const token = await tokenFor('ann');
  const { uri, path } = await channel(token, 'ann', false);
  const chat = await conversation('ann', 'bob');
  const client = await ChannelClient.connect(uri);
  await client.ping();
  await send(chat, 'bob');
  await call(token, 'PUT', path, [{ id: topic('ann') }]);
  await send(chat, 'bob');
  await client.frame(isCount(`bob@${domain}`, 2));
  expect((await call(token, 'DELETE', path)).status).toBe(204);
  // Subscribed later, and so notified later: what reaches it would have reached the other one.
  const witness = await ChannelClient.connect((await channel(token, 'ann')).uri);
  await send(chat, 'bob');
  await witness.frame(isCount(`bob@${domain}`, 3));
  await client.ping();
  expect(client.counts()).toEqual([[`bob@${domain}`, 2]]);
  expect((await call(token, 'GET', path)).json).toEqual({ entities: [] });
});

test('promise 8: nobody subscribes to, lists, or hears of what is somebody else’s', async () => {
  const [ann, bob] = [await tokenFor('ann'), await tokenFor('bob')];
  const other = (await createApp(service, { name: 'other' })).app.id;
  const stranger = await tokenFor('ann', other);
  const { id, path } = await channel(ann, 'ann');
  const refused = await call(ann, 'POST', path, [{ id: topic('bob') }]);
  expect([refused.status, refused.json.code]).toEqual([403, 'not.authorized']);
  for (const token of [bob, stranger, await tokenFor('ann')]) {
    expect((await call(token, 'GET', path)).status).toBe(404);
    expect((await call(token, 'PUT', path, [])).status).toBe(404);
    expect((await call(token, 'GET', '/notifications/channels')).json.entities).toEqual([]);
  }
  expect((await call(ann, 'GET', '/notifications/channels')).json.entities).toMatchObject([{ id }]);
  const heard = await ChannelClient.connect((await channel(stranger, 'ann')).uri);
  await heard.ping();
  const witness = await ChannelClient.connect((await channel(ann, 'ann')).uri);
  await send(await conversation('ann', 'bob'), 'bob');
  await witness.frame(isCount(`bob@${domain}`, 1));
  await heard.ping();
  expect(heard.counts()).toEqual([]);
});

test('the socket’s address cannot be guessed', async () => {
  const { uri } = await channel(await tokenFor('ann'), 'ann');
  const wrong = uri.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  for (const address of [wrong, uri.replace(app, randomUUID())]) {
    const client = await ChannelClient.connect(address);
    expect(await client.closed).toBe(1008);
    expect(client.frames).toEqual([]);
  }
});

test('revoking a token cuts its sockets at once, and so do deleting its client and its app', async () => {
  const cut = async (revoke: (token: string) => Promise<unknown>) => {
    const token = await tokenFor('ann');
    const client = await ChannelClient.connect((await channel(token, 'ann')).uri);
    await client.ping();
    await revoke(token);
    expect(await client.closed).toBe(1008);
  };
  const untouched = await ChannelClient.connect((await channel(await tokenFor('ann'), 'ann')).uri);
  await cut((token) => call(token, 'DELETE', '/tokens/me'));
  const admin = (path: string) =>
    http.inject({
      method: 'DELETE',
      url: `/admin/apps/${app}${path}`,
      headers: { authorization: 'Bearer admin' },
    });
  await cut(async (token) => {
    const { id } = (await call(token, 'GET', '/tokens/me')).json.OAuthClient;
    await admin(`/oauth_clients/${id}`);
  });
  await untouched.ping();
  await admin('');
  expect(await untouched.closed).toBe(1008);
});

test('an expired token’s channel ends with the next heartbeat, and so does a channel after a day', async () => {
  await dispose();
  await open({ heartbeatMs: 30 });
  const token = await tokenFor('ann');
  const { uri, expires } = await channel(token, 'ann');
  expect(Date.parse(expires) - service.now()).toBeLessThanOrEqual(86_400_000);
  const client = await ChannelClient.connect(uri);
  await client.frame(({ eventBody }) => eventBody.message === 'WebSocket Heartbeat');
  clock.skewMs = 86_400_001;
  expect(await client.closed).toBe(1008);
});

test('a muting that ends by itself is told with a heartbeat', async () => {
  await dispose();
  await open({ heartbeatMs: 30 });
  const chat = await conversation('ann', 'bob');
  const mutedUntil = service.now() + 3_600_000;
  await service.store.execute(app, {
    type: 'set_notifications',
    user: 'ann',
    conversation: chat,
    level: 'all',
    mutedUntil,
  });
  await send(chat, 'bob');
  const client = await ChannelClient.connect((await channel(await tokenFor('ann'), 'ann')).uri);
  await client.ping();
  clock.skewMs = 3_600_001;
  await client.frame(isCount(`bob@${domain}`, 1));
});

test('of a user with a client twenty channels are open, and the oldest makes room', async () => {
  const token = await tokenFor('ann');
  const first = await channel(token, 'ann');
  const client = await ChannelClient.connect(first.uri);
  await client.ping();
  for (let more = 0; more < 20; more += 1) await channel(token, 'ann', false);
  expect(await client.closed).toBe(1008);
  expect((await call(token, 'GET', '/notifications/channels')).json.entities).toHaveLength(20);
  expect((await call(token, 'GET', first.path)).status).toBe(404);
});

test('a ping is answered, and other messages are passed over', async () => {
  const client = await ChannelClient.connect((await channel(await tokenFor('ann'), 'ann')).uri);
  for (const text of ['', 'x', '{}', 'null', '{"message":"pong"}']) client.socket.send(text);
  await client.ping();
  await client.ping();
  expect(client.frames).toEqual(
    Array.from({ length: 2 }, () => ({ topicName: 'channel.metadata', eventBody: { message: 'pong' } })),
  );
  expect(client.frames.filter(isPong)).toHaveLength(2);
});

test('a reader who does not read is cut, and what waits for them stays bounded', async () => {
  await dispose();
  await open({ maxBufferedBytes: 50_000 });
  const token = await tokenFor('ann');
  const client = await ChannelClient.connect((await channel(token, 'ann')).uri);
  await client.ping();
  client.socket.pause();
  const frame = JSON.stringify({ message: 'ping' });
  while (client.socket.readyState === client.socket.OPEN && http.server.listening) {
    for (let count = 0; count < 2_000; count += 1) client.socket.send(frame);
    const isCut = await new Promise<boolean>((resolve) =>
      http.server.getConnections((_, connections) => resolve(connections === 0)),
    );
    if (isCut) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  client.socket.resume();
  expect(await client.closed).toBe(1006);
});

test('a second connection of a channel takes over', async () => {
  const { uri } = await channel(await tokenFor('ann'), 'ann');
  const first = await ChannelClient.connect(uri);
  await first.ping();
  const second = await ChannelClient.connect(uri);
  expect(await first.closed).toBe(4000);
  await second.ping();
});
