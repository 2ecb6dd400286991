/**
 * The HTTP client of a replay: keep-alive connections to one server, or to several that take turns, with the app token on
 * every request. It retries broken connections, 429, 502, 503 and 504, with exponential backoff or after Retry-After; every
 * request of a replay is idempotent. All other responses go to the caller.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { ReplayError } from './replay_error.js';

export interface BackendRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface BackendResponse {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | undefined;
}

export interface BackendOptions {
  /** One URL, or those of several servers over one database, separated by commas. */
  readonly url: string;
  readonly token: string;
  /** To each server. */
  readonly connections: number;
  /** Fails once the server has been unavailable for this long. */
  readonly outageTimeoutMs: number;
  readonly onRetry?: (reason: string) => void;
}

interface Server {
  readonly pool: Pool;
  /** The path of its URL. */
  readonly prefix: string;
}

/** A gateway or the server could not take the request right now. */
const retriedStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const retriedErrors: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_ABORTED',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const firstPauseMs = 50;
const longestPauseMs = 2_000;
/** The slowest write waits for a disk: a request that takes longer is lost. */
const responseTimeoutMs = 30_000;

export class BackendClient {
  retries = 0;
  readonly #servers: readonly Server[];
  #turn = 0;
  readonly #headers: Record<string, string>;
  readonly #options: BackendOptions;
  readonly #stop = new AbortController();
  #lastResponseAt = 0;

  constructor(options: BackendOptions) {
    this.#options = options;
    // Every request waits on this signal; Node would warn about a leak that is none.
    setMaxListeners(0, this.#stop.signal);
    this.#headers = { authorization: `Bearer ${options.token}`, accept: 'application/json' };
    this.#servers = options.url.split(',').map((url) => serverAt(url, options.connections));
  }

  async send(request: BackendRequest): Promise<BackendResponse> {
    let firstFailureAt: number | undefined;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#try(request);
      const now = performance.now();
      if (typeof outcome !== 'string' && !retriedStatuses.has(outcome.status)) {
        this.#lastResponseAt = now;
        return outcome;
      }
      const reason = typeof outcome === 'string' ? outcome : `it responds with ${outcome.status}`;
      firstFailureAt ??= now;
      // One failing request does not end the replay while the server responds to others.
      const waitedMs = now - Math.max(firstFailureAt, this.#lastResponseAt);
      const pauseMs = typeof outcome === 'string' ? backoffMs(attempt) : retryAfterMs(outcome, attempt);
      if (this.#stop.signal.aborted || waitedMs + pauseMs > this.#options.outageTimeoutMs) {
        throw new ReplayError(`The server at ${this.#options.url} is unavailable: ${reason}.`);
      }
      this.retries += 1;
      this.#options.onRetry?.(reason);
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  /** Stops retrying: a request that fails from now on is not sent again. Requests in flight still complete. */
  stop(): void {
    this.#stop.abort();
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map(({ pool }) => pool.destroy()));
  }

  /** The response, or the reason why there was none. */
  async #try(request: BackendRequest): Promise<BackendResponse | string> {
    const { pool, prefix } = this.#nextServer();
    try {
      const { statusCode, headers, body } = await pool.request({
        method: request.method,
        path: prefix + request.path,
        headers:
          request.contentType === undefined
            ? this.#headers
            : { ...this.#headers, 'content-type': request.contentType },
        body: request.body ?? null,
      });
      const text = await body.text();
      const header = (name: string) => [headers[name] ?? []].flat()[0];
      return { status: statusCode, text, header };
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined || !retriedErrors.has(code)) throw error;
      return `the connection failed (${code})`;
    }
  }

  /** Each request goes to the next one; so does a retry. */
  #nextServer(): Server {
    const server = this.#servers[this.#turn % this.#servers.length];
    this.#turn += 1;
    if (server === undefined) throw new ReplayError('There is no server.');
    return server;
  }
}

function serverAt(text: string, connections: number): Server {
  const { origin, pathname } = parseUrl(text.trim());
  const timeouts = { headersTimeout: responseTimeoutMs, bodyTimeout: responseTimeoutMs };
  return { pool: new Pool(origin, { connections, ...timeouts }), prefix: pathname.replace(/\/+$/, '') };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new ReplayError(
      `${JSON.stringify(text)} is not an http or https URL. Give one such as http://127.0.0.1:8080.`,
    );
  }
  return url;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Half of the pause is random, so that the requests do not all return at the same instant. */
function backoffMs(attempt: number): number {
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
  return pauseMs * (0.5 + Math.random() / 2);
}

function retryAfterMs(response: BackendResponse, attempt: number): number {
  const seconds = Number(response.header('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(seconds * 1_000, 1) : backoffMs(attempt);
}
