/**
 * The OAuth 2 access token of a service account: an assertion signed with its key (RFC 7523) is exchanged for
 * a token that lasts an hour. All requests share it, and it is replaced before it runs out, whatever happens to the
 * time of day meanwhile.
 */
import { importPKCS8, SignJWT } from 'jose';
import type { HttpClient } from '../http_client.js';
import { member, parseJson, text } from '../json_value.js';
import type { ProviderResponse } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
import type { Time } from '../time.js';
import { misconfigured, retry, unreachable, type Verdict } from '../verdict.js';

/** The members of Google's service account file that are used. Its `token_uri` is not: it may point anywhere. */
export interface ServiceAccount {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id?: string;
}

export type Granted = { readonly token: string } | { readonly refused: Verdict };

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const assertionLifetimeSeconds = 3600;
/** A token is replaced so early that no request in flight sees it run out. */
const marginMs = 5 * 60 * 1000;

interface Held {
  readonly granted: Promise<Granted>;
  /** By the clock that only goes forward. Unknown while the token is being requested. */
  expiresAt: number | undefined;
}

export class AccessToken {
  readonly #account: ServiceAccount;
  readonly #url: string;
  readonly #client: HttpClient;
  readonly #time: Time;
  #held: Held | undefined;

  constructor(account: ServiceAccount, url: string, client: HttpClient, time: Time) {
    this.#account = account;
    this.#url = url;
    this.#client = client;
    this.#time = time;
  }

  current(): Promise<Granted> {
    const held = this.#held;
    const usable = held && (held.expiresAt === undefined || this.#time.clock() < held.expiresAt - marginMs);
    return usable ? held.granted : this.#replace();
  }

  /** Another token, after FCM refused this one. Requests that were refused together share it. */
  async after(refusedToken: string): Promise<Granted> {
    const granted = await this.current();
    return 'token' in granted && granted.token === refusedToken ? this.#replace() : granted;
  }

  #replace(): Promise<Granted> {
    const held: Held = {
      granted: this.#request((expiresAt) => (held.expiresAt = expiresAt)),
      expiresAt: undefined,
    };
    this.#held = held;
    // A refusal is not stored: the next delivery tries again, and the lane decides how soon that is.
    void held.granted.then((granted) => {
      if ('refused' in granted && this.#held === held) this.#held = undefined;
    });
    return held.granted;
  }

  async #request(expires: (at: number) => void): Promise<Granted> {
    const requestedAt = this.#time.clock();
    const assertion = await this.#assertion(this.#time.now());
    if (assertion === undefined)
      return { refused: misconfigured('credentials', 'the service account key is not an RSA key in PEM') };
    try {
      const response = await this.#client.post({
        url: this.#url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ grant_type: grantType, assertion }).toString(),
      });
      const token =
        response.status === 200 ? text(member(parseJson(response.body), 'access_token')) : undefined;
      if (token === undefined) return { refused: classifyGrant(response) };
      const seconds = member(parseJson(response.body), 'expires_in');
      expires(requestedAt + (typeof seconds === 'number' ? seconds : assertionLifetimeSeconds) * 1000);
      return { token };
    } catch (error) {
      return { refused: unreachable(error) };
    }
  }

  /** Undefined if the key does not sign. The cause is dropped: it may quote the key. */
  async #assertion(nowMs: number): Promise<string | undefined> {
    const issuedAt = Math.floor(nowMs / 1000);
    const { private_key_id: kid, client_email: issuer, private_key: pem } = this.#account;
    try {
      return await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
        .setIssuer(issuer)
        .setAudience(this.#url)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + assertionLifetimeSeconds)
        .sign(await importPKCS8(pem, 'RS256'));
    } catch {
      return undefined;
    }
  }
}

/** The token endpoint's errors (RFC 6749, 5.2): what is not an overload is about our credentials. */
export function classifyGrant(response: ProviderResponse): Verdict {
  const reason = text(member(parseJson(response.body), 'error')) ?? `status ${response.status}`;
  const overloaded = response.status === 429 || response.status >= 500;
  if (overloaded) return retry('provider', `access token: ${reason}`, retryAfterMs(response));
  return misconfigured('credentials', `access token: ${reason}`);
}
