/**
 * One stream of one user's badge, with the token that opens it. It lasts until it is closed, or until the service
 * refuses it for good: where a token may have expired, another one is asked for before that.
 */
import { openStream, StreamRefused } from '../sse/open_stream.js';
import { parseBadge, parseJson, type Snapshot } from './badge.js';
import {
  type ConnectionEvent,
  type ConnectionState,
  type ConnectionStep,
  nextConnectionStep,
} from './connection_state.js';

/**
 * A user token, or a function that gets one. The function is called before the first connection, and with
 * `refused: true` after the service refused its last token, most likely because it expired.
 */
export type TokenSource = string | ((request: { readonly refused: boolean }) => string | Promise<string>);

/** Where the badge's stream is, and what opens it. */
export interface Endpoint {
  readonly url: string;
  readonly token: TokenSource;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface Refusal {
  readonly status: number;
  /** Whether a retry may succeed: another token will come, or the user will exist. */
  readonly isTemporary: boolean;
  readonly wasLive: boolean;
}

export interface ConnectionListener {
  snapshot(snapshot: Snapshot): void;
  state(state: ConnectionState): void;
}

/** A stream that was opened less than this ago is up to date. */
const FRESH_MS = 15_000;

export class BadgeConnection {
  /** Resolves when it is over, with the refusal if the service refused it. */
  readonly ended: Promise<Refusal | undefined>;
  readonly #endpoint: Endpoint;
  readonly #listener: ConnectionListener;
  #step: ConnectionStep = 'connecting';
  #lastEventId: string;
  #token: string | undefined;
  /** When the last stream was live: 0 before the first. */
  #openedAt = 0;
  #attempt = new AbortController();

  constructor(endpoint: Endpoint, lastEventId: string, listener: ConnectionListener) {
    this.#endpoint = endpoint;
    this.#lastEventId = lastEventId;
    this.#listener = listener;
    this.ended = this.#run();
  }

  /** Time has passed, unnoticed maybe: reconnects to find what changed meanwhile, unless the stream is fresh. */
  sync(): void {
    const isFresh = this.#step === 'live' && performance.now() - this.#openedAt < FRESH_MS;
    if (!isFresh) this.#attempt.abort();
  }

  close(): void {
    this.#handle('ended');
    this.#attempt.abort();
  }

  async #run(): Promise<Refusal | undefined> {
    while (!this.#isEnded()) {
      this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      const status = await this.#listen(signal);
      if (signal.aborted) continue;
      const canRenew = status === 401 && typeof this.#endpoint.token === 'function';
      this.#token = undefined;
      this.#handle(canRenew ? 'expired' : 'ended');
      if (this.#isEnded())
        return { status, isTemporary: canRenew || status === 404, wasLive: this.#openedAt > 0 };
    }
    return undefined;
  }

  /** Returns the status with which the service refused, or ended the stream. */
  async #listen(signal: AbortSignal): Promise<number> {
    const { url, fetch } = this.#endpoint;
    try {
      const events = openStream({
        url,
        signal,
        lastEventId: this.#lastEventId,
        headers: async () => ({ authorization: `Bearer ${await this.#currentToken()}` }),
        onState: (state) => this.#onState(state),
        ...(fetch !== undefined && { fetch }),
      });
      for await (const { event, id, data } of events) {
        const badge = event === 'badge' ? parseBadge(parseJson(data)) : undefined;
        if (signal.aborted || badge === undefined) continue;
        this.#lastEventId = id;
        this.#listener.snapshot({ id, badge });
      }
      return 204;
    } catch (error) {
      if (error instanceof StreamRefused) return error.status;
      throw error;
    }
  }

  #onState(state: 'connecting' | 'open' | 'waiting'): void {
    this.#handle(state);
    if (this.#isEnded()) return;
    if (state === 'open') this.#openedAt = performance.now();
    this.#listener.state(state === 'open' ? 'live' : state);
  }

  #handle(event: ConnectionEvent): void {
    this.#step = nextConnectionStep(this.#step, event);
  }

  /** It may end while something is awaited. */
  #isEnded(): boolean {
    return this.#step === 'ended';
  }

  async #currentToken(): Promise<string> {
    const { token } = this.#endpoint;
    if (typeof token === 'string') return token;
    const refused = this.#step === 'renewed_connecting';
    this.#token ??= await token({ refused });
    return this.#token;
  }
}
