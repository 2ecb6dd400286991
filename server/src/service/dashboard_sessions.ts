/**
 * Sessions of the dashboard. The admin token, or the one-time code in the link that the start prints, begins a session:
 * a signed JWT (RFC 7519, HS256) for half a day, so that the page need not store the token. Of sessions, only those that
 * were signed out are stored; nodes with the same secret key and admin token accept one another's.
 */
import { createHmac } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { hashSecret, matchesHash, newSecret } from './secrets.js';
import type { Service } from './service.js';

const issuer = 'badged';
const audience = 'dashboard';
const algorithm = 'HS256';

/** Half a day: a user who works with it all day signs in once. */
export const sessionMs = 12 * 60 * 60 * 1_000;
/** Long enough to get from the terminal to the browser. */
const signInCodeMs = 15 * 60 * 1_000;

export interface DashboardSession {
  readonly id: string;
  readonly expiresAt: number;
  /** Whether it is neither expired nor signed out. For streams, which outlast a request. */
  isGood(): Promise<boolean>;
}

export interface BegunSession {
  /** The value of the cookie. */
  readonly text: string;
  readonly expiresAt: number;
}

type SessionDeps = Pick<Service, 'now' | 'newId' | 'secretKey' | 'store' | 'oauth'> & {
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsedMs?: () => number;
};

export class DashboardSessions {
  readonly #now: () => number;
  readonly #elapsedMs: () => number;
  readonly #newId: () => string;
  readonly #adminTokenHash: Uint8Array;
  readonly #key: Uint8Array;
  /** It expires by the clock that only goes forward: setting the time of day makes it no older and no younger. */
  #code: { readonly hash: Uint8Array; readonly madeAt: number } | undefined;
  readonly #store: Service['store'];
  readonly #oauth: Service['oauth'];

  constructor(deps: SessionDeps, adminTokenHash: Uint8Array) {
    const { now, newId, secretKey, store, oauth, elapsedMs = () => performance.now() } = deps;
    this.#now = now;
    this.#elapsedMs = elapsedMs;
    this.#newId = newId;
    this.#store = store;
    this.#oauth = oauth;
    this.#adminTokenHash = adminTokenHash;
    // The admin token is part of the key, so that every session ends with the token that it was begun under.
    this.#key = createHmac('sha256', secretKey.derive('dashboard sessions')).update(adminTokenHash).digest();
  }

  /** Makes a new one-time code. The previous one is no longer valid. */
  makeCode(): string {
    const code = newSecret();
    this.#code = { hash: hashSecret(code), madeAt: this.#elapsedMs() };
    return code;
  }

  /** Undefined for a wrong token. Attempts are not limited, because a token is too long to be guessed. */
  async beginWithToken(token: string): Promise<BegunSession | undefined> {
    return matchesHash(token, this.#adminTokenHash) ? this.#begin() : undefined;
  }

  /** Undefined for a code that is wrong, expired or used. */
  async beginWithCode(code: string): Promise<BegunSession | undefined> {
    const expected = this.#code;
    if (expected === undefined || !matchesHash(code, expected.hash)) return undefined;
    this.#code = undefined;
    return this.#elapsedMs() - expected.madeAt < signInCodeMs ? this.#begin() : undefined;
  }

  /** Undefined if the text is not a valid session. */
  async find(text: string): Promise<DashboardSession | undefined> {
    try {
      const { payload } = await jwtVerify(text, this.#key, {
        issuer,
        audience,
        algorithms: [algorithm],
        requiredClaims: ['exp'],
        currentDate: new Date(this.#now()),
      });
      const { jti: id, exp = 0 } = payload;
      if (id === undefined) return undefined;
      const expiresAt = exp * 1_000;
      const isGood = async () => this.#now() < expiresAt && !(await this.#store.apps.hasEnded(id));
      return (await isGood()) ? { id, expiresAt, isGood } : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** Signs out: on every server, and for good. */
  async end({ id, expiresAt }: DashboardSession): Promise<void> {
    await this.#store.apps.endSession(id, expiresAt, this.#now());
    this.#oauth.changes.emit({ app: '', kind: 'session', id });
  }

  async #begin(): Promise<BegunSession> {
    const issuedAt = Math.floor(this.#now() / 1_000);
    const expiresAt = issuedAt + sessionMs / 1_000;
    const text = await new SignJWT()
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(issuer)
      .setAudience(audience)
      .setJti(this.#newId())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.#key);
    return { text, expiresAt: expiresAt * 1_000 };
  }
}
