/**
 * One stream of one user's badge, with the token that opens it. It lasts until it is closed, or until the service
 * refuses it for good: a token that has expired is asked for anew before that.
 */
import { openStream, StreamRefused } from '../sse/open_stream.js';
import { parseBadge, parseJson, type Snapshot } from './badge.js';

/**
 * A token of the user, or what gets one. The latter is called before the first connection, and again when the token
 * was refused, most likely because it has expired.
 */
export type TokenSource = string | ((asked: { readonly refused: boolean }) => string | Promise<string>);

export type ConnectionState = 'connecting' | 'live' | 'waiting';

export interface Address {
  readonly url: string;
  readonly token: TokenSource;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface Refusal {
  readonly status: number;
  /** Whether it may be otherwise later: another token will come, or the user will become known. */
  readonly isTemporary: boolean;
  readonly wasLive: boolean;
}

export interface ConnectionListener {
  snapshot(snapshot: Snapshot): void;
  state(state: ConnectionState): void;
}

/** A stream that was opened so lately needs no other to be up to date. */
const FRESH_MS = 15_000;

export class BadgeConnection {
  /** Resolves when it is over, with the refusal if it was that. */
  readonly ended: Promise<Refusal | undefined>;
  readonly #address: Address;
  readonly #listener: ConnectionListener;
  #lastEventId: string;
  #token: string | undefined;
  #isRenewed = false;
  #wasLive = false;
  #state: ConnectionState = 'connecting';
  #openedAt = 0;
  #isClosed = false;
  #attempt = new AbortController();

  constructor(address: Address, lastEventId: string, listener: ConnectionListener) {
    this.#address = address;
    this.#lastEventId = lastEventId;
    this.#listener = listener;
    this.ended = this.#run();
  }

  /** Time has passed, unnoticed maybe: whatever was said meanwhile is asked for now. */
  sync(): void {
    const isFresh = this.#state === 'live' && performance.now() - this.#openedAt < FRESH_MS;
    if (!isFresh) this.#attempt.abort();
  }

  close(): void {
    this.#isClosed = true;
    this.#attempt.abort();
  }

  async #run(): Promise<Refusal | undefined> {
    while (!this.#isClosed) {
      this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      const status = await this.#listen(signal);
      if (signal.aborted) continue;
      // A token may have expired; one that is refused when it is new has not.
      if (status !== 401 || !this.#canRenew() || this.#isRenewed) return this.#refusal(status);
      this.#isRenewed = true;
      this.#token = undefined;
    }
    return undefined;
  }

  /** Answers the status with which the service refused, or ended the stream. */
  async #listen(signal: AbortSignal): Promise<number> {
    const { url, fetch } = this.#address;
    try {
      const events = openStream({
        url,
        signal,
        lastEventId: this.#lastEventId,
        headers: async () => ({ authorization: `Bearer ${await this.#currentToken()}` }),
        onState: (state) => this.#told(state === 'open' ? 'live' : state),
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

  #told(state: ConnectionState): void {
    if (this.#isClosed) return;
    this.#state = state;
    if (state === 'live') {
      this.#openedAt = performance.now();
      this.#wasLive = true;
      this.#isRenewed = false;
    }
    this.#listener.state(state);
  }

  async #currentToken(): Promise<string> {
    const { token } = this.#address;
    if (typeof token === 'string') return token;
    this.#token ??= await token({ refused: this.#isRenewed });
    return this.#token;
  }

  #canRenew(): boolean {
    return typeof this.#address.token === 'function';
  }

  #refusal(status: number): Refusal {
    const isTemporary = status === 404 || (status === 401 && this.#canRenew());
    return { status, isTemporary, wasLive: this.#wasLive };
  }
}
