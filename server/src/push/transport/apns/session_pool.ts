/**
 * The sessions to one APNs host. A request takes the first session with a free stream; when all are full
 * another is opened, up to a maximum, and beyond that requests wait in a queue. A request that a session provably
 * did not process goes to another one; any other failure is for the caller to judge.
 */
import { Moment, type Time } from '../time.js';
import type { ApnsRequest } from './payload.js';
import { ApnsSession, type Exchange, type SessionLimits } from './session.js';

export interface PoolLimits extends SessionLimits {
  readonly sessions: number;
  /** Requests in the queue for a free stream, beyond which one is refused. */
  readonly waiting: number;
}

/** A request that was left unprocessed so many times fails as if the host were out of reach; the caller backs off. */
const attempts = 5;
/** When further sessions cannot be opened, the open ones go on alone for this long. */
const pauseAfterFailureMs = 1000;

interface Waiting {
  readonly take: (session: ApnsSession) => void;
  readonly fail: (error: unknown) => void;
}

export class SessionPool {
  readonly #origin: string;
  readonly #limits: PoolLimits;
  readonly #time: Time;
  readonly #sessions = new Set<ApnsSession>();
  /** Retired, with requests still in flight. */
  readonly #draining = new Set<ApnsSession>();
  readonly #line: Waiting[] = [];
  #failed: Moment | undefined;
  #closed = false;

  constructor(origin: string, limits: PoolLimits, time: Time) {
    this.#origin = origin;
    this.#limits = limits;
    this.#time = time;
  }

  async exchange(request: ApnsRequest, providerToken: string): Promise<Exchange> {
    let unprocessed: unknown;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const result = await this.#once(request, providerToken);
      if (!('unprocessed' in result)) return result;
      unprocessed = result.unprocessed;
    }
    return { lost: unprocessed };
  }

  close(): void {
    this.#closed = true;
    for (const waiting of this.#line.splice(0)) waiting.fail(new Error('closed'));
    for (const session of [...this.#sessions, ...this.#draining]) session.destroy();
  }

  #once(request: ApnsRequest, providerToken: string): Promise<Exchange> {
    return new Promise((resolve) => {
      if (this.#closed || this.#line.length >= this.#limits.waiting) {
        resolve({ lost: new Error(this.#closed ? 'closed' : 'too many requests are waiting') });
        return;
      }
      const fail = (error: unknown) => resolve({ lost: error });
      const take = (session: ApnsSession) => {
        const exchange = session.exchange(request, providerToken);
        void exchange.then((result) => {
          resolve(result);
          this.#serve();
        });
      };
      this.#enqueue(take, fail);
    });
  }

  /** In the queue, for no longer than a request may last. */
  #enqueue(take: Waiting['take'], fail: Waiting['fail']): void {
    const session = this.#line.length === 0 ? this.#free() : undefined;
    if (session) {
      take(session);
      return;
    }
    const timer = setTimeout(() => {
      this.#line.splice(this.#line.indexOf(waiting), 1);
      fail(Object.assign(new Error('no free stream'), { code: 'ETIMEDOUT' }));
    }, this.#limits.requestTimeoutMs + this.#limits.connectTimeoutMs);
    const waiting: Waiting = {
      take: (free) => {
        clearTimeout(timer);
        take(free);
      },
      fail: (error) => {
        clearTimeout(timer);
        fail(error);
      },
    };
    this.#line.push(waiting);
    this.#serve();
  }

  #serve(): void {
    while (this.#line.length > 0) {
      const session = this.#free();
      if (!session) {
        this.#open();
        return;
      }
      this.#line.shift()?.take(session);
    }
  }

  #free(): ApnsSession | undefined {
    for (const session of this.#sessions) if (session.free > 0) return session;
    return undefined;
  }

  #open(): void {
    const alone = this.#sessions.size === 0;
    if (this.#closed || this.#sessions.size >= this.#limits.sessions) return;
    if (!alone && this.#failed && this.#failed.ageMs(this.#time) < pauseAfterFailureMs) return;
    for (const session of this.#sessions) if (session.connecting) return;
    const session: ApnsSession = new ApnsSession(this.#origin, this.#limits, this.#time.now, {
      admits: () => this.#serve(),
      retired: (failure) => this.#retired(session, failure),
      ended: () => this.#draining.delete(session),
    });
    this.#sessions.add(session);
  }

  #retired(session: ApnsSession, failure: unknown): void {
    this.#sessions.delete(session);
    this.#draining.add(session);
    if (failure === undefined) {
      this.#serve();
      return;
    }
    this.#failed = new Moment(this.#time);
    // No session takes its place: those in the queue fail at once, as the host is out of reach.
    if (this.#sessions.size === 0) for (const waiting of this.#line.splice(0)) waiting.fail(failure);
  }
}
