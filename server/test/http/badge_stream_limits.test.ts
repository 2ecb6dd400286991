/** What live streams may cost: how many there can be, which streams a change refreshes, and what the metrics say of them. */
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { limits } from '@badged/core';
import { afterEach, describe, expect, test } from 'vitest';
import { fanOut } from '../../src/live/fan_out.js';
import type { Sink, StreamSource } from '../../src/live/snapshot_stream.js';
import { SnapshotStreams } from '../../src/live/snapshot_streams.js';
import { deleteApp } from '../../src/service/apps.js';
import { eventually } from './badge_stream_reader.js';
import { StreamWorld } from './badge_stream_world.js';
import { conversationOf, messageFrom } from './world.js';

let server: StreamWorld;
afterEach(() => server.close());

describe('how many there can be', () => {
  test('of one user: more are a 429 with Retry-After, until one closes; others are not concerned', async () => {
    server = await StreamWorld.listen({ maxPerUser: 2 });
    await server.set('bob', 1);
    const readers = await Promise.all(Array.from({ length: 10 }, () => server.open('ann')));
    const opened = readers.filter(({ answer }) => answer.statusCode === 200);
    const refused = readers.filter(({ answer }) => answer.statusCode === 429);
    expect([opened.length, refused.length, server.streams.size]).toEqual([2, 8, 2]);
    for (const { answer } of refused) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await eventually(() =>
      expect(JSON.parse(`${refused[0]?.text}`)).toMatchObject({ id: 'rate_limit_exceeded', code: 7 }),
    );
    expect((await server.open('bob')).answer.statusCode).toBe(200);
    opened[0]?.leave();
    await eventually(() => expect(server.streams.size).toBe(2));
    expect((await server.open('ann')).answer.statusCode).toBe(200);
  });

  test('of one process: more are a 503 with Retry-After, and the plain GET is answered as before', async () => {
    server = await StreamWorld.listen({ maxInAll: 3 });
    for (const user of ['bob', 'cem', 'dia']) await server.set(user, 1);
    const readers = [await server.open('ann'), await server.open('bob'), await server.open('cem')];
    const refused = await server.open('dia');
    expect(refused.answer.statusCode).toBe(503);
    expect(Number(refused.answer.headers['retry-after'])).toBeGreaterThan(0);
    await eventually(() => expect(JSON.parse(refused.text)).toMatchObject({ id: 'service_unavailable' }));
    const plain = await server.get('dia', { accept: 'application/json' });
    expect(plain.answer.statusCode).toBe(200);
    readers[0]?.leave();
    await eventually(() => expect(server.streams.size).toBe(2));
    expect((await server.open('dia')).answer.statusCode).toBe(200);
  });

  test('is 100 of one user by default', async () => {
    server = await StreamWorld.listen();
    const streams = new SnapshotStreams(server.world.service);
    const open = (user: string) => streams.open(streamOf(server.world.app, user), nowhere);
    const ends = Array.from({ length: limits.streamsPerUser }, () => open('ann'));
    expect([ends.length, streams.obstacle(server.world.app, 'ann')]).toEqual([100, 'too_many_of_user']);
    expect(streams.obstacle(server.world.app, 'bob')).toBeUndefined();
    expect(streams.obstacle(server.world.otherApp, 'ann')).toBeUndefined();
    ends[0]?.closed();
    expect(streams.obstacle(server.world.app, 'ann')).toBeUndefined();
    streams.close();
  });
});

describe('a stream behind another request', () => {
  test('is refused: without a connection of its own, nobody would tell that it closed', async () => {
    server = await StreamWorld.listen();
    const socket = connect(server.port, '127.0.0.1');
    const headers = `Host: localhost\r\nAuthorization: Bearer ${server.world.token}\r\nAccept: text/event-stream\r\n`;
    socket.write(`GET ${server.path('ann')} HTTP/1.1\r\n${headers}\r\n`.repeat(3));
    await eventually(() => expect(server.responses).toHaveLength(3));
    await eventually(() => expect(server.streams.size).toBe(1));
    socket.destroy();
    await eventually(() => expect(server.streams.size).toBe(0));
  });
});

describe('which streams a change refreshes', () => {
  test('a message to 2,000 participants: only those who are connected, and each user is read once', async () => {
    server = await StreamWorld.listen();
    const { world } = server;
    const crowd = Array.from({ length: 1_999 }, (_, i) => `user${i}`);
    const conversation = await conversationOf(world, 'sender', ...crowd);
    await server.set('elsewhere', 1);
    const users = ['user7', 'user8', 'user8', 'elsewhere'];
    const readers = await Promise.all(users.map((user) => server.open(user)));
    for (const reader of readers) await eventually(() => expect(reader.events).toHaveLength(1));
    server.reads.length = 0;
    await messageFrom(world, conversation, 'sender');
    const badges = () => readers.map((reader) => reader.badges);
    await eventually(() => expect(badges()).toEqual([[0, 1], [0, 1], [0, 1], [1]]));
    expect(server.reads.toSorted()).toEqual(['user7', 'user8']);
  });

  test('thousands are refreshed in slices, in order: requests are served in between', async () => {
    const visited: number[] = [];
    const all = Array.from({ length: 300 }, (_, n) => n);
    const visiting = fanOut('', all, (n) => {
      const started = performance.now();
      while (performance.now() - started < 0.1);
      visited.push(n);
    });
    await setImmediate();
    expect(visited.length).toBeLessThan(all.length);
    await visiting;
    expect(visited).toEqual(all);
  });
});

describe('metrics', () => {
  test('count open streams and sent events, but not the duration of streams: only other responses are timed', async () => {
    server = await StreamWorld.listen();
    const { world, http } = server;
    const timed = (status: number) =>
      `badged_http_request_duration_seconds_count{route="/apps/:app_uuid/users/:user_id/badge",method="GET",status="${status}"}`;
    const metrics = async () => (await http.inject({ url: '/metrics' })).body;
    const reader = await server.open('ann');
    await server.open('ann');
    await eventually(() => expect(reader.badges).toEqual([1]));
    await server.set('ann', 2);
    await eventually(() => expect(reader.badges).toEqual([1, 2]));
    await eventually(async () => expect(await metrics()).toMatch(/^badged_stream_events_total 4$/m));
    expect(await metrics()).toMatch(/^badged_open_streams 2$/m);
    expect((await server.open('stranger')).answer.statusCode).toBe(404);
    await deleteApp(world.service, world.app);
    await eventually(() => expect(server.responses.slice(0, 2).every(({ closed }) => closed)).toBe(true));
    const after = await metrics();
    expect(after).toMatch(/^badged_open_streams 0$/m);
    expect(after).toContain(`${timed(404)} 1`);
    expect(after).not.toContain(timed(200));
  });
});

const nowhere: Sink = { isFull: false, write: () => {}, end: () => {}, destroy: () => {} };

function streamOf(app: string, user: string): StreamSource {
  return {
    app,
    user,
    dependencies: [],
    event: 'badge',
    key: user,
    lastEventId: undefined,
    snapshot: async () => ({ id: 'same', data: '{}' }),
    isAuthorized: async () => true,
  };
}
