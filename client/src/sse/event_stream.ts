/**
 * The parser of an event stream, by the WHATWG's rules for server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
 */

export interface ServerSentEvent {
  /** Its type: "message" where the stream names none. */
  readonly event: string;
  /** The id that was told last, with this event or with one before it; empty before the first. */
  readonly id: string;
  readonly data: string;
}

/** What a stream leaves behind for the connection after it. The parser keeps it up to date. */
export interface StreamMemory {
  lastEventId: string;
  /** How many milliseconds the server asks to wait before coming back, once it has asked. */
  retryMs?: number;
}

/**
 * The events of a body, one by one. `onBytes` is called for whatever comes, comments too: a heartbeat is no event, and
 * still tells that the connection lives. An event that the body's end cuts off is dropped.
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
    // Whoever stops listening ends the connection too; one that has failed already refuses that, and may.
    reader.cancel().catch(() => {});
  }
}

/** Lines end in CR, LF or both; of the pair, one half may come with the next chunk. */
function lineSplitter(): (chunk: string) => string[] {
  let begun = '';
  let afterCr = false;
  return (chunk) => {
    // Without text there is nothing to tell of what follows a CR.
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
