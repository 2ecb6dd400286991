/**
 * The provider token: an ES256 JWT that signs every APNs request of a team. Apple requires a new one no more
 * often than every 20 minutes and no less often than every 60. A token that APNs accepts stays, whatever happens to
 * the time of day; one that it refuses after the time of day was set is signed anew at once.
 */
import { importPKCS8, SignJWT } from 'jose';
import { Moment, type Time } from '../time.js';

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
  readonly at: Moment;
}

/** APNs' reasons to refuse a token that a token of another time may cure. */
const refusals = new Set(['ExpiredProviderToken', 'InvalidProviderToken']);

export class ProviderToken {
  readonly #key: ApnsKey;
  readonly #time: Time;
  #signed: Signed | undefined;
  /** The last time that APNs called a token expired. */
  #renewed: Moment | undefined;

  constructor(key: ApnsKey, time: Time) {
    this.#key = key;
    this.#time = time;
  }

  /** Throws if the key is not a P-256 private key. */
  current(): Promise<string> {
    const isFresh = this.#signed && this.#signed.at.ageMs(this.#time) < renewAfterMs;
    const signed = isFresh && this.#signed ? this.#signed : this.#sign();
    return signed.jwt;
  }

  /**
   * Another token, after APNs refused this one for this reason; undefined if that would not help, or none may be made
   * yet. Requests that were in flight with the same token share one renewal.
   */
  async after(refused: string, reason: string | undefined): Promise<string | undefined> {
    if (reason === undefined || !refusals.has(reason)) return undefined;
    const current = await this.current();
    if (current !== refused) return current;
    if (this.#signed?.at.isBeforeAStep(this.#time)) return this.#sign().jwt;
    if (reason !== 'ExpiredProviderToken') return undefined;
    if (this.#renewed && this.#renewed.ageMs(this.#time) < leastIntervalMs) return undefined;
    this.#renewed = new Moment(this.#time);
    return this.#sign().jwt;
  }

  #sign(): Signed {
    const at = new Moment(this.#time);
    const signed = { jwt: sign(this.#key, at.timeOfDay), at };
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
