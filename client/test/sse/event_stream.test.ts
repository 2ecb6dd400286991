// Reading an event stream, by https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents, type ServerSentEvent, type StreamMemory } from '../../src/sse/event_stream.js';

const encoder = new TextEncoder();

describe('an event stream', () => {
  it("is read as the standard's examples say", async () => {
    const stocks = 'data: YHOO\ndata: +2\ndata: 10\n\n';
    expect(await read([stocks])).toEqual([{ event: 'message', id: '', data: 'YHOO\n+2\n10' }]);
    const withIds =
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n';
    expect(await read([withIds])).toEqual([
      { event: 'message', id: '1', data: 'first event' },
      { event: 'message', id: '', data: 'second event' },
      { event: 'message', id: '', data: ' third event' },
    ]);
    const empty = 'data\n\ndata\ndata\n\ndata:';
    expect((await read([empty])).map(({ data }) => data)).toEqual(['', '\n']);
    expect((await read(['data:test\n\ndata: test\n\n'])).map(({ data }) => data)).toEqual(['test', 'test']);
  });

  it('has the same events however it is cut into chunks, within a character too', async () => {
    await fc.assert(
      fc.asyncProperty(streams, cuts, async (text, sizes) => {
        const bytes = encoder.encode(text);
        const memory: StreamMemory = { lastEventId: '' };
        const events = await read(chunked(bytes, sizes), memory);
        const wanted = inOneGo(text);
        expect(events).toEqual(wanted.events);
        expect(memory).toEqual(wanted.memory);
      }),
      { numRuns: 500 },
    );
  });

  it('tells of every byte, so that a comment is a sign of life without being an event', async () => {
    let signs = 0;
    const events = readEvents(bodyOf([':\n\n', ':\n\n']), { lastEventId: '' }, () => signs++);
    for await (const event of events) throw new Error(`not an event: ${event.data}`);
    expect(signs).toBe(2);
  });

  it('goes on with the id that an earlier connection left', async () => {
    expect(await read(['data: a\n\n'], { lastEventId: '7' })).toEqual([
      { event: 'message', id: '7', data: 'a' },
    ]);
  });

  it('ends the connection when nobody listens any more', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encoder.encode('data: a\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const event of readEvents(body)) {
      expect(event.data).toBe('a');
      break;
    }
    expect(cancelled).toBe(true);
  });
});

const text = fc.string({ unit: fc.constantFrom('a', ' ', ':', 'é', '€', '🐝', '\0', '7', '\ufeff') });
const field = fc
  .tuple(
    fc.constantFrom('data', 'event', 'id', 'retry', '', 'other', 'Data'),
    fc.constantFrom(':', ': ', ''),
    text,
  )
  .map((parts) => parts.join(''));
const retry = fc.nat().map((ms) => `retry: ${ms}`);
const line = fc.oneof({ weight: 4, arbitrary: field }, retry, { weight: 3, arbitrary: fc.constant('') });
const streams = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n'))),
    fc.constantFrom('', 'data: begun'),
  )
  .map(([bom, lines, rest]) => bom + lines.flat().join('') + rest);
const cuts = fc.array(fc.nat(5), { minLength: 1 });

/** The algorithm of the standard, on the text as a whole. */
function inOneGo(stream: string): { events: ServerSentEvent[]; memory: StreamMemory } {
  const events: ServerSentEvent[] = [];
  const memory: StreamMemory = { lastEventId: '' };
  let data = '';
  let event = '';
  let id = '';
  const lines = stream.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  for (const one of lines.slice(0, -1)) {
    if (one === '') {
      memory.lastEventId = id;
      if (data !== '') events.push({ event: event === '' ? 'message' : event, id, data: data.slice(0, -1) });
      data = '';
      event = '';
      continue;
    }
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(one) ?? [];
    if (name === 'data') data += `${value}\n`;
    if (name === 'event') event = value;
    if (name === 'id' && !value.includes('\0')) id = value;
    if (name === 'retry' && /^[0-9]+$/.test(value)) memory.retryMs = Number.parseInt(value, 10);
  }
  return { events, memory };
}

function chunked(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    // Chunks without anything in them come too.
    const size = i < 2 * bytes.length ? (sizes[i % sizes.length] ?? 1) : bytes.length;
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}

function bodyOf(chunks: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
}

async function read(
  chunks: readonly (string | Uint8Array)[],
  memory?: StreamMemory,
): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(bodyOf(chunks), memory)) events.push(event);
  return events;
}
