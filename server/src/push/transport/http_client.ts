/** A pooled HTTP/1.1 client with a limit on everything, for providers that are not spoken to over HTTP/2. */
import { EventEmitter } from 'node:events';
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import type { ProviderResponse } from './port.js';

export interface HttpLimits {
  /** Connections per host. With fewer than a lane's pushes in flight, some would wait here, where none goes first. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** For the whole request, from its place in the queue to the last byte of the response. */
  readonly requestTimeoutMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  connections: 100,
  connectTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
};

/** A push provider's response is a few hundred bytes; a longer one is an error, so that no provider fills our memory. */
const answerLimitBytes = 64 * 1024;

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export class HttpClient {
  readonly #agent: Agent;
  readonly #requestTimeoutMs: number;
  readonly #now: () => number;

  /** `lookup` replaces name resolution for every connection that this client opens. */
  constructor(limits: HttpLimits, now: () => number, lookup?: LookupFunction) {
    this.#requestTimeoutMs = limits.requestTimeoutMs;
    this.#now = now;
    this.#agent = new Agent({
      connections: limits.connections,
      maxResponseSize: answerLimitBytes,
      connect: { timeout: limits.connectTimeoutMs, ...(lookup === undefined ? {} : { lookup }) },
    });
  }

  /** Rejects if there is no response. Redirects are responses; none is followed. */
  async post(request: HttpRequest): Promise<ProviderResponse> {
    const { origin, pathname, search } = new URL(request.url);
    const timeout = new Timeout(this.#requestTimeoutMs);
    try {
      const response = await this.#agent.request({
        origin,
        path: pathname + search,
        method: 'POST',
        headers: request.headers,
        body: request.body,
        signal: timeout,
      });
      const headers = Object.entries(response.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value[0] : value,
      ]);
      const body = await response.body.text();
      return {
        status: response.statusCode,
        headers: Object.fromEntries(headers),
        body,
        receivedAtMs: this.#now(),
      };
    } finally {
      timeout.end();
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** Ends a request that takes too long. An AbortSignal costs five times as much, which counts when hundreds are sent at once. */
class Timeout extends EventEmitter {
  readonly #timer: NodeJS.Timeout;
  reason: Error | undefined;

  constructor(timeoutMs: number) {
    super();
    this.#timer = setTimeout(() => {
      this.reason = Object.assign(new Error('request timeout'), { code: 'ETIMEDOUT' });
      this.emit('abort');
    }, timeoutMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
