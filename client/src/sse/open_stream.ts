/**
 * A server's event stream that outlives its connections: read with fetch, since EventSource sends no Authorization,
 * and opened again from the last event on whenever it ends, fails or falls silent.
 */
import { readEvents, type ServerSentEvent, type StreamMemory } from './event_stream.js';
import { fullJitter, pause, retryAfterMs } from './waiting.js';

export type StreamState = 'connecting' | 'open' | 'waiting';

export interface StreamOptions {
  readonly url: string | URL;
  /**
   * Asked before each connection, so that a token can be a new one. What it throws counts as a failure to connect,
   * but for a StreamRefused, which ends the stream.
   */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>;
  readonly fetch?: typeof globalThis.fetch;
  /** The last event that the caller has seen, if any. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** After so long without a byte the connection is taken for dead: 30 seconds, twice the server's heartbeat. */
  readonly silenceMs?: number;
  readonly onState?: (state: StreamState) => void;
}

/** The server will not stream this, now or later: there is no point in coming back the same way. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
  readonly status: number;
  /** The answer's JSON, if it was that. */
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
/** Not even a server that asks for it is to be asked without a pause. */
const SHORTEST_RETRY_MS = 100;

/**
 * The events, for as long as it is listened to. It ends when the signal is aborted or the server answers 204, and
 * throws StreamRefused where the server refuses (4xx, but for 408 and 429) or answers something else than events.
 */
export async function* openStream(options: StreamOptions): AsyncGenerator<ServerSentEvent, void, undefined> {
  const { lastEventId = '', signal, onState } = options;
  const memory: StreamMemory = { lastEventId };
  const isOver = () => signal?.aborted === true;
  let failures = 0;
  while (!isOver()) {
    let askedMs = 0;
    let isOpen = false;
    onState?.('connecting');
    // Whoever was told may have ended it, and of a signal that is aborted already nobody hears.
    if (isOver()) return;
    const connection = connect(options, memory);
    try {
      const response = await connection.response;
      if (response.status === 204) return;
      askedMs = retryAfterMs(response.headers);
      if (response.ok && response.body !== null) {
        isOpen = true;
        onState?.('open');
        for await (const event of readEvents(response.body, memory, connection.heard)) {
          connection.rest();
          yield event;
          connection.heard();
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
    // Twice the time that the server asked for at most, and the time itself on average.
    const retryMs = Math.max(memory.retryMs ?? FIRST_RETRY_MS, SHORTEST_RETRY_MS);
    const jitterMs = fullJitter(2 * retryMs, failures, LONGEST_WAIT_MS);
    failures += 1;
    await pause(Math.max(jitterMs, askedMs), signal);
  }
}

interface Connection {
  readonly response: Promise<Response>;
  /** Something came: the time of silence begins anew. */
  heard(): void;
  /** While the listener is busy nobody reads, which is no silence of the server's. */
  rest(): void;
  close(): void;
}

function connect(options: StreamOptions, memory: StreamMemory): Connection {
  const { signal, silenceMs = LONGEST_WAIT_MS } = options;
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer = setTimeout(abort, silenceMs);
  signal?.addEventListener('abort', abort);
  const rest = () => clearTimeout(timer);
  return {
    response: request(options, memory, controller.signal),
    rest,
    heard() {
      rest();
      timer = setTimeout(abort, silenceMs);
    },
    close() {
      rest();
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

/** A source of headers that never answers must not hold up the end. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', reject));
}

/** UTF-8, as that header is written; fetch takes a header as text of which each character is one byte. */
function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
