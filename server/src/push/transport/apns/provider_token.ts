/**
 * The provider token: an ES256 JWT that signs every APNs request of a team. Apple requires a new one no more
 * often than every 20 minutes and no less often than every 60.
 */
import { importPKCS8, SignJWT } from 'jose';

export interface ApnsKey {
  /** The .p8 file as Apple gives it, PEM. */
  readonly privateKey: string;
  readonly keyId: string;
  readonly teamId: string;
}

const renewAfterMs = 40 * 60 * 1000;
const leastIntervalMs = 20 * 60 * 1000;

interface Signed {
  readonly jwt: Promise<string>;
  readonly atMs: number;
}

export class ProviderToken {
  readonly #key: ApnsKey;
  readonly #now: () => number;
  #signed: Signed | undefined;
  #renewedAtMs = Number.NEGATIVE_INFINITY;

  constructor(key: ApnsKey, now: () => number) {
    this.#key = key;
    this.#now = now;
  }

  /** Throws if the key is not a P-256 private key. */
  current(): Promise<string> {
    const ageMs = this.#signed ? this.#now() - this.#signed.atMs : Number.POSITIVE_INFINITY;
    // A clock that was set back makes a token of the future, which APNs refuses as well.
    const signed = this.#signed && ageMs >= 0 && ageMs < renewAfterMs ? this.#signed : this.#sign();
    return signed.jwt;
  }

  /**
   * Another token, after APNs called this one expired; undefined if none may be made yet. Requests that
   * were in flight with the same token share one renewal.
   */
  async after(expired: string): Promise<string | undefined> {
    const current = await this.current();
    if (current !== expired) return current;
    if (this.#now() - this.#renewedAtMs < leastIntervalMs) return undefined;
    this.#renewedAtMs = this.#now();
    return this.#sign().jwt;
  }

  #sign(): Signed {
    const atMs = this.#now();
    const signed = { jwt: sign(this.#key, atMs), atMs };
    this.#signed = signed;
    return signed;
  }
}

async function sign(key: ApnsKey, atMs: number): Promise<string> {
  const privateKey = await importPKCS8(key.privateKey, 'ES256');
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: key.keyId })
    .setIssuer(key.teamId)
    .setIssuedAt(Math.floor(atMs / 1000))
    .sign(privateKey);
}
