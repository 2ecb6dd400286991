/**
 * The parser of an event stream, by the WHATWG's rules for server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
 */

export interface ServerSentEvent {
  /** Its type: "message" where the stream names none. */
  readonly event: string;
  /** The last id that was sent, with this event or an earlier one; empty before the first. */
  readonly id: string;
  readonly data: string;
}

/** What the next connection needs of this one. The parser updates it. */
export interface StreamMemory {
  lastEventId: string;
  /** How many milliseconds the server asks to wait before reconnecting, if it does. */
  retryMs?: number;
}

/**
 * Yields the events of a body. `onBytes` is called whenever bytes arrive, also for comments: a heartbeat is no event,
 * but shows that the connection is alive. An event that the body's end cuts off is dropped.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  memory: StreamMemory = { lastEventId: '' },
  onBytes: () => void = () => {},
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const linesOf = lineSplitter();
  const eventOf = interpreter(memory);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      for (const line of linesOf(decoder.decode(value, { stream: true }))) {
        const event = eventOf(line);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    // A caller who stops reading ends the connection too. If it has failed already, cancel rejects.
    reader.cancel().catch(() => {});
  }
}

/** Lines end in CR, LF or both; the LF of a pair may arrive with the next chunk. */
function lineSplitter(): (chunk: string) => string[] {
  let begun = '';
  let afterCr = false;
  return (chunk) => {
    // An empty chunk does not show what follows a CR.
    if (chunk === '') return [];
    const text = afterCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    afterCr = chunk.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    lines[0] = begun + (lines[0] ?? '');
    begun = lines.pop() ?? '';
    return lines;
  };
}

function interpreter(memory: StreamMemory): (line: string) => ServerSentEvent | undefined {
  let id = memory.lastEventId;
  let event = '';
  let data: string[] = [];

  const dispatched = (): ServerSentEvent | undefined => {
    memory.lastEventId = id;
    const complete = { event: event || 'message', id, data: data.join('\n') };
    const isEmpty = data.length === 0;
    event = '';
    data = [];
    return isEmpty ? undefined : complete;
  };

  return (line) => {
    if (line === '') return dispatched();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) memory.retryMs = Number(value);
    return undefined;
  };
}
