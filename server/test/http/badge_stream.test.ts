/** The live stream of a badge, over real sockets: as docs/live.md describes it, also cut, resumed, slow and ended. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { StreamOptions } from '../../src/live/snapshot_streams.js';
import { issueToken, revokeToken } from '../../src/service/app_tokens.js';
import { deleteApp } from '../../src/service/apps.js';
import { bearer, eventually, fill, Reader } from './badge_stream_reader.js';
import { StreamWorld } from './badge_stream_world.js';
import { conversationOf, messageFrom, type World } from './world.js';

let server: StreamWorld;
let world: World;

afterEach(() => server.close());

async function listen(options?: StreamOptions): Promise<void> {
  server = await StreamWorld.listen(options);
  world = server.world;
}

const get = (user: string, headers?: Readonly<Record<string, string>>) => server.get(user, headers);
const open = (user: string, headers?: Readonly<Record<string, string>>) => server.open(user, headers);
const set = (user: string, count: number) => server.set(user, count);

describe('the events', () => {
  test('the badge as the plain GET has it at once, then a whole snapshot for each change, in order', async () => {
    await listen();
    await set('ann', 3);
    const plain = await world.inApp('GET', '/users/ann/badge');
    const reader = await open('ann');
    await eventually(() => expect(reader.events).toHaveLength(1));
    expect(reader.events[0]).toEqual({
      id: `${plain.headers.etag}`.replaceAll('"', ''),
      event: 'badge',
      data: plain.json(),
    });
    const conversation = await conversationOf(world, 'ann', 'bob');
    for (const expected of [4, 5, 6]) {
      await messageFrom(world, conversation, 'bob');
      await eventually(() => expect(reader.badges.at(-1)).toBe(expected));
    }
    await world.inApp('POST', `/users/ann/conversations/${conversation}/mark_all_read`, { body: {} });
    await eventually(() => expect(reader.badges).toEqual([3, 4, 5, 6, 3]));
    expect(reader.events.at(-1)?.id).toBe(reader.events[0]?.id);
    reader.leave();
    await eventually(() => expect(server.streams.size).toBe(0));
  });

  test("headers and text are those of Server-Sent Events: beside every answer's own, and the plain GET's", async () => {
    await listen();
    const reader = await open('ann');
    expect(reader.answer.statusCode).toBe(200);
    expect(reader.answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
      'x-request-id': expect.stringMatching(/./),
    });
    const plain = await world.inApp('GET', '/users/ann/badge');
    const event = `event: badge\nid: ${`${plain.headers.etag}`.replaceAll('"', '')}\ndata: ${plain.body}\n\n`;
    await eventually(() => expect(reader.text).toBe(`retry: 3000\n\n${event}`));
  });

  test('a change of the mode reaches every stream, and null is sent as null', async () => {
    await listen();
    const reader = await open('ann');
    await eventually(() => expect(reader.badges).toEqual([1]));
    const body = { badge_mode: 'disabled' };
    await world.send('PATCH', `/admin/apps/${world.app}`, { token: world.adminToken, body });
    await eventually(() => expect(reader.badges).toEqual([1, null]));
  });

  test('a reader who has the current snapshot is not sent it again; one who has an older one is', async () => {
    await listen();
    const first = await open('ann');
    await eventually(() => expect(first.events).toHaveLength(1));
    const id = `${first.events[0]?.id}`;
    first.leave();
    const resumed = await open('ann', { 'last-event-id': id });
    await eventually(() => expect(resumed.text).toContain('retry'));
    await set('ann', 2);
    await eventually(() => expect(resumed.badges).toEqual([2]));
    const late = await open('ann', { 'last-event-id': id });
    await eventually(() => expect(late.badges).toEqual([2]));
  });

  test('a comment comes with every heartbeat, and with it what no change reports', async () => {
    await listen({ heartbeatMs: 20 });
    const conversation = await conversationOf(world, 'ann', 'bob');
    await messageFrom(world, conversation, 'bob');
    const until = new Date(world.clock.now + 60_000).toISOString();
    await world.inApp('PUT', `/users/ann/conversations/${conversation}/notifications`, {
      body: { level: 'all', muted_until: until },
    });
    const reader = await open('ann');
    await eventually(() => expect(reader.text.match(/^:$/gm)?.length).toBeGreaterThan(2));
    expect(reader.badges).toEqual([1]);
    world.clock.now += 61_000;
    await eventually(() => expect(reader.badges).toEqual([1, 2]));
  });
});

describe('a slow reader', () => {
  test('gets the newest snapshot and none of those before it, and nothing is queued meanwhile', async () => {
    await listen();
    const slow = await get('ann');
    const quick = await open('ann');
    await eventually(() => expect(quick.badges).toEqual([1]));
    const response = await fill(server.responses[0]);
    const waiting = response.writableLength;
    for (let count = 2; count <= 20; count++) {
      await set('ann', count);
      await eventually(() => expect(quick.badges.at(-1)).toBe(count));
    }
    expect(response.writableLength).toBeLessThanOrEqual(waiting);
    slow.read();
    await eventually(() => expect(slow.badges.at(-1)).toBe(20));
    expect(slow.badges).toEqual([1, 20]);
    await set('ann', 21);
    await eventually(() => expect(slow.badges).toEqual([1, 20, 21]));
  });

  test('who takes nothing for too long is cut; not even heartbeats are written until then', async () => {
    await listen({ stuckMs: 300, heartbeatMs: 20 });
    await get('ann');
    await eventually(() => expect(server.reads.length).toBeGreaterThan(1));
    const response = await fill(server.responses[0]);
    const reads = server.reads.length;
    const written = vi.spyOn(response, 'write');
    await eventually(() => expect(response.destroyed).toBe(true));
    expect(written).not.toHaveBeenCalled();
    expect(server.reads).toHaveLength(reads);
    await eventually(() => expect(server.streams.size).toBe(0));
  });

  test('is cut once the token has expired: an end would never reach them', async () => {
    await listen({ heartbeatMs: 20 });
    const issued = await world.service.userTokens.issue({ app: world.app, user: 'ann' }, 60);
    await get('ann', bearer(issued.text));
    await eventually(() => expect(server.reads.length).toBeGreaterThan(1));
    const response = await fill(server.responses[0]);
    world.clock.now += 61_000;
    await eventually(() => expect(response.destroyed).toBe(true));
    await eventually(() => expect(server.streams.size).toBe(0));
  });

  test('is cut where other streams are ended, which would never reach them', async () => {
    await listen();
    await get('ann');
    await eventually(() => expect(server.reads.length).toBeGreaterThan(1));
    const response = await fill(server.responses[0]);
    await deleteApp(world.service, world.app);
    await eventually(() => expect(response.destroyed).toBe(true));
    await eventually(() => expect(server.streams.size).toBe(0));
  });
});

describe('the end', () => {
  test("a user token's stream ends with the token", async () => {
    await listen({ heartbeatMs: 20 });
    const issued = await world.service.userTokens.issue({ app: world.app, user: 'ann' }, 60);
    const [brief, lasting] = [await open('ann', bearer(issued.text)), await open('ann')];
    await eventually(() => expect(brief.badges).toEqual([1]));
    world.clock.now += 61_000;
    await eventually(() => expect(brief.isEnded).toBe(true));
    await set('ann', 2);
    await eventually(() => expect(lasting.badges).toEqual([1, 2]));
    expect((await get('ann', bearer(issued.text))).answer.statusCode).toBe(401);
  });

  test('no snapshot is sent after the token expired, even before the heartbeat that finds it', async () => {
    await listen();
    const issued = await world.service.userTokens.issue({ app: world.app, user: 'ann' }, 60);
    const reader = await open('ann', bearer(issued.text));
    await eventually(() => expect(reader.badges).toEqual([1]));
    world.clock.now += 61_000;
    await set('ann', 2);
    await eventually(() => expect(reader.isEnded).toBe(true));
    expect(reader.badges).toEqual([1]);
  });

  test("an app token's stream ends when that token is revoked", async () => {
    await listen({ heartbeatMs: 60_000 });
    const { token, text } = await issueToken(world.service, world.app, 'second');
    const [revoked, other] = [await open('ann', bearer(text)), await open('ann')];
    await eventually(() => expect([revoked.badges, other.badges]).toEqual([[1], [1]]));
    await revokeToken(world.service, world.app, token.id);
    await eventually(() => expect(revoked.isEnded).toBe(true));
    await set('ann', 2);
    await eventually(() => expect(other.badges).toEqual([1, 2]));
    expect((await get('ann', bearer(text))).answer.statusCode).toBe(401);
  });

  test('deleting an app ends its streams at once, with any token', async () => {
    await listen();
    const readers = [await open('ann'), await open('ann', bearer(await world.userToken('ann')))];
    for (const reader of readers) await eventually(() => expect(reader.badges).toEqual([1]));
    await deleteApp(world.service, world.app);
    for (const reader of readers) await eventually(() => expect(reader.isEnded).toBe(true));
    await eventually(() => expect(server.streams.size).toBe(0));
  });

  test('closing the service ends every stream, also that of a reader who does not read', async () => {
    await listen();
    await get('ann');
    await eventually(() => expect(server.reads.length).toBeGreaterThan(1));
    for (let megabytes = 0; megabytes < 16; megabytes++)
      server.responses[0]?.write(`:${' '.repeat(1_000_000)}\n\n`);
    const reader = await open('ann');
    await eventually(() => expect(reader.badges).toEqual([1]));
    const idle = setInterval(() => server.http.server.closeIdleConnections(), 20);
    await server.http.close();
    clearInterval(idle);
    await eventually(() => expect(reader.isEnded).toBe(true));
    expect([server.streams.size, server.responses.every(({ closed }) => closed)]).toEqual([0, true]);
  });
});

describe('promise 8: a token sees its app only; a user token sees that user only', () => {
  test("one's own badge can be watched, another user's cannot", async () => {
    await listen();
    const token = await world.userToken('bob');
    const refused = async (text: string) => {
      const { answer } = await get('ann', bearer(text));
      return `${answer.statusCode} ${answer.headers['content-type']?.split(';')[0]}`;
    };
    expect(await refused(token)).toBe('403 application/json');
    expect(await refused(world.otherToken)).toBe('403 application/json');
    expect(await refused('none')).toBe('401 application/json');
    const own = await open('ann', bearer(await world.userToken('ann')));
    await eventually(() => expect(own.badges).toEqual([1]));
    expect(server.streams.size).toBe(1);
  });
});

describe('requests', () => {
  test("a user whom the app has not named streams 0 to their own token, and the app's first count after it", async () => {
    await listen();
    const own = await open('unnamed', bearer(await world.userToken('unnamed')));
    await eventually(() => expect(own.badges).toEqual([0]));
    await server.set('unnamed', 4);
    await eventually(() => expect(own.badges).toEqual([0, 4]));
    own.leave();
  });

  test('a user whom the app has not named is not found with its token, before any stream begins', async () => {
    await listen();
    const reader = await open('stranger');
    expect(reader.answer.statusCode).toBe(404);
    await eventually(() => expect(reader.isEnded).toBe(true));
    expect(JSON.parse(reader.text)).toMatchObject({ id: 'not_found' });
    expect(server.streams.size).toBe(0);
  });

  test('the media type with the highest q is sent; of equals, the first', async () => {
    await listen();
    const sent = async (accept: string) => {
      const reader = await get('ann', { accept });
      reader.leave();
      return `${reader.answer.statusCode} ${reader.answer.headers['content-type']?.split(';')[0]}`;
    };
    const [stream, json] = ['200 text/event-stream', '200 application/json'];
    expect(await sent('text/event-stream, application/json')).toBe(stream);
    expect(await sent('Text/Event-Stream; charset=utf-8')).toBe(stream);
    expect(await sent('application/json;q=0.5, text/event-stream')).toBe(stream);
    expect(await sent('application/json, text/event-stream')).toBe(json);
    expect(await sent('text/event-stream;q=0.5, application/vnd.layer+json; version=1.1')).toBe(json);
    expect(await sent('*/*')).toBe(json);
    const silent = await Reader.request(server.port, server.path('ann'), bearer(world.token));
    expect(silent.answer.headers['content-type']).toContain('application/json');
    expect(await sent('text/html')).toBe('406 application/json');
    expect(await sent('text/event-stream;q=0')).toBe('406 application/json');
  });

  test('no other endpoint streams', async () => {
    await listen();
    const headers = { accept: 'text/event-stream' };
    const explain = await world.inApp('GET', '/users/ann/badge/explain', { headers });
    expect(explain.json()).toMatchObject({ id: 'invalid_header', data: { header: 'Accept' } });
    expect((await world.inApp('HEAD', '/users/ann/badge', { headers })).statusCode).toBe(406);
    expect((await world.inApp('HEAD', '/users/ann/badge')).statusCode).toBe(200);
  });
});
