/** APNs: HTTP/2 with token authentication, one pool of sessions per environment. */
import { capabilities } from '../capabilities.js';
import type {
  ApnsEnvironment,
  ApnsTarget,
  Delivery,
  Outcome,
  Prepared,
  ProviderResponse,
  Transport,
} from '../port.js';
import { type Time, timeOf } from '../time.js';
import { misconfigured, rejected, retry, unreachable, type Verdict } from '../verdict.js';
import { type ApnsRequest, apnsRequest } from './payload.js';
import { type ApnsKey, ProviderToken } from './provider_token.js';
import { apnsReason, classifyApns } from './responses.js';
import type { Exchange } from './session.js';
import { type PoolLimits, SessionPool } from './session_pool.js';

export interface ApnsSettings extends Partial<Time> {
  readonly key: ApnsKey;
  /** Base URLs, for a local service. `http:` speaks HTTP/2 in the clear. */
  readonly origins?: Readonly<Record<ApnsEnvironment, string>>;
  readonly limits?: Partial<PoolLimits>;
}

export const apnsOrigins: Readonly<Record<ApnsEnvironment, string>> = {
  production: 'https://api.push.apple.com',
  development: 'https://api.sandbox.push.apple.com',
};

const defaultLimits: PoolLimits = {
  sessions: 4,
  waiting: 10_000,
  connectTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
};

/** A verdict, and the reason APNs gave, which the other environment and the token's renewal depend on. */
interface Attempt {
  readonly verdict: Verdict;
  readonly reason?: string | undefined;
}

export class ApnsTransport implements Transport<ApnsTarget, ApnsRequest> {
  readonly platform = 'apns';
  readonly capabilities = capabilities.apns;
  readonly #providerToken: ProviderToken;
  readonly #pools: Readonly<Record<ApnsEnvironment, SessionPool>>;
  #closed = false;

  constructor(settings: ApnsSettings) {
    const time = timeOf(settings);
    const origins = settings.origins ?? apnsOrigins;
    const limits = { ...defaultLimits, ...settings.limits };
    this.#providerToken = new ProviderToken(settings.key, time);
    this.#pools = {
      production: new SessionPool(origins.production, limits, time),
      development: new SessionPool(origins.development, limits, time),
    };
  }

  request(delivery: Delivery<ApnsTarget>, nowMs: number): Prepared<ApnsRequest> {
    return apnsRequest(delivery, nowMs);
  }

  async send(request: ApnsRequest): Promise<Outcome> {
    if (this.#closed) return { verdict: retry('provider', 'the transport is closed') };
    const first = await this.#try(request);
    return first.reason === 'BadDeviceToken' ? this.#tryOther(request) : { verdict: first.verdict };
  }

  classify(response: ProviderResponse): Verdict {
    return classifyApns(response);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pools.production.close();
    this.#pools.development.close();
  }

  /** Sandbox and production tokens are often mixed up, so a device is gone only if both environments say so. */
  async #tryOther(request: ApnsRequest): Promise<Outcome> {
    const environment = request.environment === 'production' ? 'development' : 'production';
    const { verdict, reason } = await this.#try({ ...request, environment });
    if (verdict.kind === 'delivered') return { verdict, environment };
    // The key is for one environment only: the device may belong to the other, so it is not dropped. One stale
    // token is no reason to pause the transport either.
    if (reason === 'BadEnvironmentKeyIdInToken')
      return { verdict: rejected(`BadDeviceToken, and ${reason}`) };
    return { verdict };
  }

  async #try(request: ApnsRequest): Promise<Attempt> {
    const pool = this.#pools[request.environment];
    const token = await this.#signed(() => this.#providerToken.current());
    if (token === undefined)
      return { verdict: misconfigured('credentials', 'the APNs key is not a P-256 private key in PEM') };
    const attempt = this.#judge(await pool.exchange(request, token));
    if (attempt.reason === undefined) return attempt;
    const renewed = await this.#signed(() => this.#providerToken.after(token, attempt.reason));
    return renewed === undefined ? attempt : this.#judge(await pool.exchange(request, renewed));
  }

  /** Undefined if the key does not sign. The cause is dropped: it may quote the key. */
  async #signed(token: () => Promise<string | undefined>): Promise<string | undefined> {
    try {
      return await token();
    } catch {
      return undefined;
    }
  }

  #judge(exchange: Exchange): Attempt {
    if ('response' in exchange) {
      return { verdict: this.classify(exchange.response), reason: apnsReason(exchange.response) };
    }
    return { verdict: unreachable('lost' in exchange ? exchange.lost : exchange.unprocessed) };
  }
}
