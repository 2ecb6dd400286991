/** The unread list with the badge (?conversations=true): of one moment with it, as JSON and as a stream. */
import { limits } from '@badged/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BadgeData, bearer, eventually } from './badge_stream_reader.js';
import { StreamWorld } from './badge_stream_world.js';
import { conversationOf, messageFrom, type World } from './world.js';

let server: StreamWorld;
let world: World;
beforeAll(async () => {
  server = await StreamWorld.listen();
  world = server.world;
});
afterAll(() => server.close());

const withList = '?conversations=true';
const watch = (user: string, headers: Readonly<Record<string, string>> = {}) =>
  server.open(user, headers, withList);
const counts = ({ conversations = [] }: BadgeData) =>
  conversations.map(({ id, unread_message_count, badge_count }) => [
    id.slice(id.lastIndexOf('/') + 1),
    unread_message_count,
    badge_count,
  ]);
const mute = (user: string, conversation: string, level: string) =>
  world.inApp('PUT', `/users/${user}/conversations/${conversation}/notifications`, { body: { level } });
const readAll = (user: string, conversation: string) =>
  world.inApp('POST', `/users/${user}/conversations/${conversation}/mark_all_read`, { body: {} });

describe('the list', () => {
  test('is sent with each event: unread conversations only, newest message first, muted ones with what they count', async () => {
    const [one, two] = [await conversationOf(world, 'lia', 'bob'), await conversationOf(world, 'lia', 'cem')];
    const reader = await watch('lia');
    await eventually(() => expect(reader.events.map(({ data }) => counts(data))).toEqual([[]]));
    await messageFrom(world, one, 'bob');
    await eventually(() => expect(counts(last(reader))).toEqual([[one, 1, 1]]));
    world.clock.now += 1_000;
    await messageFrom(world, two, 'cem');
    await eventually(() =>
      expect(counts(last(reader))).toEqual([
        [two, 1, 1],
        [one, 1, 1],
      ]),
    );
    await mute('lia', two, 'none');
    await eventually(() => expect(last(reader).badge).toBe(1));
    expect(counts(last(reader))).toEqual([
      [two, 1, 0],
      [one, 1, 1],
    ]);
    await readAll('lia', one);
    await eventually(() => expect(counts(last(reader))).toEqual([[two, 1, 0]]));
    expect(last(reader)).toMatchObject({ badge: 0, more_conversations: false });
    reader.leave();
  });

  test("is the plain GET's, byte for byte, whose ETag is the event's id; as explain has it", async () => {
    const conversation = await conversationOf(world, 'mia', 'bob');
    await messageFrom(world, conversation, 'bob');
    const plain = await world.inApp('GET', `/users/mia/badge${withList}`);
    const id = `${plain.headers.etag}`.replaceAll('"', '');
    const reader = await watch('mia');
    await eventually(() =>
      expect(reader.text).toBe(`retry: 3000\n\nevent: badge\nid: ${id}\ndata: ${plain.body}\n\n`),
    );
    const explained = (await world.inApp('GET', '/users/mia/badge/explain')).json();
    expect(explained).toMatchObject({ conversations: plain.json().conversations });
    const again = { 'if-none-match': `${plain.headers.etag}` };
    const unchanged = await world.inApp('GET', `/users/mia/badge${withList}`, { headers: again });
    expect(unchanged.statusCode).toBe(304);
    const without = await world.inApp('GET', '/users/mia/badge?conversations=false', { headers: again });
    expect(without.statusCode).toBe(200);
    expect(without.json()).not.toHaveProperty('conversations');
    reader.leave();
  });

  test('is sent when it changes and the badge does not, but only to streams with the list', async () => {
    const [one, two] = [await conversationOf(world, 'nia', 'bob'), await conversationOf(world, 'nia', 'cem')];
    await messageFrom(world, one, 'bob');
    await mute('nia', two, 'none');
    const [listed, plain] = [await watch('nia'), await server.open('nia')];
    await eventually(() => expect([listed.badges, plain.badges]).toEqual([[1], [1]]));
    const id = `${listed.events[0]?.id}`;
    // A muted conversation counts for nothing in the badge, but is listed.
    world.clock.now += 1_000;
    await messageFrom(world, two, 'cem');
    await eventually(() => expect(listed.badges).toEqual([1, 1]));
    expect(counts(last(listed))).toEqual([
      [two, 1, 0],
      [one, 1, 1],
    ]);
    const resumed = await watch('nia', { 'last-event-id': `${listed.events[1]?.id}` });
    await eventually(() => expect(resumed.text).toBe('retry: 3000\n\n'));
    const behind = await watch('nia', { 'last-event-id': id });
    await eventually(() => expect(behind.badges).toEqual([1]));
    // The event of a change of the badge is the next one that the plain stream gets.
    await server.set('nia', 2);
    await eventually(() => expect(plain.badges).toEqual([1, 3]));
    for (const reader of [listed, plain, resumed, behind]) reader.leave();
  });

  test("changes with a heartbeat where only its order or a position did, as with one's own message", async () => {
    const beating = await StreamWorld.listen({ heartbeatMs: 20 });
    const [one, two] = [
      await conversationOf(beating.world, 'qua', 'bob'),
      await conversationOf(beating.world, 'qua', 'cem'),
    ];
    for (const [conversation, peer] of [
      [one, 'bob'],
      [two, 'cem'],
    ] as const) {
      beating.world.clock.now += 1_000;
      await messageFrom(beating.world, conversation, peer);
    }
    const reader = await beating.open('qua', {}, withList);
    await eventually(() => expect(counts(last(reader)).map(([id]) => id)).toEqual([two, one]));
    beating.world.clock.now += 1_000;
    await messageFrom(beating.world, one, 'qua');
    await eventually(() => expect(counts(last(reader)).map(([id]) => id)).toEqual([one, two]));
    expect(new Set(reader.badges)).toEqual(new Set([2]));
    await beating.close();
  });

  test(`is cut at ${limits.unreadListConversations}, the newest kept, and says so`, async () => {
    const made: string[] = [];
    for (let n = 0; n <= limits.unreadListConversations; n++) {
      const conversation = await conversationOf(world, 'ola', `friend${n}`);
      world.clock.now += 1;
      await messageFrom(world, conversation, `friend${n}`);
      made.push(conversation);
    }
    const reader = await watch('ola');
    await eventually(() => expect(reader.events).toHaveLength(1));
    const [oldest = '', ...kept] = made;
    expect(counts(last(reader)).map(([id]) => id)).toEqual(kept.toReversed());
    expect(last(reader)).toMatchObject({ badge: made.length, more_conversations: true });
    await readAll('ola', oldest);
    await eventually(() => expect(last(reader).more_conversations).toBe(false));
    expect(last(reader).conversations).toHaveLength(limits.unreadListConversations);
    reader.leave();
  });
});

