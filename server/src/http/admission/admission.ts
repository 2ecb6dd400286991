/**
 * Which requests are served, and when: each client has a rate limit, and apps share the event loop evenly. A request
 * is counted once it is authenticated, and waits for its app's turn after its body was read and before it is parsed, so that
 * a client that sends slowly takes no turn of another.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import { type Account, spendOn } from '../../loop_time.js';
import { ApiError } from '../foundation/errors.js';
import '../foundation/turn.js';
import { type AppShare, FairShares } from './fair_shares.js';
import { type Allowance, RateLimiter, type RateLimits } from './rate_limit.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request has cost. */
    account: RequestAccount | null;
  }
}

/** One request's time of the event loop, charged to its client and to its app's share. */
class RequestAccount implements Account {
  readonly #turns: Turns;
  allowance: Allowance | undefined;
  share: AppShare | undefined;
  /** Resolves when it is the request's turn. */
  begins: Promise<void> | undefined;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  charge(ms: number): void {
    this.allowance?.spend(ms);
    this.share?.spend(ms, this.#turns.current);
  }
}

export interface Admission {
  /** Registered before authentication: from here on, time is charged. */
  readonly open: () => void;
  /** Registered after authentication. */
  readonly limit: () => void;
  /** Counts a request whose token is not valid against its address. Throws rate_limit_exceeded. */
  readonly refuseUnauthenticated: (request: FastifyRequest, reply: FastifyReply) => void;
}

const now = () => performance.now();

export function admission(app: FastifyInstance, limits: RateLimits, metrics: Registry): Admission {
  const limiter = new RateLimiter(limits);
  const shares = new FairShares();
  reportWaiting(shares, metrics);
  const take = (request: FastifyRequest, reply: FastifyReply) => {
    const { account } = request;
    if (account === null || request.routeOptions.config?.isAlwaysAdmitted === true) return;
    const nowMs = now();
    account.allowance = limiter.allowance(request, nowMs);
    account.allowance?.take(reply, nowMs);
  };
  const turns = new Turns(shares);
  app.decorateRequest('account', null);
  app.decorateRequest('waitForTurn', function (this: FastifyRequest) {
    return turns.wait(this);
  });
  return {
    open() {
      app.addHook('onRequest', (request, _reply, done) => {
        request.account = new RequestAccount(turns);
        spendOn(request.account);
        done();
      });
    },
    limit() {
      app.addHook('onRequest', (request, reply, done) => done(thrownBy(() => take(request, reply))));
      addTurns(app);
    },
    refuseUnauthenticated: take,
  };
}

function addTurns(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    const turn = request.waitForTurn();
    if (turn === undefined) done();
    else turn.then(() => done(), done);
  });
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    spendOn(request.account ?? undefined);
    done(null, payload);
  });
}

/** The turns of the event loop, and the requests that wait for the next ones. */
class Turns {
  readonly #shares: FairShares;
  #current = 0;
  #isEndScheduled = false;

  constructor(shares: FairShares) {
    this.#shares = shares;
  }

  /** The number of this turn. Turns without requests are not counted. */
  get current(): number {
    return this.#current;
  }

  wait(request: FastifyRequest): Promise<void> | undefined {
    const { account } = request;
    if (account === null || request.routeOptions.config?.isAlwaysAdmitted === true) return undefined;
    spendOn(account);
    if (account.share === undefined) {
      this.#scheduleEnd();
      account.begins = this.#enter(groupOf(request), account);
    }
    return account.begins;
  }

  #enter(group: string, account: RequestAccount): Promise<void> | undefined {
    let start = () => {};
    const arrival = { nowMs: now(), turn: this.#current, start: () => start() };
    const entry = this.#shares.enter(group, arrival);
    account.share = this.#shares.share(group);
    if (entry === 'refused') return Promise.reject(tooManyWaiting());
    if (entry === 'runs') {
      const error = thrownBy(() => begin(account));
      return error && Promise.reject(error);
    }
    const turn = new Promise<void>((resolve) => {
      start = resolve;
    });
    return turn.then(() => begin(account));
  }

  #scheduleEnd(): void {
    if (this.#isEndScheduled) return;
    this.#isEndScheduled = true;
    setImmediate(() => void this.#end());
  }

  /** Those that wait come before what arrives in the next turn. */
  async #end(): Promise<void> {
    this.#current += 1;
    // What a request does at once is done, and its time is known, before the next one starts.
    while (this.#shares.startNext(this.#current)) {
      await afterMicrotasks();
      spendOn(undefined);
    }
    this.#isEndScheduled = false;
    if (this.#shares.waiting > 0) this.#scheduleEnd();
  }
}

/** Node runs what was passed to nextTick once no microtask is left. */
function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** Throws if the client has used up its limit since the request was counted: its other requests were costly. */
function begin(account: RequestAccount): void {
  spendOn(account);
  account.allowance?.check(now());
}

/** Requests without a token share the loop as one app would, and so do those of the admin. */
function groupOf({ principal }: FastifyRequest): string {
  if (principal === null) return 'public';
  return principal.kind === 'admin' || principal.app === '' ? 'admin' : principal.app;
}

function tooManyWaiting(): ApiError {
  return new ApiError(
    'service_unavailable',
    'Too many requests of this app are waiting for their turn. Try again in a moment, with fewer at a time.',
    { headers: { 'retry-after': '1' } },
  );
}

function thrownBy(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function reportWaiting(shares: FairShares, registry: Registry): void {
  new Gauge({
    name: 'badged_waiting_requests',
    help: "Requests that wait for their app's turn, because other apps are active.",
    registers: [registry],
    collect() {
      this.set(shares.waiting);
    },
  });
}
