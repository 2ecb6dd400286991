/**
 * The HTTP side of a replay: keep-alive connections to one server, an app token on every request, and
 * patience. A broken connection, a 503 or a 429 is tried again with growing pauses (or after the time that
 * Retry-After asks for), since everything a replay sends may be sent twice; every other answer is handed on.
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

export interface BackendAnswer {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | undefined;
}

export interface BackendOptions {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  /** How long the server may stay away before the replay gives up. */
  readonly patienceMs: number;
  readonly onRetry?: (reason: string) => void;
}

/** What a gateway or the server itself answers when it could not take the request for now. */
const RETRIED_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const RETRIED_ERRORS: ReadonlySet<string> = new Set([
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
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** A write waits for a disk at worst; what takes longer than this has been lost on the way. */
const ANSWER_TIMEOUT_MS = 30_000;

export class BackendClient {
  retries = 0;
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #headers: Record<string, string>;
  readonly #options: BackendOptions;
  readonly #stop = new AbortController();
  #lastAnswerAt = 0;

  constructor(options: BackendOptions) {
    const url = parseUrl(options.url);
    this.#options = options;
    // Every lane waits on this one signal, and a warning about a leak would be wrong.
    setMaxListeners(0, this.#stop.signal);
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#headers = { authorization: `Bearer ${options.token}`, accept: 'application/json' };
    this.#pool = new Pool(url.origin, {
      connections: options.connections,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
  }

  async send(request: BackendRequest): Promise<BackendAnswer> {
    let firstFailureAt: number | undefined;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#try(request);
      const now = performance.now();
      if (typeof outcome !== 'string' && !RETRIED_STATUS.has(outcome.status)) {
        this.#lastAnswerAt = now;
        return outcome;
      }
      const reason = typeof outcome === 'string' ? outcome : `it answers ${outcome.status}`;
      firstFailureAt ??= now;
      // One unlucky request does not end a replay during which the server keeps answering the others.
      const waitedMs = now - Math.max(firstFailureAt, this.#lastAnswerAt);
      const pauseMs = typeof outcome === 'string' ? backOffMs(attempt) : askedPauseMs(outcome, attempt);
      if (this.#stop.signal.aborted || waitedMs + pauseMs > this.#options.patienceMs) {
        throw new ReplayError(`The server at ${this.#options.url} does not take requests: ${reason}.`);
      }
      this.retries += 1;
      this.#options.onRetry?.(reason);
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  /** Ends all waiting: what fails from now on fails for good. Requests under way still get their answer. */
  stop(): void {
    this.#stop.abort();
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** The answer, or why there was none. */
  async #try(request: BackendRequest): Promise<BackendAnswer | string> {
    try {
      const { statusCode, headers, body } = await this.#pool.request({
        method: request.method,
        path: this.#prefix + request.path,
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
      if (code === undefined || !RETRIED_ERRORS.has(code)) throw error;
      return `the connection failed (${code})`;
    }
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new ReplayError(
      `${JSON.stringify(text)} is not the address of a server; one looks like http://127.0.0.1:8080.`,
    );
  }
  return url;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Half of the pause is left to chance, so that all lanes do not come back in the same instant. */
function backOffMs(attempt: number): number {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return pauseMs * (0.5 + Math.random() / 2);
}

function askedPauseMs(answer: BackendAnswer, attempt: number): number {
  const seconds = Number(answer.header('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(seconds * 1_000, 1) : backOffMs(attempt);
}
