/**
 * Sessions of the dashboard. The admin token, or the one-time code in the link that the start prints, begins a session:
 * a signed JWT (RFC 7519, HS256) for half a day, so that the page need not store the token. Sessions are not stored;
 * nodes with the same secret key and admin token accept one another's.
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
export const signInCodeMs = 15 * 60 * 1_000;

export interface DashboardSession {
  readonly id: string;
  readonly expiresAt: number;
  /** Whether it is neither expired nor signed out. For streams, which outlast a request. */
  isGood(): boolean;
}

export interface BegunSession {
  /** The value of the cookie. */
  readonly text: string;
  readonly expiresAt: number;
}

type SessionDeps = Pick<Service, 'now' | 'newId' | 'secretKey'> & {
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
  /**
   * When each would have expired. Only this process has them: another node, or this one after a restart, still accepts
   * a copy of the cookie that was made before signing out. A new admin token ends those too.
   */
  readonly #signedOut = new Map<string, number>();

  constructor(deps: SessionDeps, adminTokenHash: Uint8Array) {
    const { now, newId, secretKey, elapsedMs = () => performance.now() } = deps;
    this.#now = now;
    this.#elapsedMs = elapsedMs;
    this.#newId = newId;
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
      if (id === undefined || this.#signedOut.has(id)) return undefined;
      const expiresAt = exp * 1_000;
      return { id, expiresAt, isGood: () => this.#now() < expiresAt && !this.#signedOut.has(id) };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  end({ id, expiresAt }: DashboardSession): void {
    for (const [one, until] of this.#signedOut) if (until <= this.#now()) this.#signedOut.delete(one);
    this.#signedOut.set(id, expiresAt);
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
