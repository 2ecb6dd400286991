/** Web Push (RFC 8030): encrypted for one browser, sent to the push service that the browser named. */
import { capabilities } from '../capabilities.js';
import { defaultHttpLimits, HttpClient, type HttpLimits } from '../http_client.js';
import type { Delivery, Outcome, Prepared, ProviderResponse, Transport, WebPushTarget } from '../port.js';
import { type Time, timeOf } from '../time.js';
import { misconfigured, retry, unreachable, type Verdict } from '../verdict.js';
import { encrypt } from './encryption.js';
import { knownPushHosts, publicLookup } from './endpoint_guard.js';
import { type MessageSettings, type WebPushRequest, webPushRequest } from './message.js';
import { classifyWebPush } from './responses.js';
import { Vapid, type VapidIdentity } from './vapid.js';

export interface WebPushSettings extends Partial<Time> {
  readonly vapid: VapidIdentity;
  /** Where a click on a notification leads, absolute. */
  readonly navigate: string;
  /** Hosts of push services that may be called, instead of the browsers' own. */
  readonly hosts?: readonly string[];
  /** See `EndpointPolicy.localOrigin`. */
  readonly localOrigin?: string;
  readonly limits?: Partial<HttpLimits>;
}

export class WebPushTransport implements Transport<WebPushTarget, WebPushRequest> {
  readonly platform = 'webpush';
  readonly capabilities = capabilities.webpush;
  readonly #settings: MessageSettings;
  readonly #vapid: Vapid;
  readonly #publicClient: HttpClient;
  /** Only for the exempt local service: this client connects to any IP address. */
  readonly #localClient: HttpClient;
  #closed = false;

  constructor(settings: WebPushSettings) {
    const { hosts = knownPushHosts, localOrigin, navigate } = settings;
    const time = timeOf(settings);
    const limits = { ...defaultHttpLimits, ...settings.limits };
    this.#settings = { navigate, policy: { hosts, ...(localOrigin === undefined ? {} : { localOrigin }) } };
    this.#vapid = new Vapid(settings.vapid, time);
    this.#publicClient = new HttpClient(limits, time.now, publicLookup);
    this.#localClient = new HttpClient(limits, time.now);
  }

  request(delivery: Delivery<WebPushTarget>, nowMs: number): Prepared<WebPushRequest> {
    return webPushRequest(delivery, nowMs, this.#settings);
  }

  async send(request: WebPushRequest): Promise<Outcome> {
    if (this.#closed) return { verdict: retry('provider', 'the transport is closed') };
    const { endpoint, keys } = request;
    const authorization = await this.#authorization(new URL(endpoint).origin);
    if (authorization === undefined)
      return { verdict: misconfigured('credentials', 'the VAPID keys are not a P-256 key pair') };
    const body = encrypt(Buffer.from(request.plaintext), keys);
    try {
      const client = request.local ? this.#localClient : this.#publicClient;
      const response = await client.post({
        url: endpoint,
        headers: { ...request.headers, authorization },
        body,
      });
      return { verdict: this.classify(response) };
    } catch (error) {
      return { verdict: unreachable(error) };
    }
  }

  classify(response: ProviderResponse): Verdict {
    return classifyWebPush(response);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#publicClient.close(), this.#localClient.close()]);
  }

  /** Undefined if the keys do not sign. The cause is dropped: it may quote the key. */
  async #authorization(origin: string): Promise<string | undefined> {
    try {
      return await this.#vapid.authorization(origin);
    } catch {
      return undefined;
    }
  }
}
