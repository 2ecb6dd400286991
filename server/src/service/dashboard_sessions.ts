/**
 * Sessions of the dashboard: whoever shows the admin token, or the one-time code of the link that the start
 * printed, gets a signed JWT (RFC 7519, HS256) for half a day, so that the page need not keep the token itself.
 * Nothing of a session is stored: nodes with the same secret key and admin token know one another's.
 */
import { createHmac } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { hashSecret, matchesHash, newSecret } from './secrets.js';
import type { Service } from './service.js';

const issuer = 'badged';
const audience = 'dashboard';
const algorithm = 'HS256';

/** Half a day: who looks at it all day signs in once in the morning. */
export const sessionMs = 12 * 60 * 60 * 1_000;
/** Long enough to get from the terminal to the browser. */
export const signInCodeMs = 15 * 60 * 1_000;

export interface DashboardSession {
  readonly id: string;
  readonly expiresAt: number;
  /** Neither expired nor signed out: for what lasts longer than one request. */
  isGood(): boolean;
}

export interface BegunSession {
  /** What the browser keeps. */
  readonly text: string;
  readonly expiresAt: number;
}

type Surroundings = Pick<Service, 'now' | 'newId' | 'secretKey'>;

export class DashboardSessions {
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #adminTokenHash: Uint8Array;
  readonly #key: Uint8Array;
  #code: { readonly hash: Uint8Array; readonly expiresAt: number } | undefined;
  /**
   * Until when each would have lasted. This process alone knows them: another node, or this one after a restart,
   * would still take a copy of the cookie that somebody made before signing out. A new admin token ends those too.
   */
  readonly #signedOut = new Map<string, number>();

  constructor({ now, newId, secretKey }: Surroundings, adminTokenHash: Uint8Array) {
    this.#now = now;
    this.#newId = newId;
    this.#adminTokenHash = adminTokenHash;
    // The admin token is part of the key, so that every session ends with the token that it was begun under.
    this.#key = createHmac('sha256', secretKey.derive('dashboard sessions')).update(adminTokenHash).digest();
  }

  /** A new one-time code in place of the one before. */
  makeCode(): string {
    const code = newSecret();
    this.#code = { hash: hashSecret(code), expiresAt: this.#now() + signInCodeMs };
    return code;
  }

  /** Undefined for a wrong token. Nothing counts the tries: what is guessed is as long as a key. */
  async beginWithToken(token: string): Promise<BegunSession | undefined> {
    return matchesHash(token, this.#adminTokenHash) ? this.#begin() : undefined;
  }

  /** Undefined for a code that is wrong, too old, or was used. */
  async beginWithCode(code: string): Promise<BegunSession | undefined> {
    const expected = this.#code;
    if (expected === undefined || !matchesHash(code, expected.hash)) return undefined;
    this.#code = undefined;
    return this.#now() < expected.expiresAt ? this.#begin() : undefined;
  }

  /** Undefined for what is no session, or no longer. */
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
