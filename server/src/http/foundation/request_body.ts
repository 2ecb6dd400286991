/**
 * Receives request bodies within limits that follow the caller: how large one may be, how long it may take, and how much
 * memory all unfinished bodies hold together. The length that a request declares is checked before anything is read.
 */
import type { Readable } from 'node:stream';
import { limits } from '@badged/core';
import type { FastifyRequest } from 'fastify';
import { BodyBudget } from './body_budget.js';
import { ApiError } from './errors.js';
import './turn.js';

export interface BodyLimits {
  /** For all unfinished bodies with a token of an app, the admin token or a session. */
  readonly unfinishedBytes: number;
  /** The same for all other callers. */
  readonly unfinishedOwnBytes: number;
  /** For the whole body. */
  readonly timeoutMs: number;
  /** Between two parts of it. */
  readonly pauseMs: number;
}

export const defaultBodyLimits: BodyLimits = {
  unfinishedBytes: limits.unfinishedBodyBytes,
  unfinishedOwnBytes: limits.unfinishedOwnBodyBytes,
  timeoutMs: limits.bodySeconds * 1_000,
  pauseMs: limits.bodyPauseSeconds * 1_000,
};

/** Whose memory a body takes. */
interface Caller {
  readonly key: string;
  readonly budget: BodyBudget;
}

export class BodyReader {
  readonly #limits: BodyLimits;
  readonly #backends: BodyBudget;
  readonly #others: BodyBudget;
  readonly #refused = new WeakSet<FastifyRequest>();

  constructor(bodyLimits: BodyLimits = defaultBodyLimits) {
    this.#limits = bodyLimits;
    this.#backends = new BodyBudget(bodyLimits.unfinishedBytes);
    this.#others = new BodyBudget(bodyLimits.unfinishedOwnBytes);
  }

  /** Memory that unfinished bodies hold now. */
  get unfinishedBytes(): number {
    return this.#backends.used + this.#others.used;
  }

  /**
   * The whole body, if it arrived with its headers, as most do, and the request need not wait for its turn. Undefined if it
   * has to be read, or is refused, by `read`.
   */
  arrived(request: FastifyRequest, payload: Readable): Buffer | undefined {
    const declared = declaredBytes(request);
    if (declared === undefined || declared !== payload.readableLength) return undefined;
    if (declared > this.#maxBytesOf(request) || request.waitForTurn() !== undefined) return undefined;
    return receivedBody(payload);
  }

  /**
   * The whole body.
   * @throws ApiError `invalid_request` if it is too large, too slow or ends early; `rate_limit_exceeded` if the caller has too
   * many unfinished bodies, `service_unavailable` if all callers together have.
   */
  async read(request: FastifyRequest, payload: Readable): Promise<Buffer> {
    const caller = this.#callerOf(request);
    const maxBytes = this.#maxBytesOf(request);
    const declared = declaredBytes(request);
    const memory = new BodyMemory(caller);
    try {
      if (declared !== undefined && declared > maxBytes) throw tooLarge(maxBytes);
      // A body that arrived with its headers is not unfinished, and needs no timers.
      const hasArrived = declared !== undefined && declared === payload.readableLength;
      if (!hasArrived) memory.reserve(declared ?? 0);
      const body = hasArrived ? receivedBody(payload) : await this.#receive(payload, maxBytes, memory);
      if (declared !== undefined && declared !== body.length) throw incomplete();
      const turn = request.waitForTurn();
      if (turn !== undefined) {
        // The memory of a body counts as long as it waits.
        memory.reserve(body.length);
        await turn;
      }
      return body;
    } catch (error) {
      // The rest is read and dropped, so that the client can read why.
      this.#refused.add(request);
      payload.resume();
      throw error;
    } finally {
      memory.release();
    }
  }

  /** Whether the body was refused, so that the rest of it may still arrive. */
  hasRefused(request: FastifyRequest): boolean {
    return this.#refused.has(request);
  }

  /** Memory for a body that is not received whole, such as the unfinished line of a stream. Release it in the end. */
  memoryFor(request: FastifyRequest): BodyMemory {
    return new BodyMemory(this.#callerOf(request));
  }

  #receive(payload: Readable, maxBytes: number, memory: BodyMemory): Promise<Buffer> {
    const { timeoutMs, pauseMs } = this.#limits;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const timers = [
        setTimeout(() => finish(tooSlow(timeoutMs)), timeoutMs),
        setTimeout(() => finish(stalled(pauseMs)), pauseMs),
      ];
      const onData = (received: Buffer | string) => {
        const chunk = typeof received === 'string' ? Buffer.from(received) : received;
        bytes += chunk.length;
        timers[1]?.refresh();
        if (bytes > maxBytes) return finish(tooLarge(maxBytes));
        try {
          memory.reserve(bytes);
        } catch (error) {
          return finish(error);
        }
        chunks.push(chunk);
      };
      const onEnd = () => finish(undefined);
      const onBroken = () => finish(incomplete());
      const finish = (error: unknown) => {
        for (const timer of timers) clearTimeout(timer);
        payload.off('data', onData).off('end', onEnd).off('close', onBroken);
        if (error === undefined) resolve(Buffer.concat(chunks, bytes));
        else reject(error);
      };
      // This listener stays: a connection may also break while the rest is dropped.
      payload.on('error', onBroken);
      payload.on('data', onData).on('end', onEnd).on('close', onBroken);
    });
  }

  #maxBytesOf(request: FastifyRequest): number {
    const own = isOwn(request) ? limits.ownBodyBytes : limits.bodyBytes;
    return Math.min(own, request.routeOptions.bodyLimit);
  }

  #callerOf(request: FastifyRequest): Caller {
    const { principal } = request;
    const backend = { budget: this.#backends };
    const other = { budget: this.#others };
    switch (principal?.kind) {
      case undefined:
        return { key: `from ${request.ip}`, ...other };
      case 'admin':
        return { key: 'admin', ...backend };
      case 'session':
        return { key: `session ${principal.session.id}`, ...backend };
      case 'app':
        return { key: `app ${principal.app}`, ...backend };
      case 'user':
        return { key: `user ${principal.app} ${principal.user}`, ...other };
      case 'oauth':
        return { key: `oauth ${principal.app} ${principal.user ?? ''} ${principal.client ?? ''}`, ...other };
    }
  }
}

