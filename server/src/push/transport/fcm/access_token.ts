/**
 * The OAuth 2 access token of a service account: an assertion signed with its key (RFC 7523) is exchanged for
 * a token that lasts an hour. It is kept, shared by everybody who asks, and replaced before it runs out.
 */
import { importPKCS8, SignJWT } from 'jose';
import type { HttpClient } from '../http_client.js';
import { member, parseJson, text } from '../json_value.js';
import type { ProviderAnswer } from '../port.js';
import { retryAfterMs } from '../retry_after.js';
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
/** So early a token is replaced that no request under way sees it run out. */
const marginMs = 5 * 60 * 1000;

interface Held {
  readonly granted: Promise<Granted>;
  /** Unknown while the token endpoint is being asked. */
  expiresAtMs: number | undefined;
}

export class AccessToken {
  readonly #account: ServiceAccount;
  readonly #url: string;
  readonly #client: HttpClient;
  readonly #now: () => number;
  #held: Held | undefined;

  constructor(account: ServiceAccount, url: string, client: HttpClient, now: () => number) {
    this.#account = account;
    this.#url = url;
    this.#client = client;
    this.#now = now;
  }

  current(): Promise<Granted> {
    const held = this.#held;
    const usable = held && (held.expiresAtMs === undefined || this.#now() < held.expiresAtMs - marginMs);
    return usable ? held.granted : this.#replace();
  }

  /** After FCM refused this token: another one. Those that were refused together share it. */
  async after(refusedToken: string): Promise<Granted> {
    const granted = await this.current();
    return 'token' in granted && granted.token === refusedToken ? this.#replace() : granted;
  }

  #replace(): Promise<Granted> {
    const held: Held = {
      granted: this.#ask((expiresAtMs) => (held.expiresAtMs = expiresAtMs)),
      expiresAtMs: undefined,
    };
    this.#held = held;
    // A refusal is not kept: the next delivery asks again, and the dispatcher decides how soon that is.
    void held.granted.then((granted) => {
      if ('refused' in granted && this.#held === held) this.#held = undefined;
    });
    return held.granted;
  }

  async #ask(expires: (atMs: number) => void): Promise<Granted> {
    const askedAtMs = this.#now();
    const assertion = await this.#assertion(askedAtMs);
    if (assertion === undefined)
      return { refused: misconfigured('the service account key is not an RSA key in PEM') };
    try {
      const answer = await this.#client.post({
        url: this.#url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ grant_type: grantType, assertion }).toString(),
      });
      const token = answer.status === 200 ? text(member(parseJson(answer.body), 'access_token')) : undefined;
      if (token === undefined) return { refused: classifyGrant(answer) };
      const seconds = member(parseJson(answer.body), 'expires_in');
      expires(askedAtMs + (typeof seconds === 'number' ? seconds : assertionLifetimeSeconds) * 1000);
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
export function classifyGrant(answer: ProviderAnswer): Verdict {
  const reason = text(member(parseJson(answer.body), 'error')) ?? `status ${answer.status}`;
  const overloaded = answer.status === 429 || answer.status >= 500;
  if (overloaded) return retry(`access token: ${reason}`, retryAfterMs(answer));
  return misconfigured(`access token: ${reason}`);
}
