/**
 * One HTTP/2 connection to an APNs host. It decides when it may send another request (the host's settings, a
 * GOAWAY, a timeout), and whether the host can have processed a failed request (RFC 9113, 6.8 and 8.7).
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { ProviderResponse } from '../port.js';
import type { ApnsRequest } from './payload.js';

/** A response; or none, and the request was certainly not processed; or none, and it may have been processed. */
export type Exchange =
  | { readonly response: ProviderResponse }
  | { readonly unprocessed: unknown }
  | { readonly lost: unknown };

export interface SessionLimits {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** APNs' responses are a few hundred bytes; more than this is not APNs. */
const answerLimitBytes = 16 * 1024;

const connectionEnded = Object.assign(new Error('the connection ended'), { code: 'ECONNRESET' });

/** What a session emits to its pool, in this order; a session that never opens skips the first. */
export interface SessionEvents {
  /** The host's settings allow so many streams. They may come again, as APNs' do once it has seen a token. */
  admits(): void;
  /** It takes no further requests. `failure` is set if it never took any. */
  retired(failure?: unknown): void;
  ended(): void;
}

export class ApnsSession {
  readonly #session: ClientHttp2Session;
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #events: SessionEvents;
  #state: 'connecting' | 'open' | 'retired' = 'connecting';
  #active = 0;
  #lastStreamId: number | undefined;
  #failure: unknown = new Error('closed while connecting');

  constructor(origin: string, limits: SessionLimits, now: () => number, events: SessionEvents) {
    this.#limits = limits;
    this.#now = now;
    this.#events = events;
    this.#session = connect(origin, { settings: { enablePush: false } });
    this.#listen();
  }

  get connecting(): boolean {
    return this.#state === 'connecting';
  }

  /** How many more requests the host takes now. */
  get free(): number {
    if (this.#state !== 'open' || this.#session.closed || this.#session.destroyed) return 0;
    return Math.max(0, (this.#session.remoteSettings.maxConcurrentStreams ?? 100) - this.#active);
  }

  destroy(): void {
    this.#session.destroy();
  }

  /** Counted from the call on, so that no other request takes the same place. */
  async exchange(request: ApnsRequest, providerToken: string): Promise<Exchange> {
    this.#active += 1;
    try {
      return await this.#request(request, providerToken);
    } finally {
      this.#active -= 1;
      if (this.#state === 'retired') this.#retire();
    }
  }

  #listen(): void {
    const handshake = setTimeout(() => {
      this.#session.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' }));
    }, this.#limits.connectTimeoutMs);
    // Not at 'connect': only the settings say how many streams may be opened.
    this.#session.on('remoteSettings', () => {
      clearTimeout(handshake);
      if (this.#state === 'retired') return;
      this.#state = 'open';
      this.#events.admits();
    });
    this.#session.on('goaway', (_code, lastStreamId) => {
      this.#lastStreamId = lastStreamId;
      this.#retire();
    });
    this.#session.on('error', (error) => {
      this.#failure = error;
    });
    this.#session.on('close', () => {
      clearTimeout(handshake);
      this.#retire();
      this.#events.ended();
    });
  }

  /** Requests in flight may still get a response; the connection ends with the last of them. */
  #retire(): void {
    if (this.#state !== 'retired') {
      const neverOpened = this.#state === 'connecting';
      this.#state = 'retired';
      this.#events.retired(neverOpened ? this.#failure : undefined);
    }
    if (this.#active === 0 && !this.#session.destroyed) this.#session.destroy();
  }

  #request(request: ApnsRequest, providerToken: string): Promise<Exchange> {
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request({
        ':method': 'POST',
        ':path': request.path,
        authorization: `bearer ${providerToken}`,
        ...request.headers,
      });
    } catch (error) {
      // Node refuses a stream on a session that is closing: nothing was sent.
      return Promise.resolve({ unprocessed: error });
    }
    stream.end(request.body);
    return this.#responded(stream);
  }

  #responded(stream: ClientHttp2Stream): Promise<Exchange> {
    return new Promise((resolve) => {
      let status: number | undefined;
      let headers: ProviderResponse['headers'] = {};
      let body = '';
      let failure: unknown = connectionEnded;
      const timer = setTimeout(() => {
        // A connection that swallows requests gets no more of them. The end of this one is not awaited:
        // while nothing can be written to it, the stream would not close.
        this.#retire();
        stream.close(constants.NGHTTP2_CANCEL);
        resolve({ lost: Object.assign(new Error('request timeout'), { code: 'ETIMEDOUT' }) });
      }, this.#limits.requestTimeoutMs);
      stream.setEncoding('utf8');
      stream.on('response', (received) => {
        status = received[':status'];
        headers = { 'retry-after': received['retry-after'], date: received.date };
      });
      stream.on('data', (chunk: string) => {
        if (body.length < answerLimitBytes) body += chunk;
      });
      stream.on('error', (error) => {
        failure = error;
      });
      stream.on('close', () => {
        clearTimeout(timer);
        if (status !== undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR) {
          resolve({ response: { status, headers, body, receivedAtMs: this.#now() } });
        } else {
          resolve(this.#isUnprocessed(stream) ? { unprocessed: failure } : { lost: failure });
        }
      });
    });
  }

  #isUnprocessed(stream: ClientHttp2Stream): boolean {
    if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || stream.id === undefined) return true;
    return this.#lastStreamId !== undefined && stream.id > this.#lastStreamId;
  }
}