describe('promise 6: the counts and the list change together', () => {
  test('every event, whatever happens at once, is a badge that is the sum over its own list', async () => {
    await server.set('pia', 5);
    const conversations = await Promise.all(
      ['bob', 'cem', 'dia'].map((peer) => conversationOf(world, 'pia', peer)),
    );
    const reader = await watch('pia');
    const peers = ['bob', 'cem', 'dia'];
    for (let round = 0; round < 12; round++) {
      await Promise.all(
        conversations.flatMap((conversation, index) => [
          messageFrom(world, conversation, peers[index] ?? ''),
          ...(round % 3 === index ? [readAll('pia', conversation)] : []),
          ...(round % 4 === index ? [mute('pia', conversation, round % 2 === 0 ? 'none' : 'all')] : []),
        ]),
      );
    }
    const final = (await world.inApp('GET', `/users/pia/badge${withList}`)).json();
    await eventually(() => expect(last(reader)).toEqual(final));
    expect(reader.events.length).toBeGreaterThan(3);
    for (const { data } of reader.events) {
      const listed = (data.conversations ?? []).reduce((sum, { badge_count }) => sum + badge_count, 0);
      expect(data.badge).toBe(data.external_unread_count + listed);
    }
    reader.leave();
  });
});

describe('what else may be asked for', () => {
  test('anything but true or false is refused with the name of the parameter, before any stream begins', async () => {
    for (const wrong of ['?conversations=yes', '?conversations=', '?conversations=true&conversations=true']) {
      const plain = await world.inApp('GET', `/users/ann/badge${wrong}`);
      expect([plain.statusCode, plain.json()]).toMatchObject([
        422,
        { id: 'invalid_property', data: { property: 'conversations' } },
      ]);
      const reader = await server.open('ann', {}, wrong);
      await eventually(() => expect(reader.isEnded).toBe(true));
      expect([reader.answer.statusCode, JSON.parse(reader.text)]).toEqual([422, forThis(plain.json())]);
    }
    const off = await server.open('ann', {}, '?conversations=false');
    await eventually(() => expect(off.events[0]?.data).not.toHaveProperty('conversations'));
    off.leave();
  });

  test("promise 8: one's own list can be watched, another user's cannot; one of nobody is not found", async () => {
    const token = await world.userToken('ann');
    const own = await watch('ann', bearer(token));
    await eventually(() => expect(own.badges).toEqual([1]));
    own.leave();
    expect((await watch('bob', bearer(token))).answer.statusCode).toBe(403);
    expect((await watch('stranger')).answer.statusCode).toBe(404);
    expect((await world.inApp('GET', `/users/stranger/badge${withList}`)).statusCode).toBe(404);
  });
});

function last({ events }: { readonly events: readonly { readonly data: BadgeData }[] }): BadgeData {
  const data = events.at(-1)?.data;
  if (data === undefined) throw new Error('no event was sent');
  return data;
}

/** The same error, described where this server is and not where an injected request was. */
function forThis(error: { readonly url: string }) {
  return { ...error, url: error.url.replace(/^http:\/\/[^/]+/, `http://localhost:${server.port}`) };
}
