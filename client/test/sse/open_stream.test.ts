// A stream that outlives its connections, against a server of event streams on a local socket.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  openStream,
  type StreamOptions,
  StreamRefused,
  type StreamState,
} from '../../src/sse/open_stream.js';
import {
  type EventServer,
  events,
  eventsThenCut,
  eventsThenEnd,
  refusal,
  startEventServer,
  type Turn,
} from './event_server.js';

describe('an open stream', () => {
  let server: EventServer;
  let leaving: AbortController;
  beforeEach(() => {
    leaving = new AbortController();
    // Of the times to wait that are drawn, the shortest, which is none.
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    leaving.abort();
    await server.close();
  });

  const open = (options: Partial<StreamOptions> = {}) =>
    openStream({ url: server.url, signal: leaving.signal, ...options });

  const serve = async (...turns: Turn[]) => {
    server = await startEventServer(...turns);
  };

  it('goes on after a connection that ended, and after one that was cut, from the last event on', async () => {
    await serve(
      eventsThenEnd('id: 1\ndata: a\n\n'),
      eventsThenCut('id: 2\ndata: b\n\n'),
      events('id: 3\ndata: c\n\n'),
    );
    expect(await first(3, open())).toEqual(['a', 'b', 'c']);
    expect(server.connections.map((headers) => headers['last-event-id'])).toEqual([undefined, '1', '2']);
    expect(server.connections[0]?.accept).toBe('text/event-stream');
  });

  it('begins after the event that the caller names, in UTF-8', async () => {
    await serve(events('data: a\n\n'));
    await first(1, open({ lastEventId: 'größer 🐝' }));
    const sent = server.connections[0]?.['last-event-id'];
    expect(Buffer.from(`${sent}`, 'latin1').toString()).toBe('größer 🐝');
  });

  it('asks for its headers before each connection, and tries again where that fails', async () => {
    await serve(eventsThenEnd('data: a\n\n'), events('data: b\n\n'));
    let asked = 0;
    const headers = async () => {
      asked += 1;
      if (asked === 2) throw new TypeError('no network');
      return { authorization: `Bearer ${asked}` };
    };
    expect(await first(2, open({ headers }))).toEqual(['a', 'b']);
    expect(server.connections.map(({ authorization }) => authorization)).toEqual(['Bearer 1', 'Bearer 3']);
  });

  it.each([400, 401, 403, 404])('throws a refusal with status %i, and asks no more', async (status) => {
    await serve(refusal(status, { id: 'the reason' }));
    const refused = await first(1, open()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamRefused);
    expect(refused).toMatchObject({ status, body: { id: 'the reason' } });
    expect(server.connections).toHaveLength(1);
  });

  it('comes back after 503 and 429', async () => {
    await serve(refusal(503, {}), refusal(429, {}), events('data: a\n\n'));
    expect(await first(1, open())).toEqual(['a']);
    expect(server.connections).toHaveLength(3);
  });

  it('takes no page for a stream', async () => {
    await serve((response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in!'));
    await expect(first(1, open())).rejects.toMatchObject({ name: 'StreamRefused', status: 200 });
  });

  it('ends with 204', async () => {
    await serve(eventsThenEnd('data: a\n\n'), (response) => response.writeHead(204).end());
    expect(await first(9, open())).toEqual(['a']);
  });

  it('takes silence for a dead connection', async () => {
    await serve(events('id: 1\ndata: a\n\n'), events('data: b\n\n'));
    expect(await first(2, open({ silenceMs: 300 }))).toEqual(['a', 'b']);
    expect(server.connections[1]?.['last-event-id']).toBe('1');
  });

  it('takes a server that does not answer at all for dead', async () => {
    await serve(() => {}, events('data: a\n\n'));
    expect(await first(1, open({ silenceMs: 300 }))).toEqual(['a']);
  });

  it('takes comments for life', async () => {
    await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let sent = 0;
      const beat = setInterval(() => {
        sent += 1;
        response.write(sent < 12 ? ':\n\n' : 'data: a\n\n');
      }, 100);
      response.on('close', () => clearInterval(beat));
    });
    expect(await first(1, open({ silenceMs: 1_000 }))).toEqual(['a']);
    expect(server.connections).toHaveLength(1);
  });

  it('does not take a listener that is busy for a silent server', async () => {
    await serve((response) => {
      events('data: a\n\n')(response, {});
      setTimeout(() => response.write('data: b\n\n'), 600);
    });
    const heard: string[] = [];
    for await (const { data } of open({ silenceMs: 400 })) {
      heard.push(data);
      if (heard.length === 2) break;
      await sleep(800);
    }
    expect(heard).toEqual(['a', 'b']);
  });

  it('waits as long as the server says, give or take a random part of it', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    await serve(eventsThenEnd('retry: 300\n\n'), events('data: a\n\n'));
    const states: [StreamState, number][] = [];
    await first(1, open({ onState: (state) => states.push([state, performance.now()]) }));
    expect(states.map(([state]) => state)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
    const [waitedFrom = 0, waitedTo = 0] = [states[2]?.[1], states[3]?.[1]];
    expect(waitedTo - waitedFrom).toBeGreaterThan(290);
  });

  it('ends without an error when its signal says so, whatever it is doing', async () => {
    await serve(events(':\n\n'), (response) => response.destroy());
    const never = new Promise<HeadersInit>(() => {});
    const doings: Partial<StreamOptions>[] = [{}, { headers: () => never }, { signal: AbortSignal.abort() }];
    for (const doing of doings) {
      const ending = new AbortController();
      const ended = first(1, open({ signal: ending.signal, ...doing }));
      setTimeout(() => ending.abort(), 50);
      expect(await ended).toEqual([]);
    }
    vi.spyOn(Math, 'random').mockReturnValue(0.99);
    const waiting = new AbortController();
    const onState = (state: StreamState) => state === 'waiting' && waiting.abort();
    expect(await first(1, open({ signal: waiting.signal, onState }))).toEqual([]);
  });

  it('does not connect any more when it is ended by whoever is told that it will', async () => {
    await serve(events('data: a\n\n'));
    const ending = new AbortController();
    const onState = (state: StreamState) => state === 'connecting' && ending.abort();
    expect(await first(1, open({ signal: ending.signal, onState }))).toEqual([]);
    expect(server.connections).toEqual([]);
  });
});

async function first(count: number, stream: ReturnType<typeof openStream>): Promise<string[]> {
  const heard: string[] = [];
  for await (const { data } of stream) {
    heard.push(data);
    if (heard.length === count) break;
  }
  return heard;
}
