/** Firebase Cloud Messaging, HTTP v1, with a service account. */
import { capabilities } from '../capabilities.js';
import { defaultHttpLimits, HttpClient, type HttpLimits } from '../http_client.js';
import type { Delivery, FcmTarget, Outcome, Prepared, ProviderResponse, Transport } from '../port.js';
import { type Time, timeOf } from '../time.js';
import { retry, unreachable, type Verdict } from '../verdict.js';
import { AccessToken, type ServiceAccount } from './access_token.js';
import { type FcmRequest, fcmRequest } from './message.js';
import { classifyFcm, fcmCode } from './responses.js';

export interface FcmSettings extends Partial<Time> {
  readonly serviceAccount: ServiceAccount;
  /** For a local service. */
  readonly origin?: string;
  readonly tokenUrl?: string;
  readonly limits?: Partial<HttpLimits>;
}

export class FcmTransport implements Transport<FcmTarget, FcmRequest> {
  readonly platform = 'fcm';
  readonly capabilities = capabilities.fcm;
  readonly #client: HttpClient;
  readonly #accessToken: AccessToken;
  readonly #url: string;
  #closed = false;

  constructor(settings: FcmSettings) {
    const { serviceAccount, origin = 'https://fcm.googleapis.com' } = settings;
    const time = timeOf(settings);
    const tokenUrl = settings.tokenUrl ?? 'https://oauth2.googleapis.com/token';
    this.#client = new HttpClient({ ...defaultHttpLimits, ...settings.limits }, time.now);
    this.#accessToken = new AccessToken(serviceAccount, tokenUrl, this.#client, time);
    this.#url = `${origin}/v1/projects/${encodeURIComponent(serviceAccount.project_id)}/messages:send`;
  }

  request(delivery: Delivery<FcmTarget>, nowMs: number): Prepared<FcmRequest> {
    return fcmRequest(delivery, nowMs);
  }

  async send(request: FcmRequest): Promise<Outcome> {
    if (this.#closed) return { verdict: retry('provider', 'the transport is closed') };
    const granted = await this.#accessToken.current();
    if ('refused' in granted) return { verdict: granted.refused };
    const response = await this.#post(request, granted.token);
    if ('refused' in response) return { verdict: response.refused };
    // A 401 with FCM's own code is about the app's APNs or Web Push key; any other is about this token.
    if (response.status !== 401 || fcmCode(response) !== undefined)
      return { verdict: this.classify(response) };
    return { verdict: await this.#again(request, granted.token) };
  }

  classify(response: ProviderResponse): Verdict {
    return classifyFcm(response);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.close();
  }

  async #again(request: FcmRequest, refusedToken: string): Promise<Verdict> {
    const granted = await this.#accessToken.after(refusedToken);
    if ('refused' in granted) return granted.refused;
    const response = await this.#post(request, granted.token);
    return 'refused' in response ? response.refused : this.classify(response);
  }

  async #post(request: FcmRequest, token: string): Promise<ProviderResponse | { readonly refused: Verdict }> {
    try {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return await this.#client.post({ url: this.#url, headers, body: request.body });
    } catch (error) {
      return { refused: unreachable(error) };
    }
  }
}
