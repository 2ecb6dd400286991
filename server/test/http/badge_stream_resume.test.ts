/** Live streams that are cut and resumed, whose store is out of reach, and whose pace is the documented one. */
import { request } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Sink, StreamSource } from '../../src/live/snapshot_stream.js';
import { SnapshotStreams } from '../../src/live/snapshot_streams.js';
import { readBadge, setExternal } from '../../src/service/badges.js';
import { execute } from '../../src/service/operation.js';
import { type Store, StoreUnavailable } from '../../src/store/port.js';
import { bearer, eventually } from './badge_stream_reader.js';
import { StreamWorld } from './badge_stream_world.js';
import { openWorld, storeWith, type World } from './world.js';

let server: StreamWorld | undefined;
afterEach(() => server?.close());
const listen = async (...options: Parameters<typeof StreamWorld.listen>) => {
  server = await StreamWorld.listen(...options);
  return server;
};

describe('a stream that was cut', () => {
  test('is removed, whether the reader closed the connection or it was reset', async () => {
    const { streams, open, reads, set } = bound(await listen());
    const [polite, lost, staying] = [await open('ann'), await open('ann'), await open('ann')];
    for (const reader of [polite, lost, staying]) await eventually(() => expect(reader.badges).toEqual([1]));
    polite.leave();
    lost.reset();
    await eventually(() => expect(streams.size).toBe(1));
    reads.length = 0;
    await set('ann', 2);
    await eventually(() => expect(staying.badges).toEqual([1, 2]));
    expect(reads).toEqual(['ann']);
  });

  test('by a reader who left before it began is none', async () => {
    let letThrough = () => {};
    const gate = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const slowly = (store: Store) =>
      storeWith(store, { ask: (app, query) => gate.then(() => store.ask(app, query)) });
    const { streams, responses, reads, world, port, path } = bound(await listen({}, slowly));
    const headers = { ...bearer(world.token), accept: 'text/event-stream' };
    const leaving = request({ port, path: path('ann'), headers, agent: false });
    leaving.on('error', () => {});
    leaving.end();
    await eventually(() => expect(reads).toEqual(['ann']));
    leaving.destroy();
    await eventually(() => expect(responses[0]?.destroyed).toBe(true));
    letThrough();
    const { statusCode } = await world.inApp('GET', '/users/ann/badge');
    expect([statusCode, streams.size]).toEqual([200, 0]);
  });

  test("is resumed with any id that ever stood for the badge's content, the plain GET's ETag as well", async () => {
    const { world, open, set } = bound(await listen());
    const { headers } = await world.inApp('GET', '/users/ann/badge');
    const id = `${headers.etag}`.replaceAll('"', '');
    // It was another in between, and is what it was.
    await set('ann', 2);
    await set('ann', 1);
    const resumed = await open('ann', { 'last-event-id': id });
    await eventually(() => expect(resumed.text).toBe('retry: 3000\n\n'));
    await set('ann', 3);
    await eventually(() => expect(resumed.badges).toEqual([3]));
  });

  test('needs no history: a reader who reconnects is sent the current badge, once, however much happened', async () => {
    const { open, set } = bound(await listen());
    const first = await open('ann');
    await eventually(() => expect(first.badges).toEqual([1]));
    first.reset();
    for (let count = 2; count <= 9; count++) await set('ann', count);
    const resumed = await open('ann', { 'last-event-id': `${first.events[0]?.id}` });
    const stranger = await open('ann', { 'last-event-id': 'what was never sent' });
    await eventually(() => expect([resumed.badges, stranger.badges]).toEqual([[9], [9]]));
  });
});

describe('a store that is out of reach', () => {
  test('leaves streams open and silent; the badge is sent once it can be read again', async () => {
    const reach = { isLost: false };
    const losing = (store: Store) =>
      storeWith(store, {
        ask: async (app, query) => {
          if (reach.isLost) throw new StoreUnavailable('The store is out of reach.');
          return store.ask(app, query);
        },
      });
    const { open, get, set, reads } = bound(await listen({ heartbeatMs: 20 }, losing));
    const reader = await open('ann');
    await eventually(() => expect(reader.badges).toEqual([1]));
    reach.isLost = true;
    await set('ann', 2);
    const before = reads.length;
    await eventually(() => expect(reads.length).toBeGreaterThan(before + 3));
    expect([reader.badges, reader.isEnded]).toEqual([[1], false]);
    expect((await get('ann')).answer.statusCode).toBe(503);
    reach.isLost = false;
    await eventually(() => expect(reader.badges).toEqual([1, 2]));
  });
});

describe('the pace', () => {
  let world: World;
  let streams: SnapshotStreams;
  afterEach(async () => {
    streams.close();
    vi.useRealTimers();
    await world.close();
  });

  /** With the default timings, and a clock that the test owns. */
  async function begin() {
    world = await openWorld();
    const { service, app } = world;
    const set = (count: number) => execute(service, app, setExternal({ user: 'ann', name: '', count }));
    await set(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    streams = new SnapshotStreams(service);
    const sink = { isFull: false, isDestroyed: false, text: '' };
    const recording: Sink = {
      get isFull() {
        return sink.isFull;
      },
      write: (text) => {
        sink.text += text;
      },
      end: () => {},
      destroy: () => {
        sink.isDestroyed = true;
      },
    };
    const source: StreamSource = {
      app,
      user: 'ann',
      dependencies: [],
      event: 'badge',
      key: 'ann',
      lastEventId: undefined,
      snapshot: async () => {
        const { badge } = await readBadge(service, app, 'ann');
        return { id: `${badge}`, data: `${badge}` };
      },
      isAuthorized: async () => true,
    };
    streams.open(source, recording);
    await vi.advanceTimersByTimeAsync(0);
    const sent = () => [...sink.text.matchAll(/^data: (\d+)$/gm)].map(([, badge]) => Number(badge));
    return { set, sink, sent };
  }

  test('a comment comes every 15 seconds', async () => {
    const { sink } = await begin();
    const comments = () => sink.text.match(/^:$/gm)?.length ?? 0;
    await vi.advanceTimersByTimeAsync(14_999);
    expect(comments()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(comments()).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(comments()).toBe(5);
  });

  test('changes within 50 milliseconds cause one event, and one that was taken back causes none', async () => {
    const { set, sent } = await begin();
    expect(sent()).toEqual([1]);
    for (const count of [2, 3, 4]) await set(count);
    await vi.advanceTimersByTimeAsync(49);
    expect(sent()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent()).toEqual([1, 4]);
    for (const count of [5, 4]) await set(count);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent()).toEqual([1, 4]);
    await set(6);
    await vi.advanceTimersByTimeAsync(50);
    expect(sent()).toEqual([1, 4, 6]);
  });

  test('a reader who takes nothing for 30 seconds is cut, and nothing was written meanwhile', async () => {
    const { set, sink } = await begin();
    const before = sink.text;
    sink.isFull = true;
    await set(2);
    await vi.advanceTimersByTimeAsync(50);
    await vi.advanceTimersByTimeAsync(29_999);
    expect([sink.isDestroyed, sink.text]).toEqual([false, before]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sink.isDestroyed).toBe(true);
  });
});

/** Its parts, to be called by their names. */
function bound(world: StreamWorld) {
  return {
    world: world.world,
    streams: world.streams,
    responses: world.responses,
    reads: world.reads,
    port: world.port,
    path: (user: string) => world.path(user),
    open: (user: string, headers?: Readonly<Record<string, string>>) => world.open(user, headers),
    get: (user: string) => world.get(user),
    set: (user: string, count: number) => world.set(user, count),
  };
}
