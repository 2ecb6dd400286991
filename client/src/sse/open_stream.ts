/**
 * An event stream that reconnects: read with fetch, since EventSource sends no Authorization header, and opened again
 * from the last event on whenever it ends, fails or falls silent.
 */
import { readEvents, type ServerSentEvent, type StreamMemory } from './event_stream.js';
import { fullJitter, pause, retryAfterMs } from './waiting.js';

export type StreamState = 'connecting' | 'open' | 'waiting';

export interface StreamOptions {
  readonly url: string | URL;
  /**
   * Called before each connection, so that a token can be renewed. An error counts as a failure to connect, except a
   * StreamRefused, which ends the stream.
   */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>;
  readonly fetch?: typeof globalThis.fetch;
  /** The id of the last event that the caller has, if any. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** The connection counts as dead after so long without a byte: 30 seconds, twice the server's heartbeat. */
  readonly silenceMs?: number;
  readonly onState?: (state: StreamState) => void;
}

/** The server refuses this stream: a retry of the same request would be refused as well. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
  readonly status: number;
  /** The response's JSON, if it is that. */
  readonly body: unknown;
  readonly headers: Headers;

  constructor(status: number, body?: unknown, headers = new Headers()) {
    super(`The stream was refused with status ${status}.`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const FIRST_RETRY_MS = 3000;
const LONGEST_WAIT_MS = 30_000;
/** The shortest pause, even if the server asks for a shorter one. */
const SHORTEST_RETRY_MS = 100;

/**
 * Yields the events. It ends when the signal is aborted or the server responds with 204.
 *
 * @throws StreamRefused if the server refuses (4xx except 408 and 429) or responds with something else than events
 * @example for await (const { event, data } of openStream({ url, signal })) console.log(event, data);
 */
export async function* openStream(options: StreamOptions): AsyncGenerator<ServerSentEvent, void, undefined> {
  const { lastEventId = '', signal, onState } = options;
  const memory: StreamMemory = { lastEventId };
  const isOver = () => signal?.aborted === true;
  let failures = 0;
  while (!isOver()) {
    let retryAfter = 0;
    let isOpen = false;
    onState?.('connecting');
    // onState may have aborted it, and a signal that is aborted already fires no event.
    if (isOver()) return;
    const connection = connect(options, memory);
    try {
      const response = await connection.response;
      if (response.status === 204) return;
      retryAfter = retryAfterMs(response.headers);
      if (response.ok && response.body !== null) {
        isOpen = true;
        onState?.('open');
        for await (const event of readEvents(response.body, memory, connection.onBytes)) {
          connection.pause();
          yield event;
          connection.onBytes();
        }
      }
    } catch (error) {
      if (error instanceof StreamRefused) throw error;
    } finally {
      connection.close();
    }
    if (isOver()) return;
    onState?.('waiting');
    if (isOpen) failures = 0;
    // At most twice the time that the server asks for, and that time on average.
    const retryMs = Math.max(memory.retryMs ?? FIRST_RETRY_MS, SHORTEST_RETRY_MS);
    const jitterMs = fullJitter(2 * retryMs, failures, LONGEST_WAIT_MS);
    failures += 1;
    await pause(Math.max(jitterMs, retryAfter), signal);
  }
}

interface Connection {
  readonly response: Promise<Response>;
  /** Bytes arrived: the timer of the silence starts again. */
  onBytes(): void;
  /** Stops that timer: while the caller handles an event, nothing is read. */
  pause(): void;
  close(): void;
}

function connect(options: StreamOptions, memory: StreamMemory): Connection {
  const { signal, silenceMs = LONGEST_WAIT_MS } = options;
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer = setTimeout(abort, silenceMs);
  signal?.addEventListener('abort', abort);
  const stopTimer = () => clearTimeout(timer);
  return {
    response: request(options, memory, controller.signal),
    pause: stopTimer,
    onBytes() {
      stopTimer();
      timer = setTimeout(abort, silenceMs);
    },
    close() {
      stopTimer();
      signal?.removeEventListener('abort', abort);
      abort();
    },
  };
}

async function request(options: StreamOptions, memory: StreamMemory, signal: AbortSignal): Promise<Response> {
  const { url, fetch = globalThis.fetch } = options;
  const headers = new Headers(await Promise.race([options.headers?.(), aborted(signal)]));
  headers.set('accept', 'text/event-stream');
  if (memory.lastEventId !== '') headers.set('last-event-id', bytesOf(memory.lastEventId));
  const response = await fetch(url, { headers, signal, cache: 'no-store' });
  const { status } = response;
  const isForever = status >= 400 && status < 500 && status !== 408 && status !== 429;
  const isEvents = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (isForever || (status === 200 && !isEvents)) {
    throw new StreamRefused(status, await response.json().catch(() => undefined), response.headers);
  }
  return response;
}

/** Headers that never come must not delay the end. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', reject));
}

/** The header is UTF-8; fetch takes a header as text with one byte for each character. */
function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
