/**
 * The limit of each client: a user, or, without a valid token, an address. Requests are counted by cost: one counts as 1, and
 * as one more for each millisecond of the event loop that it took beyond the first. docs/limits.md describes it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../foundation/errors.js';
import { clientOf } from './client_address.js';
import { type Bucket, TokenBuckets } from './token_buckets.js';

export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

export interface RateLimits {
  /** Of each user, and of each address without a token. */
  readonly clients: RateLimit | 'off';
  /** Of each token of an app, each session of the dashboard, and the admin token. */
  readonly apps: RateLimit | 'off';
}

/** A person's app needs a few requests a second. A user who takes all of this takes a tenth of one core. */
export const defaultRateLimits: RateLimits = { clients: { requests: 1_000, perSeconds: 10 }, apps: 'off' };

/** A millisecond of the loop that is counted like a request. */
const msPerUnit = 1;

type Policy = 'user' | 'address' | 'token';

/** What a request is counted against. */
export class Allowance {
  readonly #policy: Policy;
  readonly #buckets: TokenBuckets;
  readonly #bucket: Bucket;
  #ms = 0;

  constructor(policy: Policy, buckets: TokenBuckets, client: string, nowMs: number) {
    this.#policy = policy;
    this.#buckets = buckets;
    this.#bucket = buckets.bucket(client, nowMs);
  }

  /** Counts the request as one, or throws rate_limit_exceeded. The response says what is left either way. */
  take(reply: FastifyReply, nowMs: number): void {
    const hasRoom = this.#bucket.level(nowMs) >= 1;
    if (hasRoom) this.#bucket.spend(1);
    this.#describe(reply, nowMs);
    if (!hasRoom) this.#refuse(nowMs);
  }

  /** Throws if requests that arrived at the same time have used up everything meanwhile. */
  check(nowMs: number): void {
    if (this.#bucket.level(nowMs) < 0) this.#refuse(nowMs);
  }

  /** The request has taken this much more of the event loop. The first millisecond is paid for. */
  spend(ms: number): void {
    const before = Math.max(msPerUnit, this.#ms);
    this.#ms += ms;
    if (this.#ms > before) this.#bucket.spend((this.#ms - before) / msPerUnit);
  }

  /** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (version 10). */
  #describe(reply: FastifyReply, nowMs: number): void {
    const { capacity, fillSeconds } = this.#buckets.size;
    const left = Math.max(0, Math.floor(this.#bucket.level(nowMs)));
    const full = Math.ceil(this.#bucket.secondsUntil(capacity, nowMs));
    reply.header('ratelimit-policy', `"${this.#policy}";q=${capacity};w=${fillSeconds}`);
    reply.header('ratelimit', `"${this.#policy}";r=${left};t=${full}`);
  }

  #refuse(nowMs: number): never {
    const seconds = Math.max(1, Math.ceil(this.#bucket.secondsUntil(1, nowMs)));
    throw new ApiError(
      'rate_limit_exceeded',
      `${subjects[this.#policy]} sent too many requests, or too costly ones. Try again in ${seconds} s.`,
      { headers: { 'retry-after': `${seconds}` } },
    );
  }
}

const subjects: Record<Policy, string> = {
  user: 'The user',
  address: 'Your address, without a valid token,',
  token: 'The token',
};

/** The buckets of a process. */
export class RateLimiter {
  readonly #users: TokenBuckets | undefined;
  readonly #addresses: TokenBuckets | undefined;
  readonly #tokens: TokenBuckets | undefined;

  constructor({ clients, apps }: RateLimits) {
    const buckets = (limit: RateLimit | 'off') =>
      limit === 'off'
        ? undefined
        : new TokenBuckets({ capacity: limit.requests, fillSeconds: limit.perSeconds });
    this.#users = buckets(clients);
    this.#addresses = buckets(clients);
    this.#tokens = buckets(apps);
  }

  /** Undefined if the request is not limited. */
  allowance(request: FastifyRequest, nowMs: number): Allowance | undefined {
    const { principal } = request;
    const of = (policy: Policy, buckets: TokenBuckets | undefined, client: string) =>
      buckets && new Allowance(policy, buckets, client, nowMs);
    switch (principal?.kind) {
      case undefined:
        return of('address', this.#addresses, clientOf(request.ip));
      case 'user':
        return of('user', this.#users, `${principal.app} ${principal.user}`);
      case 'oauth': {
        const { app, user, client = '' } = principal;
        return of('user', this.#users, user === undefined ? `client ${client}` : `${app} ${user}`);
      }
      case 'app':
        return of('token', this.#tokens, principal.token);
      case 'session':
        return of('token', this.#tokens, `session ${principal.session.id}`);
      case 'admin':
        return of('token', this.#tokens, 'admin');
    }
  }
}