/** What one request holds of the budget. It only grows until it is released. */
export class BodyMemory {
  readonly #caller: Caller;
  #bytes = 0;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Grows to this many bytes. Throws if the budget has too little. */
  reserve(bytes: number): void {
    const { budget, key } = this.#caller;
    if (bytes <= this.#bytes) return;
    const isAlone = budget.heldBy(key) === this.#bytes;
    if (!budget.take(key, bytes - this.#bytes)) throw isAlone ? allFull() : ownFull();
    this.#bytes = bytes;
  }

  release(): void {
    if (this.#bytes === 0) return;
    this.#caller.budget.release(this.#caller.key, this.#bytes);
    this.#bytes = 0;
  }
}

/** A body whose last byte is here already. The stream ends afterwards, as if it had been read to its end. */
function receivedBody(payload: Readable): Buffer {
  const body: unknown = payload.read();
  payload.resume();
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Whether it is a user's own, or has no token. */
function isOwn({ principal }: FastifyRequest): boolean {
  return principal === null || principal.kind === 'user' || principal.kind === 'oauth';
}

/** Undefined if the body has no declared length. */
function declaredBytes({ headers }: FastifyRequest): number | undefined {
  const text = headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

export function tooLarge(maxBytes: number): ApiError {
  const size =
    maxBytes % 2 ** 20 === 0 ? `${maxBytes / 2 ** 20} MiB` : `${Math.floor(maxBytes / 2 ** 10)} KiB`;
  return new ApiError(
    'invalid_request',
    `The body is too large: at most ${size} are allowed with this token. Send it in several requests.`,
  );
}

function tooSlow(timeoutMs: number): ApiError {
  return new ApiError(
    'invalid_request',
    `The body did not arrive within ${timeoutMs / 1_000} s. Send less at once.`,
  );
}

function stalled(pauseMs: number): ApiError {
  return new ApiError(
    'invalid_request',
    `No part of the body arrived for ${pauseMs / 1_000} s. Send it again.`,
  );
}

function incomplete(): ApiError {
  return new ApiError(
    'invalid_request',
    'The connection closed before the body was complete. Send it again.',
  );
}

function ownFull(): ApiError {
  return new ApiError(
    'rate_limit_exceeded',
    'Too many bodies of this caller are still arriving. Send fewer at the same time.',
    { headers: { 'retry-after': '1' } },
  );
}

function allFull(): ApiError {
  return new ApiError('service_unavailable', 'Too many bodies are still arriving. Try again in a moment.', {
    headers: { 'retry-after': '1' },
  });
}
