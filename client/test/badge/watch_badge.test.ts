// Following a badge where there is no page, as in a worker or in Node: what it makes of what a service answers, on a
// local socket. In pages, browser.test.ts.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BadgeWatch, type WatchOptions, watchBadge } from '../../src/badge/index.js';
import {
  type EventServer,
  events,
  eventsThenEnd,
  refusal,
  startEventServer,
  type Turn,
} from '../sse/event_server.js';

describe('a watched badge', () => {
  let server: EventServer;
  let watch: BadgeWatch;
  let seen: (number | null | undefined)[];
  let states: string[];
  beforeEach(() => {
    // Of the times to wait that are drawn, the shortest, which is none.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    seen = [];
    states = [];
  });
  afterEach(async () => {
    watch.stop();
    vi.restoreAllMocks();
    await server.close();
  });

  const start = async (turns: readonly Turn[], options: Partial<WatchOptions> = {}) => {
    server = await startEventServer(...turns);
    watch = watchBadge({
      url: server.url,
      app: 'an-app',
      user: 'bob',
      token: 'a-token',
      onChange: (badge) => seen.push(badge?.badge),
      onState: (state, status) => states.push(status === undefined ? state : `${state} ${status}`),
      ...options,
    });
  };
  const authorizations = () => server.connections.map(({ authorization }) => authorization);

  it('comes back with the id of the last event when the stream ends, and tells no badge twice', async () => {
    await start([eventsThenEnd(event('a', 1)), events(event('a', 1) + event('b', 2))]);
    await soon(() => expect(seen).toEqual([1, 2]));
    expect(server.connections.map((headers) => headers['last-event-id'])).toEqual([undefined, 'a']);
    expect(watch.current?.badge).toBe(2);
    expect(states).toEqual(['live', 'waiting', 'connecting', 'live']);
  });

  it('asks for another token when one has expired', async () => {
    const asked: boolean[] = [];
    const token = ({ refused }: { refused: boolean }) => `token-${asked.push(refused)}`;
    await start([eventsThenEnd(event('a', 1)), refusal(401, {}), events(event('b', 2))], { token });
    await soon(() => expect(seen).toEqual([1, 2]));
    expect(authorizations()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
    expect(asked).toEqual([false, true]);
  });

  it('rests when a new token is refused as well, and asks again when told to', async () => {
    const token = async () => 'the-same';
    vi.mocked(Math.random).mockReturnValue(0.5);
    await start([refusal(401, {}), refusal(401, {}), events(event('a', 1))], { token });
    await soon(() => expect(states).toEqual(['refused 401']));
    expect(server.connections).toHaveLength(2);
    watch.refresh();
    await soon(() => expect(seen).toEqual([1]));
    expect(watch.state).toBe('live');
  });

  it('ends where a token that cannot be renewed is refused', async () => {
    await start([refusal(403, {}), events(event('a', 1))]);
    await soon(() => expect(states).toEqual(['refused 403']));
    expect(server.connections).toHaveLength(1);
    expect(watch.current).toBeUndefined();
  });

  it('waits for a user whom nobody has named yet', async () => {
    await start([refusal(404, {}), events(event('a', 0))]);
    await soon(() => expect(seen).toEqual([0]));
    expect(states).toEqual(['refused 404', 'connecting', 'live']);
  });

  it('lets pass what is no badge', async () => {
    const strange =
      'event: badge\nid: x\ndata: {"badge":-1}\n\nevent: other\ndata: {"badge":9}\n\nevent: badge\ndata: {\n\n';
    await start([events(strange + event('a', 4))]);
    await soon(() => expect(seen).toEqual([4]));
  });

  it('goes on, and tells the others, when a listener throws; the error is reported', async () => {
    const reported = vi.spyOn(console, 'error').mockReturnValue();
    const wrong = new Error('of the page');
    const onChange = () => {
      throw wrong;
    };
    await start([events(event('a', 1)), events('')], { onChange, onState: onChange });
    watch.subscribe((badge) => seen.push(badge?.badge));
    await soon(() => expect(seen).toEqual([1]));
    expect([watch.state, watch.current?.badge]).toEqual(['live', 1]);
    watch.signOut();
    expect(seen).toEqual([1, undefined]);
    expect(reported.mock.calls.map(([error]) => error)).toEqual([wrong, wrong, wrong, wrong]);
  });

  it('tells each listener the current badge at once, and that there is none after signing out', async () => {
    await start([events(event('a', 4))]);
    await soon(() => expect(seen).toEqual([4]));
    const late: (number | null | undefined)[] = [];
    const unsubscribe = watch.subscribe((badge) => late.push(badge?.badge));
    const left: unknown[] = [];
    watch.subscribe((badge) => left.push(badge))();
    watch.signOut();
    unsubscribe();
    expect([late, left.length]).toEqual([[4, undefined], 1]);
    expect([watch.current, watch.state]).toEqual([undefined, 'signed-out']);
    watch.stop();
    expect(watch.state).toBe('signed-out');
  });
});

function event(id: string, badge: number): string {
  return `event: badge\nid: ${id}\ndata: ${JSON.stringify({ badge, badge_mode: 'unread_messages' })}\n\n`;
}

/** The machine may be busy with other tests. */
function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 10 });
}
